"""When a fact holds, fails, or cannot be told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retainsim.market.checks import FACTS, THEMES, Band, Figure, Verdict, verdict_on
from retainsim.market.checks.check import THEMES as IN_ORDER

edges = st.integers(-3, 3).map(float)


@given(value=edges, reach=st.integers(0, 3).map(float), low=edges, width=st.integers(0, 3).map(float))
def test_a_fact_holds_inside_its_band_fails_outside_and_is_open_across_an_edge(
    value: float, reach: float, low: float, width: float
) -> None:
    figure = Figure(value=value, low=value - reach, high=value + reach, se=reach / 2, worlds=9)
    verdict = verdict_on(figure, Band(low, low + width))

    touches = [low <= place <= low + width for place in (figure.low, figure.high)]
    spans = figure.low <= low and low + width <= figure.high
    assert (verdict is Verdict.HOLDS) == all(touches)
    assert (verdict is Verdict.FAILS) == (not any(touches) and not spans)


def test_an_open_band_has_one_edge() -> None:
    small = Figure(value=0.0, low=-1e9, high=0.5, se=1.0, worlds=2)

    assert verdict_on(small, Band(None, 0.5)) is Verdict.HOLDS
    assert verdict_on(small, Band(0.6, None)) is Verdict.FAILS


def test_without_a_band_there_is_no_verdict_and_without_a_figure_not_yet() -> None:
    assert verdict_on(Figure(value=5.0, low=4.0, high=6.0, se=0.5, worlds=9), None) is Verdict.REPORTED
    assert verdict_on(None, Band(0.0, 1.0)) is Verdict.NOT_YET


def test_every_fact_has_an_id_of_its_own_under_its_theme() -> None:
    ids = [fact.id for fact in FACTS]

    assert len(ids) == len(set(ids))
    assert {fact.theme for fact in FACTS} == {theme.id for theme in THEMES}
    assert all(fact.theme == theme.id for theme in IN_ORDER for fact in theme.facts)


def test_every_fact_says_what_it_is_how_it_is_measured_and_where_its_band_is_from() -> None:
    for fact in FACTS:
        assert fact.sentence.endswith(".")
        assert fact.measured.endswith(".")
        assert all((fact.source, fact.breaks, fact.unit, fact.concepts)), fact.id
