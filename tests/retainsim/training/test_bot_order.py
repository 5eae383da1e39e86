"""How the four bots stand over all scenarios that ship, and where an order turns round."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from certificates import Certificate, Size
from golden import ROOT, Golden
from numpy.typing import NDArray

from retainsim.training.bots import BOTS, play
from retainsim.training.outlook import Futures
from retainsim.training.scenario import Situation, load_scenario, scenario_names
from retainsim.training.session import Session

NAMES = scenario_names()
THREATS = [name for name in NAMES if load_scenario(name).situation is Situation.THREAT]
CALLS = [name for name in NAMES if name not in THREATS]
FEW = ("no_need", "sold_too_much", "mediation")
"""In every run; all of them are certified."""
PAGE = ROOT / "docs" / "explanation" / "what-bots-show.md"
CERTIFICATE = ROOT / "docs" / "certificates" / "how-bots-stand.json"
Worths = Mapping[str, NDArray[np.float64]]
"""By bot: what each call is worth beside one that nobody takes or makes, in monthly fees of the customer."""


def worths(name: str, seeds: Sequence[int]) -> Worths:
    scenario = load_scenario(name)
    found: dict[str, list[float]] = {bot: [] for bot in BOTS}
    for seed in seeds:
        session = Session.with_case(scenario, name, seed)
        futures = Futures(case=session.case)
        alone, fee = futures.of(session.at_start().outcome).value, session.seen.monthly_fee
        for bot, begin in BOTS.items():
            value = futures.of(play(session, begin(session)).outcome).value
            found[bot].append((value - alone) / fee)
    return {bot: np.array(values) for bot, values in found.items()}


def pooled(by_scenario: Mapping[str, Worths], names: Sequence[str]) -> Worths:
    return {bot: np.concatenate([by_scenario[name][bot] for name in names]) for bot in BOTS}


def more(by: Worths, one: str, other: str) -> tuple[float, float]:
    """What one wins beside the other with the same callers, and half the width of its interval at 95 %."""
    gain = by[one] - by[other]
    return float(gain.mean()), float(1.96 * gain.std(ddof=1) / np.sqrt(len(gain)))


@pytest.mark.certified(
    "how-bots-stand",
    [
        "src/retainsim/market",
        "src/retainsim/training/bots.py",
        "src/retainsim/training/outlook.py",
        "src/retainsim/training/situation",
        "src/retainsim/training/scenario",
        "src/retainsim/training/scenarios",
        "src/retainsdk/policies/conversation.py",
    ],
)
def test_who_knows_more_wins_more(size: Size, certificate: Certificate) -> None:
    callers = size(2, 12)
    names = NAMES if callers > 2 else FEW
    seeds = range(1, 1 + callers)
    found = {name: worths(name, seeds) for name in names}

    threats = pooled(found, [name for name in names if name in THREATS])
    for bot in BOTS:
        certificate.record({f"{bot}, threats": round(float(threats[bot].mean()), 2)})
    for better, worse in pairwise(BOTS):
        gain, half = more(threats, better, worse)
        certificate.record({f"{better} beside {worse}, threats": f"{gain:+.2f} ± {half:.2f}"})
        assert gain > (half if names == NAMES else -half), (better, worse)
    for name in names:
        means = {bot: round(float(found[name][bot].mean()), 2) for bot in BOTS}
        certificate.record({name: json.dumps(means)})
        for other in ("script", "random"):
            gain, half = more(found[name], "clairvoyant", other)
            assert gain >= -half, (name, other)
    certificate.record({"callers of each scenario": callers}, seeds=list(seeds))


def page(record: Mapping[str, Any]) -> str:
    figures = record["figures"]
    means = {name: json.loads(figures[name]) for name in NAMES}

    def table(names: Sequence[str]) -> list[str]:
        return [
            f"| scenario | {' | '.join(bot.replace('_', ' ') for bot in BOTS)} |",
            "| --- |" + " ---: |" * len(BOTS),
            *(
                f"| [{name}](../../src/retainsim/training/scenarios/{name}.toml) | "
                + " | ".join(f"{means[name][bot]:.2f}" for bot in BOTS)
                + " |"
                for name in names
            ),
        ]

    beside = [key for key in figures if key.endswith(", threats") and " beside " in key]
    return "\n".join(
        [
            "# What bots show",
            "",
            "Four bots take the calls that ship: one knows the truth and tries everything in the worlds that may come (*clairvoyant*), one asks before it answers (*script*), one offers the largest discount at once (*always discount*), and one throws a dice (*random*).",
            "They are the scale on which a trainee is read: `retainsim bots SCENARIO` prints it for one scenario.",
            f"A call counts by what it is worth in a year beside one that nobody takes or makes, on average over 64 worlds, in monthly fees of the customer; {figures['callers of each scenario']} customers of each scenario, the same for all four ([certificate](../certificates/how-bots-stand.json)).",
            "",
            "## At the save desk",
            "",
            "Pooled over all scenarios in which somebody threatens to leave, the order is that of what they know, each beside the next, with 95% intervals:",
            "",
            *(f"- {key.removesuffix(', threats').replace('_', ' ')}: {figures[key]}" for key in beside),
            "",
            *table(THREATS),
            "",
            "In a single scenario the two lowest are not always apart: who gives money to somebody who never meant to leave (`only_words`), whose need is gone (`no_need`) or who compares everybody (`before_renewal`) pays for nothing, and a dice sometimes lets him go.",
            "",
            "## Where we call",
            "",
            *table(CALLS),
            "",
            "Here some orders turn round, and each has its reason in the rules:",
            "",
            "- **Always discount below random.** Who is called calmly has asked for nothing: money off costs its price, lowers what he thinks right, and wakes him, so to do anything else is better. Worst is an offer to somebody in mourning (`wrong_moment`).",
            "- **Script below nobody.** A call costs time, and most customers who are called would have stayed. What it wins shows where there was something to hear.",
            "- **Always discount above all others in `last_goodbye`.** An offer to come back brings some money within the year. The clairvoyant makes none, because a goodbye is scored by how well it ends; the offer is for the win-back call.",
            "- **Always discount above the clairvoyant in `asking_to_recommend`.** It hangs up after two moves. To ask properly takes longer, and what a recommendation brings comes mostly after the year that is counted.",
            "",
            "Money is not the only measure: in calls with a truly ended need the full marks are for letting go, and the score says so.",
            "",
        ]
    )


def test_the_page_shows_the_certificate(golden: Golden) -> None:
    if not CERTIFICATE.is_file():
        pytest.fail("make certify writes it")
    golden(PAGE, page(json.loads(CERTIFICATE.read_text(encoding="utf-8"))))
