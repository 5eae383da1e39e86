"""Cases: what needs an answer, whose turn it is, what is offered meanwhile, and what it may come to."""

from retainsdk.case.case import MACHINE, Case, Pause, Turn

__all__ = ["MACHINE", "Case", "Pause", "Turn"]
