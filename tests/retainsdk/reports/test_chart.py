from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.testing import NOW, a_book, at, some_terms
from retainsdk.vocabulary import Kind, Role, Sensitivity


def a_firm(book: Book, name: str = "אורגד") -> tuple[int, int]:
    firm = book.register_customer(kind=Kind.ORGANISATION, name=name, actor="dana", occurred_at=at(1))
    return firm, book.open_relationship(firm, actor="dana", occurred_at=at(1))


def join(book: Book, firm: int, name: str, role: Role, month: int = 2, **more: object) -> int:
    person = book.register_customer(kind=Kind.PERSON, name=name, actor="dana", occurred_at=at(1))
    book.start_affiliation(person, firm, role=role, actor="dana", occurred_at=at(month), **more)  # type: ignore[arg-type] # as the test says
    return person


def test_a_chart_shows_who_reports_to_whom_and_the_part_each_plays() -> None:
    book = a_book()
    firm, us = a_firm(book)
    ruth = join(book, firm, "רות", Role.DECIDES, title="מנכ״לית", power=10)
    dan = join(book, firm, "Dan", Role.CHAMPIONS, title="head of IT", power=5, reports_to=ruth)
    join(book, firm, "Gil", Role.USES, reports_to=dan)
    join(book, firm, "Avi", Role.BLOCKS, title="buyer", power=7, reports_to=ruth)
    book.learn_fact(firm, name="buying_procedure", value="רות חותמת", source="Dan", actor="dana")
    book.sign(us, terms=some_terms(), actor="dana")

    chart = book.chart(firm)

    assert (
        str(chart)
        == f"""\
אורגד  [{firm:016x}]
  רות, מנכ״לית: decides, power 10
    Avi, buyer: blocks, power 7
    Dan, head of IT: champions, power 5
      Gil: uses
  buys by: רות חותמת (Dan)"""
    )
    assert [seat.name for seat in chart.who(Role.DECIDES)] == ["רות"]


def test_whose_boss_has_left_stands_at_the_top_and_who_has_two_roles_stands_twice() -> None:
    book = a_book()
    firm, _ = a_firm(book)
    ruth = join(book, firm, "Ruth", Role.DECIDES)
    dan = join(book, firm, "Dan", Role.USES, reports_to=ruth)
    join(book, firm, "Gil", Role.USES, month=3, reports_to=dan)
    book.start_affiliation(dan, firm, role=Role.CHAMPIONS, actor="dana", occurred_at=at(4))
    left = next(seat.affiliation for seat in book.chart(firm).seats if seat.person == ruth)

    book.end_affiliation(ruth, left, why="moved on", actor="dana", occurred_at=at(5))

    assert [(seat.name, seat.level) for seat in book.chart(firm).seats] == [
        ("Dan", 0),
        ("Gil", 1),
        ("Dan", 0),
    ]
    assert [(seat.name, seat.level) for seat in book.chart(firm, as_of=at(4)).seats] == [
        ("Ruth", 0),
        ("Dan", 1),
        ("Gil", 2),
        ("Dan", 0),
    ]


stays = st.lists(
    st.tuples(st.sampled_from(Role), st.integers(2, 4), st.none() | st.integers(3, 5)), max_size=4
)


@pytest.mark.invariant(10)
@given(stays, st.booleans(), st.integers(2, 6))
def test_an_organisation_under_contract_without_a_decision_maker_has_a_gap(
    stays: list[tuple[Role, int, int | None]],
    signed: bool,  # noqa: FBT001 # drawn
    month: int,  # drawn
) -> None:
    book = a_book()
    firm, us = a_firm(book)
    if signed:
        book.sign(us, terms=some_terms(), actor="dana", occurred_at=at(1))
    for number, (role, start, end) in enumerate(stays):
        person = join(book, firm, f"{number}", role, month=start)
        if end is not None and end >= start:
            only = book.customer(person).affiliations
            book.end_affiliation(person, next(iter(only)), why="x", actor="dana", occurred_at=at(end))

    gaps = book.chart(firm, as_of=at(month)).gaps

    there = {
        role for role, start, end in stays if start <= month and (end is None or end < start or month < end)
    }
    lacking = [role for role in (Role.DECIDES, Role.CHAMPIONS) if signed and role not in there]
    words = {Role.DECIDES: "a decision maker", Role.CHAMPIONS: "a champion"}
    of_people = [gap.partition(":")[0] for gap in gaps if not gap.startswith("how they buy")]
    assert of_people == [words[role] for role in lacking]


def test_how_a_firm_buys_stands_on_its_chart_and_what_is_known_in_confidence_is_no_gap() -> None:
    book = a_book()
    firm, us = a_firm(book)
    book.sign(us, terms=some_terms(), actor="dana")
    told: dict[str, Any] = {
        "name": "buying_procedure",
        "value": "ועדה ביום ראשון",
        "source": "Avi",
        "actor": "dana",
    }

    def lacks() -> bool:
        return any(gap.startswith("how they buy") for gap in book.chart(firm).gaps)

    unknown = lacks()
    book.learn_fact(firm, **told, occurred_at=at(2))
    plain = (lacks(), book.chart(firm).procedure)
    book.learn_fact(firm, **told, sensitivity=Sensitivity.SENSITIVE, purposes=["sales"], occurred_at=at(3))
    secret = (lacks(), book.chart(firm).procedure, "ועדה" in str(book.chart(firm)))

    assert (unknown, plain[0], secret) == (True, False, (False, None, False))
    assert plain[1] is not None
    assert plain[1].value == "ועדה ביום ראשון"


def test_a_household_has_a_chart_and_no_gaps_of_a_firm() -> None:
    book = a_book()
    home = book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", actor="dana", occurred_at=at(1))
    us = book.open_relationship(home, actor="dana", occurred_at=at(1))
    book.sign(us, terms=some_terms(), actor="dana")
    join(book, home, "Noa", Role.MEMBER)

    chart = book.chart(home, as_of=NOW)

    assert ([seat.name for seat in chart.seats], chart.gaps) == (["Noa"], ())
