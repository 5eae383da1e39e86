"""
A comparison in plain words, every figure computed from it.

Why a policy helps or harms is explained from what it did and from the rules of the market, never from its name,
so a reader's own policy is explained as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from retainsdk.experiment import Effect, Verdict
from retainsim.experiment.compare import Arm, Comparison

PROFIT = "profit per customer"
KEPT = "customers kept"
THREATS = "threats to leave"
_FEW_WORLDS_AGREE = 0.9
_NOTABLE = 0.05
"""Money per customer below which a part of the profit is not worth a word."""
_MOST_RULES = 3
_MOST_KINDS_OF_A_SCHOOL = 7


def headline(comparison: Comparison) -> str:
    """The result in one sentence."""
    control, worlds = comparison.control.policy, comparison.worlds
    better, worse = _with(comparison, Verdict.BETTER), _with(comparison, Verdict.WORSE)[::-1]
    if all(_profit(arm).verdict is Verdict.IDENTICAL for arm in comparison.arms):
        names = listed([arm.policy for arm in comparison.arms])
        return f"{names} and {control} are identical: 0 exactly, in {'the one' if worlds == 1 else 'all'} {'world' if worlds == 1 else f'{worlds} worlds'}."
    if not better and not worse:
        return f"No policy is shown to earn more or less than {control}."
    clauses = [
        f"{listed([arm.policy for arm in arms])} earned {how} than {control}"
        for arms, how in ((better, "more"), (worse, "less"))
        if arms
    ]
    return f"{'; '.join(clauses)}."


def lead(comparison: Comparison) -> str:
    """The figures behind the headline; empty where there is none."""
    decided = [*_with(comparison, Verdict.BETTER), *_with(comparison, Verdict.WORSE)]
    if not decided:
        return ""
    told = listed([f"{arm.policy} {_signed(_profit(arm).estimate or 0.0)}" for arm in decided])
    return (
        f"Profit per customer in {comparison.months} months against {comparison.control.policy} "
        f"({_money_of(comparison.control.profit)} {comparison.currency}), in {comparison.currency}: {told}."
    )


def meaning(comparison: Comparison) -> tuple[str, ...]:
    """What the figures mean, one paragraph an entry."""
    control, arm = comparison.control.policy, comparison.arms[0]
    effect = _profit(arm)
    drawn = (
        "Each world drew the parameters of its market from the ranges we believe in, so the intervals cover both luck "
        "and what we do not know about such markets."
        if comparison.parameters == "drawn"
        else "All worlds share one set of parameters: the intervals cover luck alone, in this one kind of market."
    )
    also = _circumstances(comparison)
    worlds = "one world" if comparison.worlds == 1 else f"{comparison.worlds:,} worlds"
    return (
        (
            f"A computer lived through {comparison.months} months of {worlds}, with {comparison.customers:,} customers "
            f"of ours at the start of each. Every world was lived once under each policy and once under {control}, with "
            "the same people, the same competitors' plans and the same luck. So a difference between two of these lives "
            f"was made by the policy. {drawn}"
        ),
        (
            f"The deciding figure is profit per customer: the cash of {comparison.months} months plus the residual value "
            f"of whoever is ours then, counted over {comparison.residual_months} more months in which all arms go on under no policy. "
            f"Differences within ±{comparison.margin:,.2f} {comparison.currency} (δ, 1 % of the profit under "
            f"{control}) are called too close to matter. {_interval_words(effect)}"
        ),
        *((f"Under all of them alike: {listed(also)}.",) if also else ()),
    )


def limits(comparison: Comparison) -> tuple[str, ...]:
    """What the figures do not mean, one sentence an entry."""
    told = [
        (
            "These are simulated customers. Their rules are written down, with ranges that rest on a few studies and for "
            "the most part on judgement; no figure here is a measurement of any real firm."
        ),
        "A policy that wins here is worth a trial on real customers against a control group; the same gain is not promised.",
        *_source_words(comparison),
        *(_WITHOUT_CONSENT if not comparison.manifest.configuration["consent_gate"] else ()),
        f"Nothing is said about what happens later than {comparison.months} months, beyond the residual value.",
    ]
    open_cases = [
        f"{arm.policy} ({_profit(arm).verdict})"
        for arm in comparison.arms
        if _profit(arm).verdict in (Verdict.NOT_DECIDED, Verdict.NOT_YET, Verdict.UNDEFINED)
    ]
    if open_cases:
        told.append(
            f"These worlds do not settle {listed(open_cases)}: run more worlds before believing the sign of the "
            "difference."
        )
    unsteady = [
        f"{arm.policy} ({share:.0%})"
        for arm in comparison.arms
        if (share := _profit(arm).sign_share) is not None
        and share < _FEW_WORLDS_AGREE
        and _profit(arm).verdict in (Verdict.BETTER, Verdict.WORSE)
    ]
    if unsteady:
        told.append(
            f"The sign holds on average but not in every world: {listed(unsteady)} of the worlds agree."
        )
    told += sorted({f"{arm.policy}: {text}" for arm in comparison.arms for text in _profit(arm).cautions})
    return tuple(told)


def explanation(arm: Arm, comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """Why a policy came out as it did: what it did, what came of it, where the money went, and by which rules."""
    if _profit(arm).verdict is Verdict.IDENTICAL:
        text = (
            f"It differs from {comparison.control.policy} in nothing: with the same people and the same luck, the same "
            "acts have the same end. That is the test that twins are twins."
        )
        return (("What came of it", text),)
    facts = Facts(arm=arm, control=comparison.control)
    rules = [rule.words(facts) for rule in RULES if rule.applies(facts)][:_MOST_RULES]
    told = [
        ("What it did", _deeds(arm)),
        ("What came of it", _outcome(facts)),
        ("Where the money went", _money(facts, comparison.currency)),
    ]
    return (*told, ("Why", " ".join(rules))) if rules else tuple(told)


def unkept(arm: Arm) -> str:
    """The cost per customer kept, or why there is none."""
    return "" if arm.cost_per_kept is None else str(arm.cost_per_kept)


def listed(items: Sequence[str]) -> str:
    """
    Items as a person lists them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


@attrs.frozen(kw_only=True)
class Facts:
    """An arm beside its control, as the rules read them."""

    arm: Arm
    control: Arm

    def done(self, *kinds: str) -> float:
        """Actions of these kinds, for a thousand customers."""
        return sum(self.arm.actions.get(kind, 0.0) for kind in kinds)

    def part(self, name: str) -> float:
        """Difference of a part of the profit, per customer."""
        return self.arm.parts[name] - self.control.parts[name]

    def flow(self, name: str) -> float:
        """Difference of a flow, for a thousand customers."""
        return self.arm.flows[name] - self.control.flows[name]

    @property
    def kept(self) -> float:
        """Customers kept more, for a thousand."""
        return self.arm.kept_difference.mean[-1]


@attrs.frozen(kw_only=True)
class Rule:
    """A rule of the market that explains a result: when it is at work, and what it says."""

    applies: Callable[[Facts], bool]
    words: Callable[[Facts], str]


RULES = (
    Rule(
        applies=lambda f: len(f.arm.actions) > _MOST_KINDS_OF_A_SCHOOL,
        words=lambda _: (
            "Acts drawn by lot mostly reach people whom they do not fit: each has its cost, few have a use."
        ),
    ),
    Rule(
        applies=lambda f: f.flow("saved") > f.kept / 2 > 0,
        words=lambda f: (
            "Much was decided in the conversation with those who threatened: "
            f"of {_meant(f.arm):,.0f} who meant it {f.arm.flows['saved']:,.0f} stayed after all, under "
            f"{f.control.policy} {f.control.flows['saved']:,.0f} of {_meant(f.control):,.0f}."
        ),
    ),
    Rule(
        applies=lambda f: f.part("concessions") < -_NOTABLE and f.done("offer_price") > 2 * f.kept > 0,
        words=lambda f: (
            f"{f.done('offer_price'):,.0f} price offers were made and {_count(f.kept)} customers kept: most of the offers "
            "went to customers who would have stayed, or who left all the same."
        ),
    ),
    Rule(
        applies=lambda f: f.part("concessions") < -_NOTABLE and not f.done("compensation"),
        words=lambda _: (
            "A discount lowers the price a customer compares with from then on, teaches him that a threat pays, and "
            "makes him less patient with later failures; whoever is kept by price leaves for price."
        ),
    ),
    Rule(
        applies=lambda f: f.done("offer_package") > 0 and f.part("revenue") < -_NOTABLE,
        words=lambda _: (
            "A package that suits better is often a smaller one, so the customer pays less every month; and a proposal "
            "wakes some who had not thought of leaving."
        ),
    ),
    Rule(
        applies=lambda f: f.done("progress_report", "compensation", "apology", "promise_callback") > 0,
        words=lambda f: (
            "A kept promise builds trust, notice given in time spares most of the harm, and a broken one costs about "
            f"twice what a kept one gives. Broken without notice: {f.arm.promises['broken']:,.0f}, under "
            f"{f.control.policy} {f.control.promises['broken']:,.0f}."
        ),
    ),
    Rule(
        applies=lambda f: f.done("check_in", "needs_review", "greeting") > 0,
        words=lambda _: (
            "A contact shows a customer that he matters, and that fades in silence; more than a few a year tire him, "
            "and a call can wake one who stayed out of habit."
        ),
    ),
    Rule(
        applies=lambda f: f.done("win_back", "release_well") > 0,
        words=lambda f: (
            "A leaver is bound elsewhere for a time, and some are disappointed there; who is called when he is free "
            f"comes back more often. Returned: {f.arm.flows['returned']:,.0f}, under {f.control.policy} "
            f"{f.control.flows['returned']:,.0f}."
        ),
    ),
)
"""The most telling first; no explanation uses more than `_MOST_RULES` of them."""


def _meant(arm: Arm) -> float:
    """Threats that were no bluffs."""
    return arm.flows["threatened"] - arm.flows["bluffed"]


def _deeds(arm: Arm) -> str:
    if not arm.actions:
        return "It did nothing of its own accord and differs only in how it answers a threat."
    most = sorted(arm.actions.items(), key=lambda entry: -entry[1])[:3]
    told = listed([f"{count:,.0f} × {kind.replace('_', ' ')}" for kind, count in most])
    more = f" and {len(arm.actions) - len(most)} kinds more" if len(arm.actions) > len(most) else ""
    return f"{told}{more}."


def _outcome(facts: Facts) -> str:
    return (
        f"Against {facts.control.policy}, customers kept {_count(facts.kept)}, threats {_count(facts.flow('threatened'))} (mere bluffs {_count(facts.flow('bluffed'))}), "
        f"threats settled {_count(facts.flow('saved'))}, left without a word {_count(facts.flow('left_silently'))}."
    )


def _money(facts: Facts, currency: str) -> str:
    differences = {name: facts.part(name) for name in facts.arm.parts}
    total = sum(differences.values())
    notable = [entry for entry in differences.items() if abs(entry[1]) >= _NOTABLE]
    if not notable:
        return "It is the same to the cent or nearly so."
    told = listed(
        [f"{name} {_signed(change)}" for name, change in sorted(notable, key=lambda entry: -abs(entry[1]))]
    )
    return f"{_signed(total)} {currency} per customer: {told}."


def _source_words(comparison: Comparison) -> list[str]:
    configuration = comparison.manifest.configuration
    if not configuration["source"]:
        return []
    return [
        (
            f"The {configuration['source']} say who our customers are; what no table can tell (tastes, tempers, what "
            f"competitors do) comes from the market preset {configuration['preset']['name']}."
        )
    ]


_WITHOUT_CONSENT = (
    (
        "Customers were contacted without their consent, which no real book allows: compare with the same study "
        "without --ignore-consent."
    ),
)


def _circumstances(comparison: Comparison) -> list[str]:
    """What holds under every policy and is not as the market's file has it."""
    it = comparison.manifest.configuration
    told = [f"the rule {name} of the market is replaced" for name in it["rules"]]
    for kind, shares in it["staffing"].items():
        for month, share in shares.items():
            done = "let go" if share < 0 else kind
            told.append(f"{abs(share):.0%} of the usual team is {done} in month {int(month) + 1}")
    return told if it["consent_gate"] else [*told, "actions are done without consent"]


def _interval_words(effect: Effect) -> str:
    if effect.low is None:
        return f"Intervals are given from {effect.valid_from} worlds on."
    return (
        f"An interval of {effect.level:.0%} is drawn so that it misses the true value in at most "
        f"{1 - effect.level:.0%} of studies, however often one looks while worlds are added; it supposes that "
        "differences between worlds are spread about like a bell."
        if effect.method.value == "confidence sequence"
        else f"An interval of {effect.level:.0%} holds for one look at a number of worlds fixed beforehand."
    )


def _with(comparison: Comparison, verdict: Verdict) -> list[Arm]:
    """Arms of that verdict, the most profitable first."""
    found = [arm for arm in comparison.arms if _profit(arm).verdict is verdict]
    return sorted(found, key=lambda arm: -(_profit(arm).estimate or 0.0))


def _signed(amount: float) -> str:
    return f"{amount:+,.2f}".replace("-", "−")


def _count(amount: float) -> str:
    return f"{amount:+,.0f}".replace("-", "−") if round(amount) else "± 0"


def _money_of(amount: float) -> str:
    return f"{amount:,.2f}".replace("-", "−")


def _profit(arm: Arm) -> Effect:
    return arm.effects[PROFIT]
