"""Contracts: signed terms as versions, how they give way to others, and how they end."""

from retainsdk.contract.contract import MACHINE, Contract, ContractEvent

__all__ = ["MACHINE", "Contract", "ContractEvent"]
