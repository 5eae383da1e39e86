from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.quantities import Money
from retainsdk.record.signal import Signal
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.value.health import HealthModel, Signs, bare_health, health
from retainsdk.vocabulary import DEPARTMENTS, CaseKind, Channel, Direction, Severity


def a_signal(**changes: Any) -> Signal:
    signal = Signal(
        number=2, department="finance", kind="arrears", evidence="two months",
        severity=Severity.WARNING, raised_at=at(2),
    )  # fmt: skip
    return attrs.evolve(signal, **changes)


signals = st.builds(
    a_signal,
    department=st.sampled_from(DEPARTMENTS),
    severity=st.sampled_from(Severity),
    number=st.integers(2, 5),
)
several_signs = st.builds(
    Signs,
    signals=st.lists(signals, max_size=4),
    silent_days=st.none() | st.integers(0, 300),
    away_days=st.none() | st.integers(0, 60),
    usual_gap_days=st.none() | st.integers(1, 30),
    usage_trend=st.none() | st.sampled_from([-0.5, -0.1, 0.0, 0.5]),
    complaints_open=st.integers(0, 3),
    complaints_again=st.integers(0, 2),
    threats_open=st.integers(0, 1),
    promises_broken=st.integers(0, 3),
    promises_remedied=st.integers(0, 3),
    payments_late=st.integers(0, 3),
    survey=st.none() | st.integers(0, 10),
)


@pytest.mark.invariant(42)
@given(several_signs)
def test_health_is_its_parts_and_lies_between_nothing_and_a_hundred(signs: Signs) -> None:
    found = health(signs)

    assert found.score.value == sum(part.amount for part in found.score.parts)
    assert 0 <= found.score.value <= 100
    assert all(part.source for part in found.score.parts)
    assert found == health(signs)


@given(several_signs)
def test_the_bare_figures_of_health_are_those_it_gives_reasons_for(signs: Signs) -> None:
    left, worst = bare_health(signs)

    score = health(signs).score
    part = min(score.parts, key=lambda one: one.amount)
    assert left == score.value
    assert worst == (part.name if part.amount < 0 else None)


@pytest.mark.invariant(48)
@given(several_signs, signals)
def test_health_never_rises_when_a_signal_is_raised(signs: Signs, signal: Signal) -> None:
    more = attrs.evolve(signs, signals=[*signs.signals, signal])

    assert health(more).score.value <= health(signs).score.value


@pytest.mark.parametrize(
    ("sign", "left"),
    [
        ({}, 100),
        ({"signals": [a_signal()]}, 90),
        ({"signals": [a_signal(severity=Severity.FRIENDLY)]}, 100),
        ({"silent_days": 60}, 100),
        ({"silent_days": 61}, 95),
        ({"silent_days": 3000}, 75),
        ({"away_days": 14, "usual_gap_days": 7}, 100),
        ({"away_days": 15, "usual_gap_days": 7}, 90),
        ({"usage_trend": -0.1}, 90),
        ({"complaints_open": 1, "complaints_again": 1}, 80),
        ({"threats_open": 1}, 60),
        ({"promises_broken": 1, "promises_remedied": 1}, 81),
        ({"payments_late": 2}, 92),
        ({"survey": 8}, 100),
        ({"survey": 6}, 94),
        ({"promises_broken": 10}, 0),
    ],
)
def test_each_sign_takes_its_points(sign: dict[str, Any], left: int) -> None:
    assert health(Signs(**sign)).score.value == left


def test_who_is_at_risk_is_told_by_the_rule_that_says_so() -> None:
    well, low, alarmed = (
        health(signs).at_risk
        for signs in (
            Signs(),
            Signs(promises_broken=3),
            Signs(signals=[a_signal(severity=Severity.ALARM)]),
        )
    )

    assert well == ""
    assert low == "health 55 is below 60"
    assert alarmed == "finance raised an alarm (arrears) that nobody has cleared"


def test_the_signs_of_a_book_are_those_of_its_records() -> None:
    book = a_book()
    us = a_relationship(book)
    for month in (1, 2, 3):
        book.record_purchase(
            us, what="bread", amount=Money(3, "EUR"), paid=True, occurred_at=at(month, 10), actor="dana"
        )
    book.record_interaction(
        us,
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        purpose="service",
        occurred_at=at(3),
        actor="dana",
    )
    book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(4), actor="dana")
    book.bill(us, invoice="R1", amount=Money(9, "EUR"), due_on=at(4).date(), occurred_at=at(4), actor="dana")

    parts = {part.name: part.amount for part in book.health(us).score.parts}

    assert parts == {
        "a relationship without a sign": 100, "silence": -10, "stays away": -10,
        "complaints open": -10, "late payments": -4,
    }  # fmt: skip


def test_another_model_weighs_otherwise_and_is_named() -> None:
    found = health(Signs(threats_open=1), model=HealthModel(name="ours", threat_open=7))

    assert found.score.value == 93
    assert {part.source for part in found.score.parts} == {"model ours 1"}
