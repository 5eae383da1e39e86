"""Contracts: signed terms as versions, how they give way to others, and how they end."""

from retainsdk.contract.contract import MACHINE, Change, Contract

__all__ = ["MACHINE", "Change", "Contract"]
