"""The table of odds: it is played in the market, and nowhere written into the law."""

from __future__ import annotations

import io
import json
from typing import Any

import attrs
import numpy as np
import pytest
from certificates import Certificate
from certificates import Size as Plays
from golden import ROOT, Golden
from rich.console import Console

from retainsdk.action import MoveKind
from retainsdk.errors import InputError
from retainsdk.vocabulary import Reason
from retainsim.exports.odds import odds_in_markdown, odds_table
from retainsim.market import load_preset
from retainsim.market.person import OURS
from retainsim.training.odds import (
    ANSWERS,
    BAND,
    ROWS,
    WANTED,
    Cell,
    NobodyThreatensError,
    Odds,
    Order,
    Share,
    Size,
    Stage,
    Step,
    Wanted,
    check_odds,
)

QUICK = Size(plays=800, callers=100, customers=20_000)
PAGE = ROOT / "docs" / "reference" / "table-of-odds.md"
RECORD = PAGE.with_suffix(".json")


@pytest.fixture(scope="module")
def odds() -> Odds:
    return check_odds(load_preset("telecom"), QUICK)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage.cast(load_preset("telecom"), QUICK, seed=3, compiled=True)


def test_every_cell_of_the_table_is_in_its_band(odds: Odds) -> None:
    for line in odds.lines:
        for cell in line.cells:
            noise = cell.stays.high - cell.stays.figure
            assert abs(cell.stays.figure - cell.wanted) <= BAND + noise, (line.reason, cell)


@pytest.mark.certified("table-of-odds", ["src/retainsim/market", "src/retainsim/training/odds.py"])
def test_the_table_holds_under_another_seed(certificate: Certificate, size: Plays) -> None:
    callers, customers = size(100, 400), size(20_000, 60_000)
    found = check_odds(
        load_preset("telecom"), Size(plays=size(800, 10_000), callers=callers, customers=customers), seed=2
    )

    for line in found.lines:
        for cell in line.cells:
            noise = cell.stays.high - cell.stays.figure
            certificate.record(
                {
                    f"{line.reason.name.lower()} {cell.answer}": f"{cell.stays.figure:.3f} (wanted {cell.wanted})"
                },
            )
            assert abs(cell.stays.figure - cell.wanted) <= BAND + noise, (line.reason, cell)
    certificate.record({it.id: it.figure for it in found.sizes}, seeds=[2])
    assert [order for line in found.lines for order in line.orders if order.verdict == "fails"] == []


def test_no_order_within_a_row_is_reversed(odds: Odds) -> None:
    assert [order for line in odds.lines for order in line.orders if order.verdict == "fails"] == []


def test_every_size_besides_the_table_is_as_it_is_wanted(odds: Odds) -> None:
    assert {size.id for size in odds.sizes if not size.holds} <= {
        "apology.second"
    }  # a matter of the last digit
    assert len({size.id for size in odds.sizes}) == len(odds.sizes) == 7


def test_who_is_let_go_well_comes_back_more_often_unless_he_has_no_need(odds: Odds) -> None:
    more = {it.reason: it.by for it in odds.returns}

    assert more[Reason.NEED_ENDED].figure == 0.0
    assert all(more[reason].low > 0.0 for reason in ROWS if reason is not Reason.NEED_ENDED)


def test_the_same_seed_gives_the_same_table_compiled_or_plain() -> None:
    tiny = Size(plays=4, callers=2, customers=700)
    preset = load_preset("telecom")

    compiled, plain = (check_odds(preset, tiny, seed=5, compiled=how) for how in (True, False))

    assert compiled == plain
    assert compiled.to_json() == plain.to_json()


def test_progress_is_told_from_the_first_step_to_the_last() -> None:
    told: list[tuple[int, int]] = []

    check_odds(
        load_preset("telecom"),
        Size(plays=2, callers=2, customers=2_000),
        on_step=lambda *step: told.append(step),
    )

    assert [done for done, _ in told] == list(range(told[-1][1] + 1))


def test_callers_mean_it_trust_us_neither_more_nor_less_and_have_each_a_luck_of_their_own(
    stage: Stage,
) -> None:
    rows = np.concatenate([people for _, _, people in stage.groups])

    assert (rows["leaning"] > OURS).all()
    assert (rows["trust"] == 0.0).all()
    assert len(np.unique(rows["key"])) == len(rows)
    for reason in (*ROWS, Reason.SERVICE_FAILURE):
        chosen = stage.reason == reason
        assert chosen.sum() >= QUICK.plays
        assert len(np.unique(stage.caller[chosen])) >= QUICK.callers


def test_playing_leaves_the_callers_as_they_were(stage: Stage) -> None:
    before = [people.copy() for _, _, people in stage.groups]

    first = stage.play((Step(MoveKind.OFFER_DISCOUNT, share=0.9, months=12), Step(MoveKind.CLOSE)))
    again = stage.play((Step(MoveKind.OFFER_DISCOUNT, share=0.9, months=12), Step(MoveKind.CLOSE)))

    assert all((now == then).all() for now, then in zip((it[2] for it in stage.groups), before, strict=True))
    assert (first.stays == again.stays).all()
    assert (first.stays <= first.stayed).all()


def test_nobody_stays_who_is_released_and_a_gift_of_everything_keeps_nearly_all(stage: Stage) -> None:
    released = stage.play((Step(MoveKind.RELEASE),))
    free = stage.play(
        (Step(MoveKind.ASK_OPEN), Step(MoveKind.OFFER_DISCOUNT, share=1.0, months=24), Step(MoveKind.CLOSE))
    )
    price = stage.reason == Reason.CHEAPER_COMPETITOR

    assert not released.stayed.any()
    assert free.stayed[price].mean() > 0.9


def test_copies_of_a_customer_count_as_one(stage: Stage) -> None:
    chosen = stage.reason == Reason.CHEAPER_COMPETITOR
    customers = len(np.unique(stage.caller[chosen]))

    sure = stage.share(np.ones(len(chosen)), chosen)
    by_customer = stage.share(stage.caller % 2, chosen)

    assert (sure.figure, sure.low, sure.high) == (1.0, 1.0, 1.0)
    assert by_customer.high - by_customer.figure == pytest.approx(1.96 * 0.5 / np.sqrt(customers), rel=0.02)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.01, 0.2, "holds"), (-0.2, -0.01, "fails"), (-0.01, 0.01, "cannot be told")],
)
def test_an_order_is_told_by_its_interval(low: float, high: float, verdict: str) -> None:
    order = Order(better="pause", worse="discount", by=Share(figure=(low + high) / 2, low=low, high=high))

    assert order.verdict == verdict


def test_what_fails_is_counted(odds: Odds) -> None:
    line = odds.lines[0]
    far = Cell(answer="pause", wanted=0.5, stays=Share(figure=0.1, low=0.0, high=0.2))
    reversed_ = Order(better="pause", worse="discount", by=Share(figure=-0.2, low=-0.3, high=-0.1))
    small = Wanted(id="x", sentence="x", figure=0.0, band=(1.0, 2.0))

    worse = attrs.evolve(odds, lines=(attrs.evolve(line, cells=(far,), orders=(reversed_,)),), sizes=(small,))

    assert worse.failed == 3


def test_equal_figures_have_no_order_and_every_other_neighbour_has(odds: Odds) -> None:
    line = next(line for line in odds.lines if line.reason is Reason.NEED_ENDED)

    pairs = {(order.better, order.worse) for order in line.orders}

    assert ("discount", "pause") not in pairs
    assert {("right_size", "discount"), ("right_size", "pause"), ("discount", "no_offer")} <= pairs
    assert all(len(wanted) == len(ANSWERS) for wanted in WANTED.values())


def test_a_market_where_nobody_gives_notice_is_told_so() -> None:
    with pytest.raises(NobodyThreatensError, match="Only 0 customers threatened to leave for the reason"):
        check_odds(load_preset("pet_shop"), Size(plays=2, callers=2, customers=20))


def test_every_figure_that_is_out_of_range_is_named_at_once() -> None:
    with pytest.raises(InputError) as refused:
        Size(plays=1, callers=0, customers=1)

    assert [fault.place for fault in refused.value.faults] == ["plays", "callers", "customers"]


def test_the_table_in_words_shows_every_answer_and_reason(odds: Odds) -> None:
    console = Console(width=150, file=io.StringIO())
    console.print(odds_table(odds))

    told = console.file.getvalue()  # type: ignore[attr-defined] # the buffer above
    assert all(answer.title.split()[0] in told for answer in ANSWERS)
    assert "not worth its cost" in told


def page() -> str:
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return "\n".join(
        [
            "# The table of odds",
            "",
            "How often each answer keeps a customer who threatens to leave, for a year, by the reason that he hides: as it is in the market, and in brackets as it is wanted.",
            "No such table stands in the law: a call is the market's own conversation, and at its end he decides by the market's own choice ([the rules](rules/index.md)).",
            f"Customers of the market `{record['preset']}@{record['version']}` are taken as they say that they will leave, their trust is set to neutral, and each is asked openly, given one kind of answer, and asked to decide; then nobody does anything for him for a year.",
            "A discount is a fifth of the fee for a year, a pause lasts half a year, the plan is the package that fits the use, and a comparison is honest.",
            f"Each cell is played {record['plays']:,} times; it holds within {record['band']} of what is wanted.",
            "What is wanted are assumptions within published ranges, like the bands of the [stylised facts](stylised-facts.md); a cell that misses is mended by a rule or a parameter of the market.",
            f"`retainsim scenario check --seed {record['seed']}` prints it anew; [the JSON of it](scenario-check.schema.json) is kept [beside this page](table-of-odds.json).",
            "",
            odds_in_markdown(record),
        ]
    )


def test_the_page_shows_the_record_beside_it(golden: Golden) -> None:
    golden(PAGE, page())


def test_the_record_beside_the_page_is_of_the_market_that_ships() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))

    assert record["digest"] == load_preset("telecom").digest, "retainsim scenario check --json renews it"
    assert record["failed"] == 0
