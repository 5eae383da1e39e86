"""What our firm sees of a market: the columns worked out by hand, unknown where unknown, and never the truth."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import N_FIRMS, Scripted, someone
from numpy.typing import NDArray

from retainsdk.errors import InputError
from retainsdk.policy import Budget, PolicyStream, act, no_actions
from retainsdk.view import COLUMNS, BookView, Origin, Reason, Stage, TermKind, named
from retainsim.market import Market, load_preset, run
from retainsim.market.cards import Cards, heard_free_day, written_down
from retainsim.market.engine import World
from retainsim.market.lazy_view import Columns, LazyView
from retainsim.market.observed import (
    LISTED_PACKAGES,
    NOT_IN_A_MARKET,
    NOT_UNDER_CONTRACT,
    ONLY_OF_ACCOUNTS,
    fee_listed,
    owner_of,
    view_of,
)
from retainsim.market.person import (
    FIELDS,
    NEVER,
    OURS,
    ROW_DTYPE,
    ContractKind,
    People,
    Row,
    figures,
    nobody,
    rows,
)

AS_OF = datetime(2027, 1, 1, tzinfo=UTC)
TODAY = 365
LIST_FEE = 6_000
TRUTH = [field.name for field in FIELDS if field.channel == "truth"]


def people_of(*persons: Row) -> People:
    people = nobody(len(persons))
    assert all(person.begun for person in persons)
    for place, person in enumerate(persons):
        for name, *_ in Row._fields_:
            setattr(rows(people)[place], name, getattr(person, name))
    return people


def shown(*persons: Row, competitor_price: float = 0.9) -> BookView:
    return view_of(
        people_of(*persons),
        as_of=AS_OF,
        today=TODAY,
        competitor_price=competitor_price,
        currency="USD",
        list_fee=LIST_FEE,
    )


def test_a_customer_is_shown_as_he_stands() -> None:
    person = someone(
        key=77, monthly_fee=6_000, discount=500, concession_cost=900, contract=ContractKind.ONE_YEAR,
        lock_end_day=TODAY + 40, contact_day=TODAY - 12, survey_day=TODAY - 5, survey_score=7.5,
        usage=0.5, usage_trend=-0.25, package=1.0, tenure=31, value_to_date=180_000, products=3, kind=1, senior=1,
        household_size=2, origin=Origin.REFERRAL, consent=0b010101, complaints=4, complaints_open=1, threats=2,
        offers_made=3, offers_accepted=2, promises_kept=5, promises_warned=2, promises_broken=1,
        promise_due_day=TODAY + 29, contacts_recent=1.5, signals_recent=0.5, stated_reason=Reason.NOT_WORTH_COST,
    )  # fmt: skip

    view = shown(person)

    expected = {
        "cases_open": 1, "offers_declined": 1, "owner": named(owner_of(15)), "tier": 0, "referrer": 0, "repeat_complaints": 0, "hand_overs": 0,
        "goodwill_signals": 0, "competitor_offers": 1,
        "relationship": 77, "kind": 1, "stage": Stage.ACTIVE, "tenure_months": 31, "origin": Origin.REFERRAL,
        "senior": 1, "household_size": 2, "term_kind": TermKind.AUTO_RENEWING, "term_months": 12, "monthly_fee": 6_000,
        "discount": 500, "days_to_lock_in_end": 40, "days_to_term_end": 40, "notice_given": False, "products": 3,
        "usage": 0.5, "usage_trend": -0.25, "suitability": 0.5, "alternative_suitability": 1.0,
        "alternative_fee": 4_200, "value_to_date": 180_000, "days_since_contact": 12, "contacts_recent": 1.5,
        "consent_service": True, "consent_personal": False, "consent_marketing": True, "consent_survey": False,
        "consent_sales": True, "consent_win_back": False, "promises_open": 1, "promises_due": 1, "promises_kept": 5,
        "promises_warned": 2, "promises_broken": 1, "complaints_open": 1, "complaints": 4, "signals_recent": 0.5,
        "survey_score": 7.5, "survey_age_days": 5, "threats": 2, "stated_reason": Reason.NOT_WORTH_COST,
        "offers_made": 3, "offers_accepted": 2, "concession_cost": 900, "competitor_fee": 5_400,
        "days_since_end": 0, "ended_well": False, "competitor_lock_in_days": 0, "held_out": 0,
        "channels_service": 31, "channels_personal": 0, "channels_marketing": 31, "channels_survey": 0,
        "channels_sales": 31, "channels_win_back": 0, **dict.fromkeys((*NOT_IN_A_MARKET, *NOT_UNDER_CONTRACT, *ONLY_OF_ACCOUNTS), 0),
    }  # fmt: skip
    assert {column.name: getattr(view, column.name)[0].item() for column in COLUMNS} == expected
    unknown = {column.name for column in COLUMNS if not view.known(column.name)[0]}
    assert unknown == {
        "days_since_end",
        "referrer",
        "goodwill_signals",
        "ended_well",
        "competitor_lock_in_days",
        *NOT_IN_A_MARKET,
        *NOT_UNDER_CONTRACT,
        *ONLY_OF_ACCOUNTS,
    }


def test_a_leaver_is_shown_with_how_he_left_and_for_how_long_he_is_bound() -> None:
    bound = someone(key=1, firm=2, left_day=TODAY - 60, ended_well=1, lock_end_day=TODAY + 200)
    without = someone(key=2, firm=N_FIRMS, left_day=TODAY - 9, ended_well=0, lock_end_day=NEVER)

    view = shown(bound, without)

    assert view.stage.tolist() == [Stage.FORMER] * 2
    assert view.days_since_end.tolist() == [60, 9]
    assert view.ended_well.tolist() == [True, False]
    assert view.competitor_lock_in_days.tolist() == [200, 0]
    assert view.known("competitor_lock_in_days").tolist() == [True, False]
    assert view.known("days_since_end").all()
    for name in (
        "usage",
        "usage_trend",
        "suitability",
        "alternative_suitability",
        "alternative_fee",
        "days_to_term_end",
    ):
        assert not view.known(name).any(), name
    assert view.days_to_lock_in_end.tolist() == [0, 0]


def test_for_how_long_leavers_are_bound_is_heard_with_an_error_that_each_has_for_good() -> None:
    keys, left = np.arange(2_000, dtype=np.uint64), np.full(2_000, TODAY - 100)

    heard = heard_free_day(keys, left, left + 400, 0.25) - left
    of_others = heard_free_day(keys, left, left + 200, 0.25) - left

    assert abs(heard.mean() / 400 - 1.0) < 0.03
    assert abs(heard.std() / 400 - 0.25) < 0.02
    assert np.abs(heard - 2 * of_others).max() <= 2  # the same share of the time, but for whole days
    assert (heard_free_day(keys, left, left + 400, 0.0) - left == 400).all()


def test_what_a_firm_does_not_know_stays_unknown() -> None:
    person = someone(senior=-1, household_size=-1, origin=-1, stated_reason=-1, contact_day=NEVER)

    view = shown(person)

    for name in (
        "senior",
        "household_size",
        "origin",
        "stated_reason",
        "days_since_contact",
        "survey_score",
        "survey_age_days",
        "days_to_term_end",
    ):
        assert not view.known(name)[0], name
        assert getattr(view, name)[0] == 0, name


def test_people_who_never_were_ours_are_not_shown() -> None:
    world = World(Market.draw(load_preset("telecom"), customers=50, seed=1), compiled=False)
    ours = world.people["firm"] == OURS

    view = world.view(world.month(0))

    assert view.relationship.tolist() == sorted(world.people["key"][ours].tolist())
    assert len(view) == 50 < len(world.people)


def test_what_is_open_to_a_leaver_who_returns_is_no_discount_of_his() -> None:
    view = shown(someone(key=1, firm=1, discount=900, discount_until=6), someone(key=2, discount=900))

    assert view.discount.tolist() == [0, 900]


@pytest.mark.parametrize(("due", "opened", "soon"), [(NEVER, 0, 0), (TODAY + 29, 1, 1), (TODAY + 30, 1, 0)])
def test_a_promise_is_due_when_it_falls_within_thirty_days(due: int, opened: int, soon: int) -> None:
    view = shown(someone(promise_due_day=due))

    assert (view.promises_open[0], view.promises_due[0]) == (opened, soon)


@given(usage=st.integers(0, 127), package=st.sampled_from([*LISTED_PACKAGES, 60, 100, 155]))
def test_the_alternative_shown_is_the_most_suitable_of_the_other_packages_listed_at_its_listed_fee(
    usage: int, package: int
) -> None:
    view = shown(someone(usage=usage / 100, package=package / 100))

    used = usage * package / 100
    shares = {size: min(used, size) / max(used, size) for size in LISTED_PACKAGES if size != package}
    best = max(shares.values())
    assert view.alternative_suitability[0] == pytest.approx(best, abs=1e-6)
    assert view.alternative_fee[0] in {
        fee_listed(LIST_FEE, size) for size, share in shares.items() if share == pytest.approx(best)
    }


# the two channels


@given(changes=st.fixed_dictionaries({}, optional={name: st.sampled_from([0, 1]) for name in TRUTH}))
def test_no_truth_changes_what_is_seen(changes: dict[str, int]) -> None:
    one, other = shown(someone()), shown(someone(**changes))

    assert pickle.dumps(one) == pickle.dumps(other)


def test_every_field_is_in_one_channel_and_what_only_the_world_knows_is_truth() -> None:
    inner = {"need", "price_taste", "quality_taste", "voice", "assertive", "satisfaction", "trust", "commitment",
             "regret", "hurt", "attention", "habit", "true_reason", "leaning"}  # fmt: skip

    assert inner <= set(TRUTH)


def test_nothing_reached_from_a_view_is_the_market_or_holds_its_truth() -> None:
    seen: list[BookView] = []
    market = Market.draw(load_preset("telecom"), customers=150, seed=1)

    def look(view: BookView, budget: Budget, draw: PolicyStream) -> Any:  # noqa: ARG001 # the protocol's
        seen.append(view)
        return no_actions()

    run(market, Scripted(decides=look), months=3)
    varied = {name: values for name in TRUTH if len(values := _telling(figures(market.people, name))) > 20}

    assert {"need", "voice", "trust", "price_taste", "commitment"} <= varied.keys()
    for view in (seen[0], seen[0].take(np.arange(100))):
        whole = {column.name: getattr(view, column.name) for column in COLUMNS}
        reached = list(_reached(view))
        arrays = [thing for thing in reached if isinstance(thing, np.ndarray)]
        assert {id(values) for values in whole.values()} <= {id(array) for array in arrays}
        for thing in reached:
            assert not isinstance(thing, (Market, Row)), thing
            assert isinstance(thing, (LazyView, Columns, Cards)) or not type(thing).__module__.startswith(
                "retainsim"
            ), thing
        for array in arrays:
            assert not np.shares_memory(array, market.people)
            assert array.dtype.names is None or not any(array[name].any() for name in TRUTH)
            for figures_held in _figures_of(array):
                for name, values in varied.items():
                    found = np.isin(figures_held, values).sum()
                    assert found <= 3, f"{name} shows"  # by chance; a leak shows in every row


def _figures_of(array: NDArray[Any]) -> list[NDArray[np.float64]]:
    """As numbers: of rows, each field as it is kept."""
    if array.dtype.kind == "V":
        array = array.view(ROW_DTYPE)
    if array.dtype.names is None:
        return [array.astype(np.float64).ravel()]
    return [array[name].astype(np.float64) for name in array.dtype.names]


def test_what_is_written_down_of_a_leaver_is_not_where_he_went_and_of_when_he_is_free_what_we_heard() -> None:
    people = people_of(someone(key=1, firm=2, left_day=TODAY - 60, lock_end_day=TODAY + 200), someone(key=2))

    written, ours = written_down(people, np.arange(2), today=TODAY, share_made=None, lock_in_error=0.3)

    heard = heard_free_day(people["key"][:1], people["left_day"][:1], people["lock_end_day"][:1], 0.3)
    assert ours.tolist() == [False, True]
    assert written["firm"].tolist() == [0, 0]
    assert written["lock_end_day"][0] == heard[0] != people["lock_end_day"][0]
    assert written["lock_end_day"][1] == people["lock_end_day"][1]


def test_columns_are_worked_out_when_they_are_read_and_only_once() -> None:
    asked: list[str] = []

    def threats(cards: Cards) -> NDArray[Any]:
        asked.append("threats")
        return cards["threats"] + 3

    people = people_of(someone(key=1), someone(key=2))
    written, ours = written_down(people, np.arange(2), today=TODAY, share_made=None, lock_in_error=0.0)
    cards = Cards(
        people=written, ours=ours, referrers=np.zeros(2, np.uint64), today=TODAY, as_of=AS_OF, competitor_price=None,
        list_fee=0.0, share_made=None,
    )  # fmt: skip

    view = LazyView.of(cards, currency="USD", columns={"threats": threats}, known={})

    assert not asked
    assert view.threats.tolist() == [3, 3]
    assert view.threats is view.threats
    assert asked == ["threats"]


@given(chosen=st.lists(st.booleans(), min_size=3, max_size=3))
def test_rows_taken_before_a_column_is_read_show_what_rows_taken_afterwards_show(chosen: list[bool]) -> None:
    persons = [someone(key=1, referrer=0), someone(key=2, firm=1, left_day=3), someone(key=3, usage=0.4)]
    view, rows_taken = shown(*persons), np.array(chosen)

    taken = view.take(rows_taken)

    for column in COLUMNS:
        assert np.array_equal(getattr(taken, column.name), getattr(view, column.name)[rows_taken])
        assert np.array_equal(taken.known(column.name), view.known(column.name)[rows_taken])
    assert pickle.dumps(taken) == pickle.dumps(view.take(np.flatnonzero(rows_taken)))


def test_rows_of_a_market_taken_out_of_order_are_refused_like_those_of_a_book() -> None:
    with pytest.raises(InputError, match="ascend"):
        shown(someone(key=1), someone(key=2)).take(np.array([1, 0]))


def test_a_copy_of_what_a_market_shows_is_a_view_like_any_other() -> None:
    view = shown(someone(key=1), someone(key=2))

    for copied in (pickle.loads(pickle.dumps(view)), copy.copy(view), copy.deepcopy(view)):
        assert type(copied) is BookView
        for column in COLUMNS:
            assert np.array_equal(getattr(copied, column.name), getattr(view, column.name))
            assert np.array_equal(copied.known(column.name), view.known(column.name))
            assert not getattr(view, column.name).flags.writeable


def _telling(values: NDArray[Any]) -> NDArray[np.float64]:
    """The figures of a column that nothing else has by chance: no whole numbers."""
    figures = values.astype(np.float64)
    return np.unique(figures[figures % 1 != 0])


def _reached(start: object) -> Iterator[object]:
    """Everything that can be had from an object through attributes, items, bases of arrays and closures."""
    stack, known = [start], {id(start)}
    while stack:
        thing = stack.pop()
        yield thing
        if isinstance(thing, (type, ModuleType)):
            continue
        parts: list[object] = []
        if isinstance(thing, dict):
            parts += [*thing.keys(), *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset)):
            parts += thing
        elif isinstance(thing, np.ndarray):
            parts.append(thing.base)
        elif isinstance(thing, FunctionType):
            parts += [cell.cell_contents for cell in thing.__closure__ or ()]
        parts += [
            getattr(thing, name, None)
            for kind in type(thing).__mro__
            for name in getattr(kind, "__slots__", ())
        ]
        parts.append(getattr(thing, "__dict__", None))
        for part in parts:
            if part is not None and id(part) not in known:
                known.add(id(part))
                stack.append(part)


def test_who_gives_a_policy_its_own_view_cannot_be_traced_by_pickling() -> None:
    text = pickle.dumps(shown(someone(need=1.234_567)))

    assert b"retainsim" not in text
    for name in TRUTH:
        assert name.encode() not in text.replace(b"consent_service", b"").replace(b"goodwill_signals", b"")
    assert np.float32(1.234_567).tobytes() not in text
    assert act(shown(someone()), np.array([True]), 1, reason="Hello").kind.tolist() == [1]  # type: ignore[arg-type] # any code will do
