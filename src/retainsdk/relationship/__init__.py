"""Relationships: who has them, how they are founded, and how they end."""

from retainsdk.relationship.ownership import UNASSIGNED
from retainsdk.relationship.relationship import MACHINE, WITH_US, Referral, Relationship, Spell, refuse_origin

__all__ = ["MACHINE", "UNASSIGNED", "WITH_US", "Referral", "Relationship", "Spell", "refuse_origin"]
