"""Books of customers of whom this and that was told, to be exported and imported: few of everything, and nasty texts."""

from __future__ import annotations

from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.customer.profile import Profile
from retainsdk.events import Fact
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind, Sensitivity

NASTY = [
    "נועה",
    "=1+1",
    "'quoted'",
    "+972 54",
    'a "b", c',
    "two\nlines",
    "tab\there",
    "",
    "-",
    "@x",
    " =x",
    "\r",
]
texts = st.sampled_from(NASTY)
names = texts.filter(lambda text: text.strip() and text.isprintable())
months = st.integers(2, 5)
values = texts | st.booleans() | st.integers(-1, 1) | st.sampled_from([0.5, 1.0, -1e300])


facts: st.SearchStrategy[tuple[str, Fact]] = st.tuples(st.sampled_from("ab"), values)


@st.composite
def books(draw: st.DrawFn, facts: st.SearchStrategy[tuple[str, Fact]] = facts) -> Book:  # noqa: C901, PLR0912 # one case a thing that can be told
    """A book of two customers of whom this and that was told, perhaps merged; of *facts*, by name."""
    book = a_book()
    for id_ in (1, 2):
        book.register_customer(
            kind=draw(st.sampled_from(Kind)), name=draw(names), id=id_, actor="dana", occurred_at=at(1, id_)
        )
    for _ in range(draw(st.integers(0, 6))):
        who, when = draw(st.integers(1, 2)), at(draw(months))
        match draw(st.sampled_from(["point", "seen", "dead", "fact", "secret", "right", "yes", "no"])):
            case "point":
                channel = draw(st.sampled_from(Channel))
                address = draw(texts.filter(str.strip)) + ("@x" if channel is Channel.EMAIL else "")
                book.add_contact_point(
                    who, channel=channel, address=address, label=draw(texts), actor="dana", occurred_at=when
                )
            case "seen" | "dead" as what:
                for number, point in book.customer(who).points.items():
                    if point.retired_at is None and point.added_at <= when and (point.verified_at is None or point.verified_at < when):  # fmt: skip
                        tell = book.verify_contact_point if what == "seen" else book.retire_contact_point
                        key = "how_seen" if what == "seen" else "why"
                        tell(who, number, **{key: draw(texts)}, actor="dana", occurred_at=when)
            case "fact":
                name, value = draw(facts)
                book.learn_fact(
                    who,
                    name=name,
                    value=value,
                    source=draw(texts),
                    actor="dana",
                    occurred_at=when,
                )
            case "secret":
                name, value = draw(facts)
                book.learn_fact(
                    who,
                    name=name,
                    value=value,
                    source=draw(texts),
                    sensitivity=Sensitivity.SENSITIVE,
                    purposes=draw(st.sampled_from([["survey"], ["survey", "a, b"]])),
                    actor="dana",
                    occurred_at=when,
                )
            case "right":
                for name, fact in book.customer(who).facts_for("survey").items():
                    if fact.at <= when and name in "ab":  # the others take not every value
                        book.correct_fact(
                            who,
                            name=name,
                            value=draw(values),
                            source="x",
                            why="x",
                            actor="dana",
                            occurred_at=when,
                        )
            case answer:
                speak = book.give_consent if answer == "yes" else book.withdraw_consent
                speak(
                    who,
                    purpose=draw(st.sampled_from(CONSENT_PURPOSES[2:4])),
                    channel=draw(st.sampled_from([None, Channel.PHONE])),
                    evidence=draw(texts),
                    actor="dana",
                    occurred_at=when,
                )
    if draw(st.booleans()) and book.customer(1).kind is book.customer(2).kind:
        book.merge_customers(into=2, merged=1, evidence="x", actor="dana")
    return book  # fmt: skip


def told(book: Book, purpose: str | None = "survey") -> list[Profile]:
    """All that a book tells of its customers for a purpose."""
    customers = book.ledger().customers
    return [Profile.of(customers[id_], purpose=purpose) for id_ in sorted(customers)]
