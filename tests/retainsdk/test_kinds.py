from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pytest

from retainsdk.errors import InputError, TermError
from retainsdk.events import Id, Tier
from retainsdk.kinds import Kinds, hints_of
from retainsdk.quantities import LocalTime, Money
from retainsdk.testing import some_terms
from retainsdk.vocabulary import Promise, TermKind

if TYPE_CHECKING:
    from fractions import Fraction

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refused(kind: Any, value: object) -> list[tuple[str, str]]:
    try:
        Kinds.of({"it": kind}).refuse_misfits("test", {"it": value})
    except InputError as error:
        return [(fault.place, fault.rule) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, np.int64(3)),
        (Id, 3),
        (float, 3),
        (float, np.float32(3)),
        (date | None, None),
        (datetime | LocalTime, NOON),
        (Promise, Promise.CALLBACK),
        (tuple[str, ...], ("a",)),
        (tuple[str, ...], ["a"]),
        (Sequence[int], {3: "three"}.keys()),
        (Sequence[int], np.array([1, 2])),
        (Mapping[str, float], {"a": 1, "b": 0.5}),
        (tuple[int, str], (1, "a")),
        (Any, object()),
        (object, object()),
    ],
)
def test_what_can_stand_for_a_kind_passes(kind: Any, value: object) -> None:
    assert refused(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "place", "rule"),
    [
        (int, "3", "it", "is of type str, where int is needed"),
        (int, True, "it", "is of type bool, where int is needed"),
        (int, 3.0, "it", "is of type float, where int is needed"),
        (date, NOON, "it", "is of type datetime, where date is needed"),
        (datetime | None, date(2026, 3, 1), "it", "is of type date, where datetime or None is needed"),
        (Promise, 0, "it", "is of type int, where Promise is needed"),
        (Money, 3.5, "it", "is of type float, where Money is needed"),
        (Sequence[str], "wait", "it", "is of type str, where Sequence of str is needed"),
        (Sequence[str], ["wait", 3], "it[1]", "is of type int, where str is needed"),
        (Mapping[str, float], {"a": "b"}, "it['a']", "is of type str, where float is needed"),
        (Mapping[str, float], {1: 0.5}, "a name in it", "is of type int, where str is needed"),
        (Sequence[Tier] | None, [Tier(name="gold", threshold=5)], "it[0].threshold", "is of type int, where Money is needed"),  # type: ignore[arg-type] # that is the point
    ],
)  # fmt: skip
def test_what_cannot_is_named_with_its_place_and_what_belongs_there(
    kind: Any, value: object, place: str, rule: str
) -> None:
    assert refused(kind, value) == [(place, rule)]


def test_a_word_of_a_vocabulary_is_recognised_in_a_text_and_otherwise_all_words_are_listed() -> None:
    asked = Kinds.of({"kind": TermKind, "other": TermKind | None})

    with pytest.raises(InputError) as error:
        asked.refuse_misfits("terms", {"kind": "open-ended", "other": "for ever"})

    first, second = error.value.faults
    assert first.remedy == "Give TermKind.OPEN_ENDED."
    assert second.remedy.startswith("Give one of TermKind.OPEN_ENDED, TermKind.FIXED")


def test_what_a_module_imports_for_type_checkers_alone_is_left_to_others() -> None:
    def share(whole: int, part: Fraction | None) -> None: ...

    hints = hints_of(share)

    assert hints["whole"] is int
    Kinds.of(hints).refuse_misfits("share", {"whole": 1, "part": "a third"})


def test_terms_name_every_part_of_another_kind() -> None:
    with pytest.raises(InputError) as error:
        some_terms(fee=29.85, starts_on="2026-01-01", scope="all of it")

    assert {fault.place for fault in error.value.faults} == {"fee", "starts_on", "scope"}
    assert attrs.evolve(some_terms(), scope=("all of it",)).scope == ("all of it",)


@pytest.mark.parametrize("name", ["months", "notice_days", "report_months", "lock_in_months", "products"])
@pytest.mark.parametrize("figure", [-(2**31), -(10**30), 10**30])
def test_absurd_figures_are_refused_in_words(name: str, figure: int) -> None:
    with pytest.raises(TermError, match=name):
        some_terms(kind=TermKind.FIXED, **{"months": 12, name: figure})


@pytest.mark.parametrize("name", ["starts_on", "term_counts_from", "lock_in_counts_from"])
@pytest.mark.parametrize("day", [date.min, date(3000, 1, 1)])
def test_terms_reckon_from_days_that_a_book_knows(name: str, day: date) -> None:
    with pytest.raises(TermError, match=rf"{name} \({day}\) must be in the years 1800 to 2999"):
        some_terms(**{name: day})
