"""
Everything that can be told to a book, one module a theme.

A command says what happened; the book decides which events that makes, checks that they can have happened, and
records them in one commit. Every command takes what `retainsdk.journal.How` lists: ``actor``, who gives it, and if
need be ``occurred_at``, ``key`` and ``reason``.
"""

from __future__ import annotations

from retainsdk.commands.actions import ActionCommands
from retainsdk.commands.cases import CaseCommands
from retainsdk.commands.catalogue import CatalogueCommands
from retainsdk.commands.commitments import CommitmentCommands
from retainsdk.commands.contracts import ContractCommands
from retainsdk.commands.corrections import CorrectionCommands
from retainsdk.commands.customers import CustomerCommands
from retainsdk.commands.duties import DutyCommands
from retainsdk.commands.endings import EndingCommands
from retainsdk.commands.experiments import ExperimentCommands
from retainsdk.commands.offers import OfferCommands
from retainsdk.commands.profiles import ProfileCommands
from retainsdk.commands.programmes import ProgrammeCommands
from retainsdk.commands.records import RecordCommands
from retainsdk.commands.relationships import RelationshipCommands
from retainsdk.commands.staff import StaffCommands

__all__ = ["Commands"]


class Commands(
    CustomerCommands,
    ProfileCommands,
    RelationshipCommands,
    EndingCommands,
    ContractCommands,
    CommitmentCommands,
    CaseCommands,
    RecordCommands,
    CorrectionCommands,
    OfferCommands,
    CatalogueCommands,
    StaffCommands,
    ProgrammeCommands,
    DutyCommands,
    ActionCommands,
    ExperimentCommands,
):
    """The commands of a book. Relationships, customers, promises, offers and cases are named by their numbers."""
