from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.quantities import Money, total
from retainsdk.testing import at
from retainsdk.value.cost import Concession, Effort, by_stage, cost_to_serve, spent
from retainsdk.vocabulary import Stage


def eur(amount: int | str) -> Money:
    return Money(amount, "EUR")


efforts = st.lists(
    st.builds(
        Effort,
        at=st.sampled_from([at(1), at(2), at(3)]),
        minutes=st.integers(0, 7),
        expense=st.integers(0, 3).map(eur),
        source=st.just("record 2"),
    ),
    max_size=5,
)
given_away = st.lists(
    st.builds(
        Concession, at=st.sampled_from([at(1), at(4)]), what=st.just("gift"), cost=st.integers(0, 5).map(eur),
        source=st.just("offer 1"),
    ),
    max_size=3,
)  # fmt: skip


@given(efforts, given_away)
def test_costs_by_stage_add_up_to_all_that_he_cost(took: list[Effort], gave: list[Concession]) -> None:
    hour = eur("40.01")
    stages = [(at(1), Stage.ONBOARDING), (at(2), Stage.ACTIVE), (at(3), Stage.ENDING)]

    score = cost_to_serve(took, gave, hour=hour)
    divided = by_stage(stages, spent(took, gave, hour=hour), currency="EUR")

    assert total(divided.values(), "EUR") == score.money


def test_time_is_paid_by_the_hour_and_everything_given_stands_by_its_name() -> None:
    score = cost_to_serve(
        [Effort(at=at(1), minutes=45, expense=eur(0), source="record 2"),
         Effort(at=at(2), minutes=0, expense=eur(8), source="record 3")],
        [Concession(at=at(3), what="price granted", cost=eur(12), source="offer 1")],
        hour=eur(40),
    )  # fmt: skip

    assert [(part.name, int(part.amount), part.source) for part in score.parts] == [
        ("time", 30, "records"), ("expense of contact", 8, "record 3"), ("price granted", 12, "offer 1"),
    ]  # fmt: skip


def test_what_came_before_the_first_stage_counts_with_it() -> None:
    divided = by_stage([(at(2), Stage.ACTIVE)], [(at(1), eur(5)), (at(2), eur(1))], currency="EUR")

    assert divided == {Stage.ACTIVE: eur(6)}
