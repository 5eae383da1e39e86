"""Cases: what needs an answer, whose turn it is, what is offered meanwhile, and what it may come to."""

from retainsdk.case.case import MACHINE, Case, CaseEvent, Pause

__all__ = ["MACHINE", "Case", "CaseEvent", "Pause"]
