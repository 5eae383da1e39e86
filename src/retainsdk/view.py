"""
What a firm can know of its customers at one instant: the joint of book, market, policy and seller.

`COLUMNS` is the one schema. A book and a market each build a `BookView` from it, a policy reads it,
and everything else about columns (documentation, validity, checks) is derived from the same table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, UnknownColumnError
from retainsdk.vocabulary import (
    CONSENT_PURPOSES,
    DEPARTMENTS,
    Kind,
    Origin,
    Potential,
    Reason,
    Stage,
    TermKind,
)

__all__ = [
    "BY_NAME",
    "COLUMNS",
    "CONSENT_PURPOSES",
    "CONTACT_KINDS",
    "CONTACT_MEMORY",
    "CONTACT_WINDOWS",
    "BookView",
    "Column",
    "Kind",
    "Origin",
    "Potential",
    "Reason",
    "Stage",
    "TermKind",
    "empty_view",
    "named",
]


@attrs.frozen(kw_only=True)
class Column:
    """
    One thing a firm can know of every relationship.

    Attributes:
        name: In the view.
        dtype: NumPy's name of the type: ``u8``, ``i8``, ``i4``, ``i1``, ``f4`` or ``?``.
        unit: Of the figures; ``code`` for an enumeration, ``minor`` for the smallest unit of the currency, ``name``
            for what `named` makes of a text, ``channels`` and ``purposes`` for one bit each.
        meaning: One sentence.
        optional: Whether a real book may not know it; then a mask says where it is known.
        sources: Events whose fold gives it.
        concepts: Rows of the table of rules that need it.
        codes: The enumeration behind a code.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    optional: bool = False
    sources: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    codes: type[IntEnum] | None = None


def _column(
    name: str,
    dtype: str,
    unit: str,
    meaning: str,
    sources: str = "",
    concepts: str = "",
    *,
    optional: bool = False,
    codes: type[IntEnum] | None = None,
) -> Column:
    return Column(
        name=name,
        dtype=dtype,
        unit=unit,
        meaning=meaning,
        sources=tuple(sources.split()),
        concepts=tuple(concepts.split()),
        optional=optional,
        codes=codes,
    )


CONTACT_MEMORY = 0.5
"""The share of `contacts_recent` and `signals_recent` that is left a calendar month later, rounded down to 32nds."""

_TERMS = "Signed Renewed AmendmentAccepted"
_COMMITMENTS = "CommitmentMade LateNoticeGiven CommitmentKept CommitmentBroken"
_PURPOSE_MEANING = "Whether a contact for the purpose {} may be sent: refused on no channel and, for marketing, agreed to on one."

CONTACT_WINDOWS = (30, 90, 365)
"""Days over which contacts are counted."""

CONTACT_KINDS: Mapping[str, str] = {
    "live_by_us": "Calls and meetings that a person of ours began",
    "written_by_us": "Letters and messages that a person of ours wrote",
    "mailings": "Mailings and automatic messages of ours",
    "live_by_customer": "Calls and visits that the customer began",
    "written_by_customer": "Letters and messages that the customer wrote",
}
"""How contacts are told apart: by how, and by who began."""

COLUMNS: tuple[Column, ...] = (
    # identity
    _column("relationship", "u8", "id", "The relationship; rows are ordered by it.", "RelationshipOpened"),
    _column("segment", "u8", "name", "Segment of the market he is counted to.", "FactLearned", "C7", optional=True),
    _column("kind", "i1", "code", "Person, household or organisation.", "CustomerRegistered", "C3 E2", codes=Kind),
    _column("senior", "?", "yes/no", "Aged 65 or more.", "FactLearned", "C3", optional=True),
    _column("age_band", "i1", "decades", "Age in whole tens of years, by his birthday.", "FactLearned", "C3", optional=True),
    _column("language", "u8", "name", "Language the customer prefers, as ISO 639 writes it.", "FactLearned", "C3", optional=True),
    _column("household_size", "i4", "persons", "Persons in the household, at least.", "FactLearned", "C3", optional=True),
    # relationship
    _column("stage", "i1", "code", "Where the relationship stands.", "RelationshipOpened Signed FoundationLaid EndBegun Saved EndCompleted Returned", "E3", codes=Stage),
    _column("owner", "u8", "name", "The representative who has the main duty for the relationship.", "RelationshipOpened OwnerAssigned", "E1", optional=True),
    _column("potential_class", "i1", "code", "How much the relationship could become.", "Classified", "E7", optional=True, codes=Potential),
    _column("tenure_months", "i4", "months", "Whole months of service in the present spell, since its first day; of a leaver, in the last, until he left.", f"{_TERMS} EndCompleted", "D7"),
    _column("origin", "i1", "code", "How the customer came, the last time.", "RelationshipOpened Returned", "B5 D8", optional=True, codes=Origin),
    _column("referrer", "u8", "id", "The relationship that brought this one.", "RelationshipOpened ReferralCredited", "D8", optional=True),
    _column("tier", "i1", "rank", "Rank in the members' programme, 0 for none reached yet; unknown to whom is no member.", "MembershipChanged ProgrammeChanged PurchaseRecorded", "A6 D7", optional=True),
    # contract
    _column("term_kind", "i1", "code", "How the term in force ends.", _TERMS, "E4", codes=TermKind),
    _column("term_months", "i4", "months", "Length of the term in force; 0 when open-ended, or open-ended by now.", _TERMS, "E4"),
    _column("monthly_fee", "i8", "minor", "Fee per month before discount; of a leaver, his last; 0 without a contract.", _TERMS, "A4"),
    _column("discount", "i8", "minor", "Discount per month that now runs, the one granted last if several do, the fee at most; months count from the acceptance.", "OfferAccepted", "A7"),
    _column("days_to_lock_in_end", "i4", "days", "Days until the customer is free to end, from the start of his terms; 0 when free or gone.", _TERMS, "B1 E4"),
    _column("days_to_term_end", "i4", "days", "Days until the term that runs ends or renews; unknown when it does neither.", _TERMS, "E4", optional=True),
    _column("notice_given", "?", "yes/no", "Whether the customer has given notice.", "NoticeGiven NoticeRescinded", "A1"),
    # service
    _column("products", "i4", "count", "Services taken; of a leaver, his last.", _TERMS, "D5"),
    _column("usage", "f4", "share", "Use in the calendar month before, as a share of what the package includes.", "UsageRecorded", "C5 D2", optional=True),
    _column("usage_trend", "f4", "share", "That share less the one of the month before it; unknown when the package changed since that month began.", "UsageRecorded", "D2", optional=True),
    _column("visits_90", "i4", "count", "Visits and purchases in the last 90 days.", "InteractionRecorded PurchaseRecorded", "D2", optional=True),
    _column("visit_gap", "f4", "share", "Days since the last visit, as a share of the usual gap between his visits: the one he told us of, or else the median of those seen.", "FactLearned InteractionRecorded PurchaseRecorded", "D2", optional=True),
    _column("suitability", "f4", "0 to 1", "How well the present package suits the customer: use or what is included, the smaller by the larger; 0 when ruled out.", "UsageRecorded OfferingListed", "A3", optional=True),
    _column("alternative_suitability", "f4", "0 to 1", "The same for the most suitable of the other packages listed.", "UsageRecorded OfferingListed", "A3 D5", optional=True),
    _column("alternative_fee", "i8", "minor", "Monthly fee of that package.", "UsageRecorded OfferingListed", "A3", optional=True),
    # money
    _column("value_to_date", "i8", "minor", "Paid so far, all told: purchases paid at once, and payments.", "PurchaseRecorded PaymentReceived", "C5", optional=True),
    _column("late_payments", "i4", "count", "Payments that came after their day, or failed, ever.", "PaymentDue PaymentReceived PaymentFailed", "D2", optional=True),
    _column("predicted_value", "i8", "minor", "Value still expected.", f"{_TERMS} PurchaseRecorded", "C5", optional=True),
    _column("predicted_value_low", "i8", "minor", "Lower end of its interval.", f"{_TERMS} PurchaseRecorded", "C5", optional=True),
    _column("predicted_value_high", "i8", "minor", "Upper end of its interval.", f"{_TERMS} PurchaseRecorded", "C5", optional=True),
    _column("cost_to_serve", "i8", "minor", "What contact and concessions have cost in the last 365 days, besides our time.", "InteractionRecorded Compensated OfferAccepted", "D1", optional=True),
    _column("service_minutes", "i4", "minutes", "Our time spent on contacts in the last 365 days, as far as it was written down.", "InteractionRecorded", "D1", optional=True),
    # contact
    _column("days_since_contact", "i4", "days", "Days since a human of ours turned to the customer or spoke with him; mailings do not count.", "InteractionRecorded", "A2 D6", optional=True),
    _column("contacts_recent", "f4", "contacts", "Contacts by us, mailings too; half of them are left after every calendar month, in whole 32nds.", "InteractionRecorded", "A2 C6"),
    *(
        _column(f"{kind}_{days}", "i4", "count", f"{meaning} in the last {days} days.", "InteractionRecorded", "A2 C8", optional=True)
        for kind, meaning in CONTACT_KINDS.items()
        for days in CONTACT_WINDOWS
    ),
    *(
        _column(f"consent_{purpose}", "?", "yes/no", _PURPOSE_MEANING.format(purpose), "ConsentGiven ConsentWithdrawn", "B4 C6")
        for purpose in CONSENT_PURPOSES
    ),
    *(
        _column(f"channels_{purpose}", "i1", "channels", f"Where a contact for the purpose {purpose} may be sent: one bit for every channel, in their order.", "ConsentGiven ConsentWithdrawn ContactPointAdded ContactPointRetired", "B4 C6")
        for purpose in CONSENT_PURPOSES
    ),
    # promises
    _column("promises_open", "i4", "count", "Promises of ours neither settled nor past their due.", _COMMITMENTS, "A5"),
    _column("promises_due", "i4", "count", "Those of them that fall due within the next 30 days.", _COMMITMENTS, "A5 C4"),
    _column("promises_kept", "i4", "count", "Promises kept, late notice or not, ever.", _COMMITMENTS, "A5"),
    _column("promises_on_time", "i4", "count", "Promises kept by the instant first promised, ever.", _COMMITMENTS, "A5", optional=True),
    _column("promises_warned", "i4", "count", "Late notices given, ever.", _COMMITMENTS, "C4"),
    _column("promises_broken", "i4", "count", "Promises broken, ever.", _COMMITMENTS, "A5 C4"),
    # cases and voice
    _column("complaints_open", "i4", "count", "Complaints not yet settled.", "CaseOpened Resolved", "C8"),
    _column("complaints", "i4", "count", "Complaints, ever.", "CaseOpened", "C8 D2"),
    _column("repeat_complaints", "i4", "count", "Complaints that came up again, ever, and were not withdrawn.", "CaseOpened CaseWithdrawn", "D2", optional=True),
    _column("cases_open", "i4", "count", "Cases of any kind not yet settled.", "CaseOpened Resolved", "C8", optional=True),
    _column("case_age_days", "i4", "days", "Age of the oldest of them.", "CaseOpened Resolved", "C8", optional=True),
    _column("hand_overs", "i4", "count", "Hand-overs between representatives in cases, ever.", "HandedOver", "C8", optional=True),
    _column("first_contact_resolution", "f4", "share", "Share of the cases settled at the first contact.", "Resolved HandedOver ClockPaused Reopened", "C8", optional=True),
    _column("signals_recent", "f4", "signals", "Signals raised by our departments; half of them are left after every calendar month, in whole 32nds.", "SignalRaised", "D2"),
    *(
        _column(f"signals_{department}", "i4", "count", f"Signs of trouble raised by {department} and not cleared.", "SignalRaised SignalCleared", "D2", optional=True)
        for department in DEPARTMENTS
    ),
    _column("health", "f4", "0 to 1", "How well the relationship stands, by its signs; see `retainsdk.value.health`.", "SignalRaised SignalCleared InteractionRecorded UsageRecorded CommitmentBroken CaseOpened", "D2", optional=True),
    _column("health_reason", "u8", "name", "The part of it that takes most away.", "SignalRaised SignalCleared InteractionRecorded UsageRecorded CommitmentBroken CaseOpened", "D2", optional=True),
    _column("survey_score", "f4", "0 to 10", "Answer to the last survey.", "SurveyAnswered", "D2", optional=True),
    _column("survey_age_days", "i4", "days", "Age of that answer.", "SurveyAnswered", "D2", optional=True),
    _column("threats", "i4", "count", "Threats to leave, ever.", "CaseOpened", "A1"),
    _column("stated_reason", "i1", "code", "The reason last stated for leaving or threatening to.", "CaseOpened ExitReasonRecorded", "B3 B7", optional=True, codes=Reason),
    # offers
    _column("offers_made", "i4", "count", "Offers made, ever.", "OfferMade", "A3"),
    _column("offers_accepted", "i4", "count", "Offers accepted, ever.", "OfferAccepted", "A3"),
    _column("offers_declined", "i4", "count", "Offers declined, ever.", "OfferDeclined", "A3", optional=True),
    _column("concession_cost", "i8", "minor", "Cost of all offers accepted and compensations given so far, as stated when they were.", "OfferAccepted Compensated", "A7"),
    _column("competitor_fee", "i8", "minor", "Monthly fee of the cheapest competing offer open and known, to all or to him.", "CompetitorOfferSeen", "A4", optional=True),
    _column("competitor_offers", "i4", "count", "Competing offers open and known, to all or to him.", "CompetitorOfferSeen", "A4", optional=True),
    # leavers
    _column("days_since_end", "i4", "days", "Days since the customer left.", "EndCompleted", "B1", optional=True),
    _column("ended_well", "?", "yes/no", "Whether the closing steps were all done: promises settled, documents filed, reason recorded, satisfaction asked, thanks sent.", "EndCompleted", "B2 E6", optional=True),
    _column("competitor_lock_in_days", "i4", "days", "Days the leaver is still bound to a competitor, as last learned.", "CompetitorLockInLearned", "B1", optional=True),
    _column("assessed_reason", "i1", "code", "The reason we believe he left for.", "ExitReasonRecorded", "B3 B7", optional=True, codes=Reason),
    _column("goodwill_signals", "i4", "count", "Friendly signs since he left.", "SignalRaised", "B1", optional=True),
    # accounts
    _column("contacts_known", "i4", "count", "Persons we know in the customer's household or organisation.", "AffiliationStarted AffiliationEnded", "E2", optional=True),
    _column("deciders_known", "i4", "count", "Those of them who decide.", "AffiliationStarted AffiliationEnded", "E2", optional=True),
    _column("champion_present", "?", "yes/no", "Whether somebody there speaks for us.", "AffiliationStarted AffiliationEnded", "E2", optional=True),
    # experiments
    _column("arm", "u8", "name", "Arm of the experiment he takes part in.", "ArmAssigned ExperimentDeclared", "B6", optional=True),
    _column("held_out", "i1", "purposes", "For what he must be left alone, as the control of an experiment: one bit for every purpose, in their order.", "ArmAssigned ExperimentDeclared", "B6"),
)  # fmt: skip

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}


@lru_cache(maxsize=4096)  # the same few names stand in many rows
def named(text: str) -> int:
    """
    The number under which a view shows a name, the same everywhere: of an owner, a segment, a language, an arm.

    >>> named("dana") == named("dana"), named("dana") == named("Dana")
    (True, False)
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@attrs.frozen(kw_only=True, eq=False, init=False)
class BookView:
    """
    One row a relationship, one array a column, nothing behind it.

    The arrays are read-only and ordered by id; money is in minor units of one currency.
    Columns are read as attributes: ``view.monthly_fee``. The view owns its memory: an array that could be
    changed from outside, or leads to a larger one, is copied; one that owns its cells and is read-only is kept.

    Args:
        as_of: The instant whose state is shown, time-zone aware.
        currency: ISO 4217 code of all money columns.
        columns: One array for every column of `COLUMNS`, equally long.
        known: For optional columns, where the value is known; missing means everywhere.

    Raises:
        InputError: Naming every column that is missing, of another length or type, or out of order.
    """

    as_of: datetime
    currency: str
    _columns: Mapping[str, NDArray[Any]]
    _known: Mapping[str, NDArray[np.bool_]]

    def __init__(
        self,
        *,
        as_of: datetime,
        currency: str,
        columns: Mapping[str, NDArray[Any]],
        known: Mapping[str, NDArray[np.bool_]] | None = None,
    ) -> None:
        known = known or {}
        _refuse_faults(as_of, columns, known)
        self.__attrs_init__(
            as_of=as_of,
            currency=currency,
            columns={column.name: _owned(columns[column.name]) for column in COLUMNS},
            known={name: _owned(mask) for name, mask in known.items()},
        )

    def __len__(self) -> int:
        return len(self._columns["relationship"])

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):  # pickle and copy probe an object that has no columns yet
            raise AttributeError(name)
        if name not in self._columns:
            raise UnknownColumnError(name, list(BY_NAME))
        return self._columns[name]

    def __getstate__(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of,
            "currency": self.currency,
            "columns": dict(self._columns),
            "known": dict(self._known),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc] # how attrs' own frozen classes are restored, with our checks

    def known(self, name: str) -> NDArray[np.bool_]:
        """Where the column *name* holds a value; elsewhere its cell is zero and means nothing."""
        if name not in self._columns:
            raise UnknownColumnError(name, list(BY_NAME))
        mask = self._known.get(name)
        return _read_only(np.ones(len(self), dtype=np.bool_)) if mask is None else mask

    def take(self, rows: NDArray[Any]) -> BookView:
        """The view of some of the rows: a mask, or ascending positions."""
        return BookView(
            as_of=self.as_of,
            currency=self.currency,
            columns={name: _read_only(values[rows]) for name, values in self._columns.items()},
            known={name: _read_only(mask[rows]) for name, mask in self._known.items()},
        )

    def without(self, names: Iterable[str]) -> BookView:
        """The view as a book would give it that does not know those optional columns."""
        columns, known = dict(self._columns), dict(self._known)
        for name in names:
            if name not in columns:
                raise UnknownColumnError(name, list(BY_NAME))
            columns[name] = _read_only(np.zeros_like(columns[name]))
            known[name] = _read_only(np.zeros(len(self), dtype=np.bool_))
        return BookView(as_of=self.as_of, currency=self.currency, columns=columns, known=known)


def empty_view(as_of: datetime, currency: str) -> BookView:
    """A view of nobody."""
    columns = {column.name: np.zeros(0, dtype=column.dtype) for column in COLUMNS}
    return BookView(as_of=as_of, currency=currency, columns=columns)


def _owned(values: NDArray[Any]) -> NDArray[Any]:
    # `base` of a slice would lead a policy from its view to the market's own arrays
    if values.base is None and not values.flags.writeable:
        return values
    return _read_only(values.copy())


def _read_only(fresh: NDArray[Any]) -> NDArray[Any]:
    fresh.flags.writeable = False
    return fresh


def _refuse_faults(
    as_of: datetime, columns: Mapping[str, NDArray[Any]], known: Mapping[str, NDArray[np.bool_]]
) -> None:
    ids = columns.get("relationship", np.zeros(0, dtype=np.uint64))
    faults = _column_faults(columns, ids) + _mask_faults(known, ids)
    if as_of.tzinfo is None:
        faults.append(Fault("as_of", str(as_of), "has no time zone", "Pass an aware datetime."))
    in_turn = ids.ravel()
    if bool((in_turn[1:] <= in_turn[:-1]).any()):
        faults.append(Fault("relationship", "ids", "must ascend without repetition", "Sort the rows by id."))
    if faults:
        raise InputError("view", faults)


def _column_faults(columns: Mapping[str, NDArray[Any]], ids: NDArray[Any]) -> list[Fault]:
    faults = [
        Fault(name, "a column", "is not a column of COLUMNS", "Leave it out.")
        for name in columns
        if name not in BY_NAME
    ]
    for column in COLUMNS:
        values = columns.get(column.name)
        if values is None:
            faults.append(Fault(column.name, "nothing", "is missing", "Every column of COLUMNS is needed."))
        elif values.dtype != np.dtype(column.dtype):
            faults.append(
                Fault(column.name, str(values.dtype), f"must be {np.dtype(column.dtype)}", "Convert it.")
            )
        elif values.shape != (ids.size,):
            faults.append(
                Fault(
                    column.name,
                    str(values.shape),
                    f"must have shape ({ids.size},)",
                    "One row a relationship.",
                )
            )
    return faults


def _mask_faults(known: Mapping[str, NDArray[np.bool_]], ids: NDArray[Any]) -> list[Fault]:
    faults = []
    for name, mask in known.items():
        if name not in BY_NAME or not BY_NAME[name].optional:
            faults.append(Fault(name, "a mask", "belongs to no optional column", "Leave it out."))
        elif mask.shape != (ids.size,) or mask.dtype != np.bool_:
            faults.append(
                Fault(name, f"{mask.dtype} {mask.shape}", f"must be bool ({ids.size},)", "One flag a row.")
            )
    return faults
