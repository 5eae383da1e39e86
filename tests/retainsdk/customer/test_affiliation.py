from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.customer.affiliation import Affiliation, primary_of, refuse_circle
from retainsdk.errors import CommandError
from retainsdk.events import AffiliationEnded, AffiliationStarted, Id
from retainsdk.testing import at
from retainsdk.vocabulary import Role


def an_affiliation(id_: int, person: int, **changes: object) -> Affiliation:
    plain = {
        "id": id_,
        "person": person,
        "party": 0,
        "role": Role.USES,
        "title": "",
        "power": 0,
        "reports_to": None,
        "primary": False,
        "started_at": at(1),
    }
    return Affiliation(**plain | changes)  # type: ignore[arg-type] # as a test says


lines = st.lists(
    st.tuples(
        st.integers(1, 4), st.none() | st.integers(1, 4), st.integers(1, 4), st.none() | st.integers(5, 6)
    ),
    max_size=7,
)


def goes_up_for_ever(affiliations: list[Affiliation], month: int) -> bool:
    """By hand: whether somebody, climbing from boss to boss, comes back to himself."""
    bosses = {
        (it.person, it.reports_to)
        for it in affiliations
        if it.reports_to is not None and it.holds_at(at(month))
    }
    above = bosses
    for _ in affiliations:
        above = above | {(low, top) for low, middle in above for boss, top in bosses if boss == middle}
    return any(low == top for low, top in above)


@pytest.mark.invariant(10)
@given(lines)
def test_a_circle_is_refused_at_whatever_instant_it_would_close(
    drawn: list[tuple[int, int | None, int, int | None]],
) -> None:
    affiliations = [
        an_affiliation(
            number,
            person,
            reports_to=boss,
            started_at=at(start),
            ended_at=None if end is None else at(end),
        )
        for number, (person, boss, start, end) in enumerate(drawn)
    ]

    try:
        refuse_circle({it.id: it for it in affiliations})
        refused = False
    except CommandError:
        refused = True

    assert refused == any(goes_up_for_ever(affiliations, month) for month in range(1, 8))


@pytest.mark.invariant(10)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.integers(1, 5)), max_size=5), st.integers(1, 6)
)
def test_the_primary_that_began_last_takes_over_and_hands_back(
    drawn: list[tuple[bool, int, int]], month: int
) -> None:
    affiliations = [
        an_affiliation(number, 1, primary=primary, started_at=at(start), ended_at=at(start + length))
        for number, (primary, start, length) in enumerate(drawn)
    ]

    found = primary_of(affiliations, at(month))

    claims = [
        it for it in affiliations if it.primary and it.started_at <= at(month) < (it.ended_at or at(12))
    ]
    assert (found is None) == (not claims)
    assert found is None or (found in claims and found.started_at == max(it.started_at for it in claims))


def test_an_affiliation_lasts_from_its_start_until_before_its_end() -> None:
    ended = an_affiliation(1, 1).ended(
        AffiliationEnded(affiliation=Id(1), person=Id(1), party=Id(0), why="moved"), at(3)
    )

    assert [ended.holds_at(at(month)) for month in (1, 2, 3)] == [True, True, False]
    assert ended.why_ended == "moved"


def test_an_affiliation_ends_once_and_not_before_it_began() -> None:
    body = AffiliationEnded(affiliation=Id(1), person=Id(1), party=Id(0), why="moved")
    begun = an_affiliation(1, 1, started_at=at(2))

    with pytest.raises(CommandError, match="had not begun by then"):
        begun.ended(body, at(1))
    with pytest.raises(CommandError, match="ended already"):
        begun.ended(body, at(3)).ended(body, at(4))


@pytest.mark.parametrize("power", [-1, 11])
def test_power_stays_on_its_scale(power: int) -> None:
    body = AffiliationStarted(affiliation=Id(1), person=Id(1), party=Id(2), role=Role.DECIDES, power=power)

    with pytest.raises(CommandError, match="scale from 0 to 10"):
        Affiliation.started(body, at(1))
