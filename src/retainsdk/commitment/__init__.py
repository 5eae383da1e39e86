"""Commitments: what one side promised the other, and how many promises were kept."""

from retainsdk.commitment.commitment import MACHINE, Commitment, CommitmentEvent, Contact, refuse_unfailed

__all__ = ["MACHINE", "Commitment", "CommitmentEvent", "Contact", "refuse_unfailed"]
