"""Contact: how much of it we began, how long customers were left in silence, and what they had not allowed (CONCEPTS D3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retainsdk.duties import Circumstances
from retainsdk.events import InteractionRecorded
from retainsdk.record.cadence import last_contact, silence_gap
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items, number
from retainsdk.reports.drawn import cross_cut, how_many, middle, share
from retainsdk.reports.report import About, Report, Unit
from retainsdk.reports.unconsented import unconsented
from retainsdk.vocabulary import Direction
from retainsdk.wording import in_words

CONTACT = About(
    name="contact",
    title="Contact and silence",
    question="Do we call before the customer calls, and whom have we left in silence?",
)
UNCONSENTED = About(
    name="unconsented",
    title="Contacts without consent",
    question="Whom did we contact although he had not allowed it?",
)

_BANDS = ((30, "silent up to 30 days"), (60, "31 to 60"), (90, "61 to 90"), (None, "over 90"))


def contact(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """The share of contacts begun by us, and how long our customers have been without one."""
    figures: list[Figure] = [
        how_many("contacts", "In which a person took part; mailings are none.", _is_human),
        how_many("by us", "Of them those begun by us.", lambda it: _is_human(it) and _is_ours(it)),
        share("share by us", "By us ÷ contacts.", _is_ours, _is_human),
        number("customer", "customers", "Who is a customer now."),
        number("never", "never", "Of them those with whom nobody was ever in touch."),
        *(
            number(name, name, "Customers by the days since anybody was in touch, or since the beginning.")
            for _, name in _BANDS
        ),
        middle("silence", Unit.DAYS, "Median of these days.", _silent_days),
    ]
    return cross_cut(
        known,
        [*items.contacts(known), *_silences(known)],
        about=CONTACT,
        by=by,
        usual=("owner",),
        figures=figures,
        purpose=purpose,
        labels=items.CONTACT_LABELS,
        shown="share by us",
    )


def unconsented_contacts(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """Contacts that customers had not allowed when they came."""
    ledger = known.ledger
    found = [
        Item(
            kind="contact",
            account=ledger.account(it.relationship),
            at=it.at,
            thing=it,
            labels={
                "purpose": it.purpose.replace("_", "-"),
                "channel": in_words(it.channel),
            },
        )
        for it in unconsented(ledger)
    ]
    figures = [
        number("contact", "contacts", "How many went out although not allowed."),
        how_many(
            "by a person",
            "Of them those a person of ours made.",
            lambda it: getattr(it.thing, "human", False),
        ),
    ]
    return cross_cut(
        known,
        found,
        about=UNCONSENTED,
        by=by,
        usual=("relationship", "customer", "purpose", "channel"),
        figures=figures,
        purpose=purpose,
        labels={name: items.CONTACT_LABELS[name] for name in ("purpose", "channel")},
    )


def _silences(known: Circumstances) -> Iterator[Item]:
    for account in items.accounts(known):
        it = account.relationship
        if not it.is_with_us:
            continue
        gap = silence_gap(account.timeline, known.now, since=it.opened_at).days
        band = next(name for most, name in _BANDS if most is None or gap <= most)
        yield Item(kind="customer", account=account, at=it.opened_at, thing=gap)
        yield Item(kind=band, account=account, at=it.opened_at)
        if last_contact(account.timeline, known.now) is None:
            yield Item(kind="never", account=account, at=it.opened_at)


def _silent_days(them: Items) -> Iterator[int]:
    return (item.thing for item in them if item.kind == "customer" and isinstance(item.thing, int))


def _is_human(item: Item) -> bool:
    what = item.thing
    return isinstance(what, InteractionRecorded) and what.human


def _is_ours(item: Item) -> bool:
    what = item.thing
    return isinstance(what, InteractionRecorded) and what.direction is Direction.OUTBOUND
