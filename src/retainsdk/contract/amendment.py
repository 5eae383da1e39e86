"""How signed terms give way to others: what a follow-up may change, who proposes, who accepts, and what is named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError, TermError
from retainsdk.events import AmendmentAccepted, AmendmentProposed, AmendmentRejected
from retainsdk.quantities import months_later
from retainsdk.terms import LONGEST_LOCK_IN, Terms, differences
from retainsdk.vocabulary import Side, Subject, TermKind
from retainsdk.wording import in_words


@attrs.frozen(kw_only=True)
class Amendment:
    """
    A change of terms that was proposed, or agreed at once.

    Attributes:
        number: Within its contract, from 1.
        by: The side that proposed it; none when both agreed at once.
        subjects: All that differs from the terms before.
        terms: As they shall be.
        proposed_at: When.
        answered_at: When the other side answered; none while it has not.
        accepted: Its answer.
    """

    number: int
    by: Side | None
    subjects: tuple[Subject, ...]
    terms: Terms
    proposed_at: datetime
    answered_at: datetime | None = None
    accepted: bool = False


Amendments = tuple[Amendment, ...]


def proposed(amendments: Amendments, last: Terms, body: AmendmentProposed, at: datetime) -> Amendments:
    """
    The amendments of a contract when one side proposes another.

    Args:
        amendments: Before.
        last: The terms it follows.
        body: The proposal.
        at: When.

    Raises:
        TermError: When its terms do not follow, or change nothing.
        CommandError: When it does not name just what differs, or comes before one that has its number from it.
    """
    number, named = len(amendments) + 1, _changed(last, body.terms)
    _refuse_out_of_order(amendments, at)
    if body.amendment != number or set(body.subjects) != set(named):
        raise CommandError(
            f"amendment {body.amendment} about {_words(body.subjects)}",
            f"is number {number} and about {_words(named)}",
            "Name all that differs from the terms before, and nothing else.",
        )
    proposal = Amendment(number=number, by=body.by, subjects=named, terms=body.terms, proposed_at=at)
    return (*amendments, proposal)


def accepted(
    amendments: Amendments, last: Terms, body: AmendmentAccepted, at: datetime, on: date
) -> Amendments:
    """
    The amendments of a contract when the other side accepts one, or both agree at once.

    Raises:
        TermError: When its terms do not follow, change nothing, or bind for too long.
        CommandError: When the one side answers itself, accepts something else than was proposed, or when what
            differs is not just what was named.
    """
    named = _changed(last, body.terms)
    wrong = []
    if body.amendment is None:
        _refuse_out_of_order(amendments, at)
        number = len(amendments) + 1
        agreed = Amendment(number=number, by=None, subjects=named, terms=body.terms, proposed_at=at)
        if body.by is not None:
            wrong.append("is accepted by one side without a proposal of the other")
    else:
        agreed = _open(amendments, body.amendment, at)
        if body.by is None or body.by is agreed.by:
            wrong.append("is accepted by the side that did not propose it")
        if body.terms != agreed.terms:
            wrong.append("is accepted with the terms proposed")
    if set(body.subjects or named) != set(named) or agreed.subjects != named:
        wrong.append(f"names all that differs from the terms before: {_words(named)}")
    if wrong:
        raise CommandError(f"amendment {agreed.number}", "; ".join(wrong), "Propose another one.")
    refuse_longer_lock_in(last, body.terms, on)
    return _with(amendments, attrs.evolve(agreed, answered_at=at, accepted=True))


def rejected(amendments: Amendments, body: AmendmentRejected, at: datetime) -> Amendments:
    """The amendments of a contract when one that waits for an answer is rejected or taken back."""
    return _with(amendments, attrs.evolve(_open(amendments, body.amendment, at), answered_at=at))


def refuse_no_renewal(last: Terms, terms: Terms, on: date) -> None:
    """
    Nothing, when terms renew others: they touch, change nothing but the term, and keep a lock-in that holds.

    Raises:
        TermError: With the first rule they break.
    """
    if last.kind is TermKind.FIXED and terms.starts_on != last.ends_on:
        msg = f"renewed terms start on {terms.starts_on}, the old ones end on {last.ends_on}: let them touch"
        raise TermError(msg)
    _refuse_no_follow_up(last, terms)
    others = [subject for subject in differences(last, terms) if subject is not Subject.TERM]
    if others:
        msg = f"renewed terms differ in {_words(others)}: a renewal changes only the term, amend the contract"
        raise TermError(msg)
    if last.binds(terms.starts_on) and terms.lock_in_ends_on < last.lock_in_ends_on:
        msg = (
            f"renewed terms bind until {terms.lock_in_ends_on}, the old ones until {last.lock_in_ends_on}: "
            "a renewal frees nobody from a lock-in, amend the contract"
        )
        raise TermError(msg)
    refuse_longer_lock_in(last, terms, on)


def refuse_longer_lock_in(last: Terms, terms: Terms, signed_on: date) -> None:
    """
    Nothing, when follow-up terms bind no longer than those before, or than can be agreed on that day.

    Raises:
        TermError: When they do.
    """
    latest = months_later(signed_on, LONGEST_LOCK_IN)
    ends_on = terms.lock_in_ends_on
    if (
        terms.lock_in_months
        and ends_on > latest
        and not (last.lock_in_months and ends_on <= last.lock_in_ends_on)
    ):
        msg = (
            f"terms signed on {signed_on} bind until {ends_on}: "
            f"{LONGEST_LOCK_IN} months from the signature, {latest}, is the latest day"
        )
        raise TermError(msg)


def _changed(last: Terms, terms: Terms) -> tuple[Subject, ...]:
    _refuse_no_follow_up(last, terms)
    named = differences(last, terms)
    if not named:
        msg = f"terms from {terms.starts_on} change nothing: say what shall be different"
        raise TermError(msg)
    return named


def _refuse_no_follow_up(last: Terms, terms: Terms) -> None:
    if terms.starts_on < last.starts_on:
        msg = f"terms from {terms.starts_on} cannot follow terms from {last.starts_on}: choose a later start"
        raise TermError(msg)
    if last.ends_on is not None and terms.starts_on > last.ends_on:
        msg = f"terms from {terms.starts_on} leave a gap after {last.ends_on}, when the old ones end: let them touch"
        raise TermError(msg)
    if terms.fee.currency != last.fee.currency:
        msg = f"terms in {terms.fee.currency} cannot follow terms in {last.fee.currency}: sign a new contract"
        raise TermError(msg)


def _refuse_out_of_order(amendments: Amendments, at: datetime) -> None:
    # they are counted: one that came earlier would have had another number then
    if amendments and at < amendments[-1].proposed_at:
        raise CommandError(
            f"an amendment at {at.isoformat()}",
            f"comes before amendment {amendments[-1].number} of {amendments[-1].proposed_at.isoformat()}",
            "Record amendments in the order in which they were proposed.",
        )


def _open(amendments: Amendments, number: int, at: datetime) -> Amendment:
    found = next((it for it in amendments if it.number == number), None)
    if found is None or found.answered_at is not None or at < found.proposed_at:
        raise CommandError(
            f"amendment {number}",
            f"does not wait for an answer on {at.isoformat()}",
            "Answer one that was proposed before and not answered yet.",
        )
    return found


def _with(amendments: Amendments, newest: Amendment) -> Amendments:
    return tuple({it.number: it for it in (*amendments, newest)}.values())


def _words(subjects: Iterable[Subject]) -> str:
    return ", ".join(map(in_words, subjects)) or "nothing"
