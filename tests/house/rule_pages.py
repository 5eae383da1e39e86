"""
The pages of the rules: which rules stand on one page together, and how the effect of each is drawn.

A page is called after its leading rule; smaller rules that it is made of stand on it too. Every rule of the law stands
on exactly one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
from effects import Deed, Effect, Figure, Life, Mask, complaining, former, says

from retainsdk.policy import ActionKind, MoveKind
from retainsdk.vocabulary import Reason
from retainsim.market import law
from retainsim.market.law import arithmetic
from retainsim.market.law.arithmetic import suitability_of
from retainsim.market.person import Contact, ContractKind
from retainsim.market.staff import Staffing


@attrs.frozen(kw_only=True)
class Page:
    """
    A page of the reference.

    Attributes:
        rule: Its leading rule, after which it is called.
        parts: Other rules that stand on it.
        effect: What is drawn; none where there is nothing to draw.
        plain: Why there is nothing; empty where something is drawn.
    """

    rule: str
    parts: tuple[str, ...] = ()
    effect: Effect | None = None
    plain: str = ""


def _share(
    who: Callable[[Life], Mask], of: Callable[[Life], Mask], *, times: float = 1000.0
) -> Callable[[Life], float]:
    def figure(life: Life) -> float:
        among = of(life)
        return times * float((who(life) & among).sum()) / max(float(among.sum()), 1.0)

    return figure


def _mean(column: str, of: Callable[[Life], Mask], *, unit: float = 1.0) -> Callable[[Life], float]:
    return lambda life: unit * float(life.end[column][of(life)].astype(np.float64).mean())


def _at_start(life: Life) -> Mask:
    return life.ours_at_start


def _at_end(life: Life) -> Mask:
    return life.ours


def _left(life: Life) -> Mask:
    return life.left


def _per(place: int, *, times: float = 1000.0) -> Callable[[Life], float]:
    """Counted in all months, by customers at the start."""
    return lambda life: times * life.counted(place) / float(life.ours_at_start.sum())


def _ratio(
    above: tuple[int, ...], below: tuple[int, ...], *, times: float = 100.0
) -> Callable[[Life], float]:
    return lambda life: times * sum(map(life.counted, above)) / max(sum(map(life.counted, below)), 1)


def _reasons(wanted: Callable[[Any], Any]) -> Callable[[Life], float]:
    """Of 100 leavers, by the table of true and stated reasons."""

    def figure(life: Life) -> float:
        table = life.months[:, law.REASONS : law.PEOPLE].sum(axis=0).reshape(law.N_REASONS, law.N_REASONS)
        return 100.0 * float(wanted(table)) / max(float(table.sum()), 1.0)

    return figure


def _contract(*kinds: ContractKind) -> Callable[[Life], Mask]:
    return lambda life: life.ours_at_start & np.isin(life.start["contract"], kinds)


def _started(column: str, test: Callable[[Any], Any]) -> Callable[[Life], Mask]:
    return lambda life: life.ours_at_start & np.asarray(test(life.start[column]))


def _fit(life: Life) -> float:
    ours = life.end[life.ours & life.ours_at_start]
    return 100.0 * float(suitability_of(ours["need"].astype(np.float64), 0.01 * ours["package"]).mean())


def _gone_to(*, none: bool) -> Callable[[Life], float]:
    """Who was ours at the start and is with a competitor, or with nobody, at the end."""

    def figure(life: Life) -> float:
        nobody = int(life.start["firm"].max())
        end = life.end["firm"][life.ours_at_start]
        gone = end == nobody if none else (end > 0) & (end < nobody)
        return 1000.0 * float(gone.mean())

    return figure


def _silent(life: Life) -> float:
    return 100.0 * life.counted(law.SILENT) / max(life.counted(law.LEFT), 1)


def _saved(life: Life) -> float:
    meant = life.counted(law.THREATENED) - life.counted(law.BLUFFED)
    return 100.0 * life.counted(law.SAVED) / max(meant, 1)


def _came(life: Life) -> float:
    return 1000.0 * (life.counted(law.JOINED) + life.counted(law.RETURNED)) / float(life.ours_at_start.sum())


def _new_at_end(life: Life) -> Mask:
    """Who came for the first time, and is ours."""
    return np.asarray(life.ours & (life.start["begun"] == 0))


def _peak(life: Life) -> float:
    """The share of the year's revenue that the last quarter brings."""
    revenue = life.months[:12, law.REVENUE]
    return 100.0 * float(revenue[9:].sum()) / float(revenue.sum())


def _apart(life: Life) -> float:
    """How far what regulars paid in the time differs from what is usual with each, in percent."""
    who = life.ours_at_start & ~life.left
    paid = (life.end["value_to_date"] - life.start["value_to_date"])[who].astype(np.float64)
    usual = life.start["monthly_fee"][who] * len(life.months)
    share = paid / usual
    return 100.0 * float(share.std() / share.mean())


LEFT = Figure(words="customers who left, of 1,000", of=_share(_left, _at_start))
SATISFACTION = Figure(
    words="satisfaction of our customers, from −1 to 1", of=_mean("satisfaction", _at_end), digits=3
)
TRUST = Figure(
    words="trust of those who were ours at the start, from −1 to 1", of=_mean("trust", _at_start), digits=4
)
DUE = Figure(
    words="promises that fell due, for 1,000 customers",
    of=lambda it: (
        1000.0
        * sum(map(it.counted, (law.KEPT, law.WARNED, law.LATE, law.BROKEN)))
        / float(it.ours_at_start.sum())
    ),
)
HURT = Figure(words="hurt of our customers, from 0 to 1", of=_mean("hurt", _at_end), digits=4)
COMPLAINTS = Figure(
    words="complaints open, of 1,000 customers", of=_mean("complaints_open", _at_end, unit=1000.0), digits=1
)
THREATS = Figure(words="threats to leave, for 1,000 customers", of=_per(law.THREATENED))
RETURNED = Figure(words="customers who came back, for 1,000 at the start", of=_per(law.RETURNED))
JOINED = Figure(words="newcomers, for 1,000 customers at the start", of=_per(law.JOINED))
CAME = Figure(words="newcomers and returners, for 1,000 customers", of=_came)
SAVED = Figure(words="of 100 who threatened and meant it, stayed", of=_saved, digits=1)
CONCESSIONS = Figure(
    words="concessions a customer, in dollars", of=_per(law.CONCESSIONS, times=0.01), digits=1
)
REVENUE = Figure(words="revenue for a customer at the start, in dollars", of=_per(law.REVENUE, times=0.01))

OFFERED = Deed(
    words="every half year everybody is offered the package that suits what we saw of his use",
    kind=ActionKind.OFFER_PACKAGE,
    every=6,
)
CALLED = Deed(
    words="everybody is called every second month and asked how things are", kind=ActionKind.CHECK_IN, every=2
)
DISCOUNTED = Deed(
    words="every year everybody is offered a fifth off for half a year",
    kind=ActionKind.OFFER_PRICE,
    every=12,
    share=0.2,
    months=6,
)
COUPON = Deed(
    words="every year everybody gets a coupon of ten dollars for half a year",
    kind=ActionKind.OFFER_PRICE,
    every=12,
    cents=1000,
    months=6,
)
ASKED = Deed(words="everybody is asked every month to recommend us", kind=ActionKind.ASK_REFERRAL, every=1)
MANY_FAILURES: Mapping[str, float] = {"incident_rate": 0.15}
OFTEN = "Service fails twice as often as usual, so that more of it is seen."
SHORT_OF_STAFF: Mapping[str, float] = {"staff_minutes": 5.0}
HASTE = "Our team has fewer minutes than it is asked for."
THREATENING: Mapping[str, float] = {"trigger": 0.6, "threat": 1.0}
ANGRY: Mapping[str, float] = {"trigger": 0.5, "threat": 1.0, "incident_rate": 0.3}
TALK = "Many think it over and say so, so that there are many calls to hear."


def _threatened_for_cost(life: Life) -> Mask:
    asked = life.end["threats"] > life.start["threats"]
    return np.asarray(
        life.ours_at_start
        & asked
        & np.isin(life.end["true_reason"], (law.names.CHEAPER, law.names.NOT_WORTH))
    )


def _nothing(*_: Any) -> None:
    """What stands where a rule was."""


def _never(*_: Any) -> bool:
    return False


def _free(*_: Any) -> float:
    return 0.0


def _none(*_: Any) -> int:
    return 0


def _forgotten(c: Any, w: Any, p: Any, tally: Any) -> None:  # noqa: ARG001 # as the rule has it
    """Nobody is a month older; but he is counted, since the market needs to know where people are."""
    tally[law.PEOPLE + c.firm] += 1


def _talk(
    figure: Figure,
    *moves: MoveKind,
    others: Mapping[str, float] = THREATENING,
    instead: Callable[..., Any] = _nothing,
    customers: int = 250,
    worlds: int = 10,
) -> Effect:
    return Effect(
        figure=figure,
        instead=instead,
        without="where the rule does nothing",
        script=says(*moves),
        others=others,
        why=TALK,
        months=3,
        customers=customers,
        worlds=worlds,
    )


_ALONE = tuple(it for it in vars(arithmetic) if it in law.LAW.functions)

# fmt: off
PAGES: tuple[Page, ...] = (
    # the month
    Page(rule="month_of", parts=("settle_month",), effect=Effect(figure=LEFT, parameter="woken_left", deed=OFFERED)),
    Page(rule="close_books", effect=Effect(figure=Figure(words="months with us of who stayed, on average", of=_mean("tenure", lambda it: it.ours_at_start & ~it.left), digits=1), instead=_forgotten, without="in a market whose books nobody closes", customers=150, months=6, worlds=6)),
    # 1. life and need
    Page(rule="life", effect=Effect(figure=Figure(words="customers who have gone without any service, of 1,000", of=_gone_to(none=True)), parameter="life_rate")),
    Page(rule="happen", effect=Effect(figure=TRUST, parameter="events_sad", deed=ASKED, others={"life_rate": 0.05}, why="Ten times as much happens in people's lives as usual, so that more of it is seen.", months=12)),
    # 2. buying and service
    Page(rule="serve", effect=Effect(figure=SATISFACTION, parameter="satisfaction_return")),
    Page(rule="use", effect=Effect(figure=Figure(words="how far use has moved in the last month, percent of the package", of=lambda it: float(np.abs(it.end["usage_trend"][it.ours & (it.end["usage_trend"] != -128)].astype(np.float64)).mean()), digits=1), parameter="usage_noise", months=12)),
    Page(rule="fail", effect=Effect(figure=LEFT, parameter="failure_hit")),
    Page(rule="resolve", effect=Effect(figure=COMPLAINTS, parameter="resolution")),
    Page(rule="settle_complaint", effect=Effect(figure=Figure(words="satisfaction of who has complained, from −1 to 1", of=_mean("satisfaction", lambda it: it.ours & (it.end["complaints"] > 0)), digits=3), parameter="recovery")),
    Page(rule="escalate", effect=Effect(figure=COMPLAINTS, parameter="escalation_settles", deed=Deed(words="whoever may decide is called to every open complaint", kind=ActionKind.ESCALATE, every=1, whom=complaining))),
    Page(rule="mediate", effect=Effect(figure=HURT, parameter="cooling_off", deed=Deed(words="a third party is called to every open complaint", kind=ActionKind.MEDIATE, every=1, whom=complaining))),
    Page(rule="hear_outcome", effect=Effect(figure=TRUST, parameter="mediation_settles", deed=Deed(words="a third party is called to every open complaint", kind=ActionKind.MEDIATE, every=1, whom=complaining))),
    Page(rule="meet_staff", effect=Effect(figure=SATISFACTION, parameter="waiting", others=SHORT_OF_STAFF, why=HASTE)),
    Page(rule="reliability_of", parts=("skill_for", "desk_of"), effect=Effect(figure=Figure(words="promises kept in time, of 100 that fell due", of=_ratio((law.KEPT,), (law.KEPT, law.WARNED, law.LATE, law.BROKEN)), digits=1), parameter="skill_counts", others=SHORT_OF_STAFF, why=HASTE)),
    Page(rule="be_handed_over", effect=Effect(figure=SATISFACTION, parameter="hand_over_hit")),
    Page(rule="pass_on", effect=Effect(figure=TRUST, parameter="hand_over")),
    Page(rule="ask", effect=Effect(figure=TRUST, parameter="unanswered")),
    # buying without a contract
    Page(rule="visit", parts=("visits_expected", "visits_a_month", "poisson", "let_a_month_pass"), effect=Effect(figure=REVENUE, parameter="visits_mood", preset="pet_shop", others={"visit_failure": 0.06}, why="Visits go wrong four times as often as usual, so that moods differ more.")),
    Page(rule="share_made", parts=("usual_share_made",), effect=Effect(figure=REVENUE, parameter="friction_queue", preset="pet_shop", months=12)),
    Page(rule="season", effect=Effect(figure=Figure(words="of a year's revenue, brought by its last quarter, %", of=_peak, digits=1), parameter="season_swing", preset="pet_shop", months=12)),
    Page(rule="buy", effect=Effect(figure=Figure(words="how far regulars' spending in a year is from what is usual, %", of=_apart, digits=1), parameter="basket_spread", preset="pet_shop", months=12)),
    Page(rule="chance_of_failure", effect=Effect(figure=LEFT, parameter="visit_failure", preset="pet_shop")),
    Page(rule="has_lapsed", parts=("close_custom",), effect=Effect(figure=LEFT, instead=_never, without="where nobody ever counts as having lapsed", preset="pet_shop", months=12, customers=150, worlds=8)),
    Page(rule="offer_in_shop", effect=Effect(figure=CONCESSIONS, instead=_nothing, without="where nobody hears of the coupons", preset="pet_shop", deed=COUPON, months=12, customers=150, worlds=6)),
    # 3. contact, promises and offers
    Page(rule="promise", parts=("promise_by",), effect=Effect(figure=COMPLAINTS, instead=_nothing, without="where complaints get no promise", months=12, customers=200, worlds=12)),
    Page(rule="promise_delivery", effect=Effect(figure=DUE, instead=_nothing, without="where no work is promised", deed=Deed(words="every half year everybody is promised some work by a day", kind=ActionKind.PROMISE_DELIVERY, every=6), months=12, customers=150, worlds=6)),
    Page(rule="settle_promise", effect=Effect(figure=TRUST, parameter="promise_broken")),
    Page(rule="contact", effect=Effect(figure=LEFT, parameter="contact_fatigue", deed=Deed(words="everybody is called every month", kind=ActionKind.CHECK_IN, every=1))),
    Page(rule="stir", parts=("stirred",), effect=Effect(figure=LEFT, parameter="wake_sales", deed=OFFERED)),
    Page(rule="is_tactless", effect=Effect(figure=TRUST, instead=_never, without="where no offer is ever out of place", deed=attrs.evolve(OFFERED, every=2), months=12, customers=250, worlds=8, others={"life_rate": 0.03}, why="Six times as much happens in people's lives as usual, so that more of it is seen.")),
    Page(rule="greet", effect=Effect(figure=SATISFACTION, parameter="greeting", deed=Deed(words="everybody is greeted once a year", kind=ActionKind.GREETING, every=12), months=12)),
    Page(rule="listen", effect=Effect(figure=LEFT, parameter="listening", deed=CALLED, others=MANY_FAILURES, why=OFTEN)),
    Page(rule="review", effect=Effect(figure=Figure(words="how well packages suit, percent", of=_fit, digits=1), instead=_nothing, without="where needs are not gone through", deed=Deed(words="the needs of everybody are gone through once a year", kind=ActionKind.NEEDS_REVIEW, every=12), months=12, customers=200, worlds=8)),
    Page(rule="answer_survey", effect=Effect(figure=Figure(words="customers whose answer we have, of 1,000", of=_share(lambda it: np.asarray(it.end["survey_day"] > 0), _at_end)), parameter="survey_answers", deed=Deed(words="everybody is asked twice a year", kind=ActionKind.SURVEY, every=6), months=12)),
    Page(rule="compare", effect=Effect(figure=TRUST, parameter="comparison", deed=Deed(words="everybody is shown an honest comparison twice a year", kind=ActionKind.COMPARISON, every=6), months=12)),
    Page(rule="invite", effect=Effect(figure=SATISFACTION, parameter="event_pleases", deed=Deed(words="everybody is invited four times a year", kind=ActionKind.INVITATION, every=3), months=12)),
    Page(rule="speak_for_us", effect=Effect(figure=JOINED, parameter="testimonial", deed=Deed(words="everybody is asked twice a year to speak for us", kind=ActionKind.ASK_TESTIMONIAL, every=6))),
    Page(rule="make_good", effect=Effect(figure=LEFT, parameter="apology", deed=Deed(words="whoever has a complaint open gets an apology", kind=ActionKind.APOLOGY, every=1, whom=complaining), others=MANY_FAILURES, why=OFTEN)),
    Page(rule="recover", effect=Effect(figure=LEFT, parameter="compensation", deed=Deed(words="whoever has a complaint open gets an apology and half a month's fee", kind=ActionKind.COMPENSATION, every=1, whom=complaining, share=0.5), others=MANY_FAILURES, why=OFTEN)),
    Page(rule="redo", effect=Effect(figure=LEFT, parameter="redone", deed=Deed(words="for whoever has a complaint open it is done again", kind=ActionKind.REDO, every=1, whom=complaining), others=MANY_FAILURES, why=OFTEN)),
    Page(rule="consider_package", effect=Effect(figure=LEFT, parameter="regret", deed=OFFERED)),
    Page(rule="consider_product", effect=Effect(figure=REVENUE, parameter="product_fee", deed=OFFERED)),
    Page(rule="repackage", effect=Effect(figure=Figure(words="how well packages suit, percent", of=_fit, digits=1), instead=_nothing, without="where packages stay as they are", deed=Deed(words="the needs of everybody are gone through once a year", kind=ActionKind.NEEDS_REVIEW, every=12), months=12, customers=200, worlds=8)),
    Page(rule="consider_discount", parts=("share_paid",), effect=Effect(figure=LEFT, instead=_nothing, without="where nobody takes the offer", deed=attrs.evolve(DISCOUNTED, months=12), months=12, customers=250, worlds=12)),
    Page(rule="grant", effect=Effect(figure=THREATS, parameter="habit_gain", deed=DISCOUNTED)),
    Page(rule="consider_pause", parts=("is_paused",), effect=Effect(figure=REVENUE, parameter="pause_wanted", deed=Deed(words="a pause of three months is offered twice a year", kind=ActionKind.OFFER_PAUSE, every=6, months=3))),
    Page(rule="consider_benefit", effect=Effect(figure=LEFT, parameter="benefit_months", off=0.0, deed=Deed(words="everybody is offered a benefit of a quarter of his fee twice a year", kind=ActionKind.OFFER_BENEFIT, every=6, share=0.25))),
    Page(rule="let_in_first", effect=Effect(figure=SATISFACTION, parameter="early_access", deed=Deed(words="everybody is let in first twice a year", kind=ActionKind.OFFER_EARLY_ACCESS, every=6), months=12)),
    Page(rule="belonging", parts=("products_that_suit",), effect=Effect(figure=Figure(words="customers of the third rank who left, of 1,000", of=_share(_left, _started("tier", lambda it: it == 3))), parameter="tier_binds")),
    Page(rule="tier_of", parts=("anniversary",), effect=Effect(figure=Figure(words="rank of our customers, from 0 to 3", of=_mean("tier", _at_end), digits=2), instead=_none, without="where nobody has a rank", months=12, customers=150, worlds=6)),
    Page(rule="extras", parts=("give",), effect=Effect(figure=CONCESSIONS, parameter="tier_cost")),
    Page(rule="fade", effect=Effect(figure=LEFT, parameter="hurt_left")),
    # 4. competitors
    Page(rule="known_firms", effect=Effect(figure=Figure(words="customers who have gone to a competitor, of 1,000", of=_gone_to(none=False)), instead=_none, without="where nobody knows of any competitor", months=12, customers=200, worlds=8)),
    # 5. deliberation
    Page(rule="deliberate", effect=Effect(figure=THREATS, parameter="bluffs", deed=DISCOUNTED)),
    Page(rule="trigger", effect=Effect(figure=LEFT, parameter="hurt_wakes")),
    Page(rule="foundations", effect=Effect(figure=Figure(words="who was new and had no foundations and left, of 1,000", of=_share(_left, lambda it: it.ours_at_start & (it.start["tenure"] < 12) & (it.start["marks"] & law.FOUNDED == 0))), parameter="foundations", months=12, customers=4000)),
    Page(rule="choose", effect=Effect(figure=LEFT, instead=_none, without="where whoever thinks it over stays", months=6, customers=200, worlds=6)),
    Page(rule="staying", effect=Effect(figure=LEFT, parameter="bond", months=12)),
    Page(rule="going", effect=Effect(figure=Figure(words="customers who have gone to a competitor, of 1,000", of=_gone_to(none=False)), parameter="switching", months=12)),
    Page(rule="going_without", effect=Effect(figure=Figure(words="customers who have gone without any service, of 1,000", of=_gone_to(none=True)), parameter="need_counts", months=12)),
    Page(rule="months_bound", effect=Effect(figure=Figure(words="customers bound at the start who left, of 1,000", of=_share(_left, _contract(ContractKind.ONE_YEAR, ContractKind.TWO_YEARS))), instead=_free, without="where nobody counts as bound", months=12, customers=200, worlds=8)),
    Page(rule="reason_of", effect=Effect(figure=Figure(words="of 100 leavers, those who left for a failure of service", of=_reasons(lambda table: table[Reason.SERVICE_FAILURE].sum()), digits=1), parameter="satisfaction_counts")),
    Page(rule="threatens", effect=Effect(figure=Figure(words="of 100 leavers, those who said nothing before", of=_silent, digits=1), parameter="threat")),
    Page(rule="bluff", effect=Effect(figure=Figure(words="threats that were not meant, for 1,000 customers", of=_per(law.BLUFFED)), instead=_nothing, without="where nobody bluffs", deed=DISCOUNTED, months=12, customers=250, worlds=8)),
    # 7. leaving and returning
    Page(rule="statement", effect=Effect(figure=Figure(words="of 100 leavers, those who said what it was", of=_reasons(np.trace), digits=1), parameter="says_truth")),
    Page(rule="says_no_need", effect=Effect(figure=Figure(words="of 100 leavers, those noted down as having no need", of=_reasons(lambda table: table[:, Reason.NO_NEED_STATED].sum()), digits=1), parameter="skill_labels", staffing=Staffing(coached={0: 1.0}), why="The whole team is coached as the market begins.")),
    Page(rule="decide", parts=("votes", "elected", "weight"), effect=Effect(figure=Figure(words="accounts with a champion that left, of 1,000", of=_share(_left, _started("committee", lambda it: it & Contact.CHAMPION > 0))), parameter="vote_champion", preset="saas")),
    # organisations
    Page(rule="opinion", effect=Effect(figure=LEFT, parameter="opinion_spread", preset="saas")),
    Page(rule="swayed", effect=Effect(figure=Figure(words="accounts with a champion that left, of 1,000", of=_share(_left, _started("committee", lambda it: it & Contact.CHAMPION > 0))), parameter="champion_sways", preset="saas")),
    Page(rule="turn_over", parts=("found_committee",), effect=Effect(figure=LEFT, parameter="champion_lost_wakes", preset="saas")),
    # 6. response
    Page(rule="begin_talk", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.EXPLAIN_VALUE, others=ANGRY)),
    Page(rule="say", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT, instead=lambda k, *_: setattr(k, "end", 0))),
    Page(rule="react", parts=("earn_trust",), effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT)),
    Page(rule="hear_question", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT)),
    Page(rule="hear_probe", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT)),
    Page(rule="hear_apology", effect=_talk(SAVED, MoveKind.APOLOGISE, others=ANGRY, customers=500, worlds=16)),
    Page(rule="hear_worth", effect=_talk(Figure(words="of 100 who threatened for what it costs, are still ours", of=_share(_at_end, _threatened_for_cost, times=100.0), digits=1), MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.EXPLAIN_VALUE, customers=700, worlds=16)),
    Page(rule="hear_offer", parts=("put_on_table", "wants_pause", "proposed_package"), effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.OFFER_DISCOUNT)),
    Page(rule="hear_comparison", parts=("is_known_false",), effect=_talk(TRUST, MoveKind.COMPARE_COMPETITOR)),
    Page(rule="feel_pressure", effect=_talk(TRUST, MoveKind.PRESSURE, MoveKind.PRESSURE)),
    Page(rule="decide_again", parts=("changes_his_mind", "chance_to_go", "gained_by", "feel_package"), effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.OFFER_DISCOUNT, instead=lambda *_: False)),
    Page(rule="worth_of_discount", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.OFFER_DISCOUNT, instead=lambda *_: 0.0, customers=500, worlds=16)),
    Page(rule="worth_of_fit", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.PROPOSE_FIT, instead=lambda *_: 0.0)),
    Page(rule="overlooked", effect=_talk(SAVED, MoveKind.ASK_OPEN, MoveKind.COMPARE_COMPETITOR, instead=lambda *_: 0.0)),
    Page(rule="remember_why", effect=_talk(Figure(words="of 1,000 customers at the start are still ours", of=_share(_at_end, _at_start), digits=1), MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.PROBE, MoveKind.COMPARE_COMPETITOR, customers=700, worlds=16)),
    Page(rule="leave", parts=("set_out", "stop"), effect=Effect(figure=RETURNED, parameter="good_ending", others={"ends_well": 1.0}, why="Every ending is complete, so that all of it is seen.", months=48)),
    Page(rule="settle_in", effect=Effect(figure=RETURNED, instead=_nothing, without="where nobody is bound elsewhere, nor pleased or disappointed there", months=18, customers=250, worlds=10)),
    Page(rule="contact_leaver", effect=Effect(figure=RETURNED, parameter="wake_leaver", deed=Deed(words="former customers hear of us every quarter", kind=ActionKind.WIN_BACK, every=3, whom=former))),
    Page(rule="stay_away", effect=Effect(figure=RETURNED, parameter="wake_leaver", preset="pet_shop", deed=CALLED)),
    Page(rule="elsewhere", effect=Effect(figure=CAME, parameter="elsewhere_trigger")),
    Page(rule="look_round", parts=("appeal",), effect=Effect(figure=CAME, parameter="bond_elsewhere")),
    # 8. newcomers
    Page(rule="recommendation", parts=("praise",), effect=Effect(figure=JOINED, parameter="veteran_tells")),
    Page(rule="has_heard", effect=Effect(figure=JOINED, instead=lambda *_: True, without="where everybody has heard of us", others={"campaign_cost": 10.0}, why="Little is spent on campaigns.", months=12, customers=200, worlds=8)),
    Page(rule="campaign_reach", effect=Effect(figure=JOINED, parameter="campaign_cost", values=(15.0, 30.0, 60.0, 90.0, 120.0), months=12)),
    Page(rule="is_lured", effect=Effect(figure=JOINED, parameter="welcome")),
    Page(rule="welcome", effect=Effect(figure=Figure(words="those won by price who are still ours, of 1,000 newcomers", of=_share(lambda it: np.asarray(it.end["marks"] & law.PRICE_WON > 0), _new_at_end)), parameter="price_won", months=36)),
    Page(rule="attraction", effect=Effect(figure=CAME, parameter="word_counts")),
    Page(rule="join", parts=("move",), effect=Effect(figure=Figure(words="newcomers with foundations who are still ours, of 1,000", of=_share(lambda it: np.asarray(it.end["marks"] & law.FOUNDED > 0), _new_at_end)), parameter="foundations_laid")),
    Page(rule="take_up_offer", effect=Effect(figure=Figure(words="price that seems right to who came back, as a share of the list price", of=_mean("reference", lambda it: it.ours & (it.end["begun"] > 1)), digits=3), instead=_nothing, without="where nobody thinks of what he was offered", deed=Deed(words="former customers are offered twenty dollars off for a year, every quarter", kind=ActionKind.WIN_BACK, every=3, whom=former, cents=2000, months=12), months=12, customers=250, worlds=8)),
    # 9. money
    Page(rule="take", effect=Effect(figure=Figure(words="cost of serving for a customer at the start, in dollars", of=_per(law.SERVING, times=0.01)), parameter="serving_new", months=12)),
    Page(rule="pay", parts=("charge",), effect=Effect(figure=REVENUE, instead=_nothing, without="where nobody pays", months=6, customers=100, worlds=4)),
    # what they count with
    Page(rule="centred", parts=tuple(it for it in _ALONE if it != "centred"), plain="These are no rules of the world: the others count and measure with them."),
)
# fmt: on
