"""The main job on the bundled customers: what the import, the market and the policies must come to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from certificates import Certificate, Size
from telco_table import ON_ONE_WORKER

from retainsdk.book import Book
from retainsdk.interchange.table import ImportReport
from retainsdk.policies import get
from retainsdk.view import BookView
from retainsim.calibration import Group, Observed, figures, moments_of, watched
from retainsim.market import History, Market, load_preset, run

pytestmark = ON_ONE_WORKER

EVE = datetime(2025, 12, 31, tzinfo=UTC)
LEFT_IN_THE_TABLE = np.array([0.427, 0.113, 0.028])
"""Month-to-month, one year, two years. The label says "left within the last month", which as a monthly rate no firm
survives; it is read as a year's leaving."""


@pytest.fixture(scope="module")
def telco_eve(telco_import: tuple[Book, ImportReport]) -> BookView:
    return telco_import[0].view(EVE)


def lived(view: BookView, policy: str, *, seed: int, customers: int, months: int) -> History:
    market = Market.draw(
        load_preset("telecom"), customers=customers, seed=seed, view=view, parameters="fixed"
    )
    return run(market, get(policy), months=months)


def test_the_import_comes_to_the_known_figures(telco_import: tuple[Book, ImportReport]) -> None:
    _, report = telco_import

    assert (report.customers, report.ended, report.blank_billed) == (7_043, 1_869, 11)
    assert report.fees.amount == Decimal("456116.60")
    assert report.fees_ended.amount == Decimal("139130.85")


def test_on_the_eve_all_were_customers_and_the_table_says_who_left_within_its_year(
    telco_import: tuple[Book, ImportReport], telco_eve: BookView
) -> None:
    eve, after = telco_eve, telco_import[0].view(datetime(2026, 1, 2, tzinfo=UTC))
    contract = np.searchsorted([0, 12], eve.term_months)

    left = after.stage == 4
    shares = [left[contract == kind].mean() for kind in range(3)]

    assert len(eve) == 7_043
    assert np.round(shares, 3) == pytest.approx(LEFT_IN_THE_TABLE)


@pytest.mark.certified(
    "leaving-by-contract", ["src/retainsim/market", "src/retainsdk/interchange", "src/retainsdk/policy.py"]
)
def test_leaving_within_twelve_months_by_contract_kind_is_that_of_the_table(
    telco_eve: BookView, size: Size, certificate: Certificate
) -> None:
    seeds = list(range(size(3, 24)))
    histories = [lived(telco_eve, "none", seed=seed, customers=7_043, months=12) for seed in seeds]
    shares = np.array([history.left_within(12) / history.cohort[0] for history in histories])

    error = shares.std(axis=0, ddof=1) / np.sqrt(len(seeds))
    certificate.record(
        {
            "reading": "the label of the table is read as leaving within a year of the snapshot",
            "contracts": ", ".join(histories[0].cohort_kinds),
            "table, %": (100 * LEFT_IN_THE_TABLE).round(1).tolist(),
            "market, %": (100 * shares.mean(axis=0)).round(2).tolist(),
            "standard error, points": (100 * error).round(2).tolist(),
        },
        seeds=seeds,
    )
    allowed = 0.01 + (0 if len(seeds) >= 20 else 3 * error)
    assert (np.abs(shares.mean(axis=0) - LEFT_IN_THE_TABLE) <= allowed).all()


@pytest.mark.certified(
    "leaving-by-tenure",
    [
        "src/retainsim/market",
        "src/retainsim/calibration",
        "src/retainsdk/interchange",
        "src/retainsdk/policy.py",
    ],
)
def test_leaving_within_twelve_months_by_tenure_band_is_that_of_the_table(
    telco_observed: Observed, size: Size, certificate: Certificate
) -> None:
    observed, preset = telco_observed, load_preset("telecom")
    bands = [it for it in moments_of(observed.panel)[0] if it.group is Group.TENURE]
    table = figures(observed.panel, bands)
    seeds = list(range(200, 200 + size(3, 24)))

    shares = np.array(
        [
            figures(
                watched(
                    Market.draw(preset, customers=7_043, seed=seed, view=observed.view, parameters="fixed"),
                    months=12,
                ),
                bands,
            )
            for seed in seeds
        ]
    )

    error = shares.std(axis=0, ddof=1) / np.sqrt(len(seeds))
    certificate.record(
        {
            "reading": "the label of the table is read as leaving within a year of the snapshot",
            "tenure": ", ".join(it.label for it in bands),
            "table, %": (100 * table).round(1).tolist(),
            "market, %": (100 * shares.mean(axis=0)).round(2).tolist(),
            "standard error, points": (100 * error).round(2).tolist(),
        },
        seeds=seeds,
    )
    assert [it.label for it in bands] == ["0–12 months", "13–24 months", "25–48 months", "49–72 months"]
    allowed = 0.03 + (0 if len(seeds) >= 20 else 3 * error)
    assert (np.abs(shares.mean(axis=0) - table) <= allowed).all()


@pytest.mark.certified(
    "what-tells-policies-apart", ["src/retainsim/market", "src/retainsdk/policies", "src/retainsdk/policy.py"]
)
def test_the_bear_hug_keeps_customers_and_costs_more_than_they_bring_and_kept_promises_pay(
    telco_eve: BookView, size: Size, certificate: Certificate
) -> None:
    seeds = list(range(100, 100 + size(4, 20)))
    customers, months = 3_000, 24
    names = ("none", "bear_hug", "promise_keeper")
    worlds = {
        name: [lived(telco_eve, name, seed=seed, customers=customers, months=months) for seed in seeds]
        for name in names
    }

    def against_none(name: str, figure: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        twins = zip(worlds[name], worlds["none"], strict=True)
        return np.array([(_figures(one)[figure] - _figures(two)[figure]) for one, two in twins])

    figures = {
        f"{name}: {figure} against none": against_none(name, figure)
        for name in names[1:]
        for figure in ("cash, USD per customer", "kept, %", "threats, %", "promises broken, %")
    }
    certificate.record(
        {
            name: [round(float(values.mean()), 2), round(float(values.std(ddof=1)), 2)]
            for name, values in figures.items()
        }
        | {"figures": "mean and standard deviation over worlds", "customers": customers, "months": months},
        seeds=seeds,
    )
    assert (figures["bear_hug: kept, % against none"] > 0).all()
    assert (figures["bear_hug: cash, USD per customer against none"] < 0).mean() >= 0.9
    assert figures["bear_hug: threats, % against none"].mean() > 0
    assert (figures["promise_keeper: promises broken, % against none"] < 0).all()
    assert (figures["promise_keeper: cash, USD per customer against none"] > 0).mean() >= 0.9


def _figures(history: History) -> dict[str, float]:
    broken = history.promises[:, 2:].sum()  # late without notice too, as a book counts it
    settled = broken + history.promises[:, 0].sum()
    return {
        "cash, USD per customer": history.cash / 100 / history.customers,
        "kept, %": 100 * history.cohort[-1].sum() / history.customers,
        "threats, %": 100 * history.flows[-6:, 3].sum() / history.people[-6:, 0].sum(),
        "promises broken, %": 100 * broken / settled,
    }
