"""
A comparison as one page: a single file that opens without a network.

The charts' program is part of the file; the page's own policy forbids it to fetch anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retainsdk.experiment import Effect, Verdict
from retainsim.experiment.compare import Comparison
from retainsim.experiment.measures import PER
from retainsim.exports import charts, words
from retainsim.exports.sheet import Figure, sheet

_DIGITS = 2


def page(comparison: Comparison, *, repeat: str, assumptions: Sequence[str] = ()) -> str:
    """
    The report as HTML.

    Args:
        comparison: What to report.
        repeat: The command that makes it again.
        assumptions: What reading the customers' table took for granted, one sentence each.
    """
    filters: dict[str, Callable[..., str]] = {
        "signed": _signed,
        "interval": _interval,
        "verdict_class": _class,
    }
    figures = _figures(comparison)
    return sheet(
        "comparison.html",
        figures,
        filters,
        it=comparison,
        headline=words.headline(comparison),
        lead=words.lead(comparison),
        meaning=words.meaning(comparison),
        limits=words.limits(comparison),
        explanations=[(arm, words.explanation(arm, comparison)) for arm in comparison.arms],
        unkept=words.unkept,
        definitions=[effect.measure for effect in comparison.arms[0].effects.values()],
        per=PER,
        repeat=repeat,
        assumptions=assumptions,
    )


def _figures(comparison: Comparison) -> tuple[Figure, ...]:
    control = comparison.control.policy
    cost = charts.cost_per_kept(comparison)
    return (
        Figure(
            id="profit",
            title="Profit against the control",
            caption=(
                f"Difference in profit per customer at the start, in {comparison.currency}, against {control}: mean over "
                f"{comparison.worlds} pairs of worlds with its interval. Grey: too small to matter (δ). Dashed: no "
                "difference."
            ),
            pictures=(("", charts.profit(comparison)),),
        ),
        Figure(
            id="parts",
            title="Where the difference comes from",
            caption=(
                f"Parts of that difference, {comparison.currency} per customer. To the right: earned more or spent less; "
                "to the left: earned less or spent more. The black tick is their sum."
            ),
            pictures=(("", charts.parts(comparison)),),
        ),
        Figure(
            id="survival",
            title="Who is still here",
            caption=(
                "Share of our customers at the start who have never left, in percent, by month, one picture a policy. "
                f"Line: mean over worlds; band: four worlds in five. Dashed black: {control}. The axes do not start at 0."
            ),
            pictures=charts.survival(comparison),
        ),
        Figure(
            id="kept",
            title="Customers kept against the control",
            caption=(
                f"The same twin by twin: customers kept more than under {control}, for 1,000 at the start. The common "
                "luck cancels, so small differences can be seen. Band: four worlds in five. Click a name to single it out."
            ),
            pictures=(("", charts.kept_difference(comparison)),),
        ),
        Figure(
            id="cost",
            title="Cost per customer kept",
            caption=(
                f"Additional concessions and contacts ÷ additional customers kept, {comparison.currency} in "
                f"{comparison.months} months, with intervals. A policy without a clearly positive number of customers "
                "kept has no such cost; the table says why."
                if cost is not None
                else "No policy keeps clearly more customers than the control, so there is no cost per customer kept to show."
            ),
            pictures=() if cost is None else (("", cost),),
        ),
        Figure(
            id="reasons",
            title="Why customers leave: true and stated",
            caption=(
                "Leavers per 1,000 customers at the start, by true reason and by the reason they gave. Only a simulated "
                "world knows the first; “no need” is something people say."
            ),
            pictures=(("", charts.reasons(comparison)),),
        ),
        Figure(
            id="shares",
            title="The whole market",
            caption="Share of all people with each firm, and without any service, in percent, by month; mean over worlds.",
            pictures=(("", charts.shares(comparison)),),
        ),
    )


def _signed(value: float | None, digits: int = _DIGITS) -> str:
    return "–" if value is None else f"{value:+,.{digits}f}".replace("-", "−")


def _interval(effect: Effect, digits: int = _DIGITS) -> str:
    if effect.low is None or effect.verdict is Verdict.IDENTICAL:
        return ""
    return f"{_signed(effect.low, digits)} to {_signed(effect.high, digits)}"


def _class(verdict: Verdict) -> str:
    return verdict.name.lower().replace("_", "-")
