from __future__ import annotations

from contextlib import suppress
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.customer.fact import Facts
from retainsdk.errors import CommandError
from retainsdk.events import FactCorrected, FactLearned, FactRetracted
from retainsdk.testing import at
from retainsdk.vocabulary import Sensitivity

SENSITIVE = {"sensitivity": Sensitivity.SENSITIVE, "purposes": ("service",)}


def learned(value: object, **changes: object) -> FactLearned:
    return FactLearned(**{"name": "diet", "value": value, "source": "call"} | changes)  # type: ignore[arg-type] # as a test says


def test_the_fact_learned_later_counts_in_whatever_order_it_arrives() -> None:
    for order in permutations([("none", at(1)), ("vegan", at(2)), ("kosher", at(3))]):
        facts = Facts()
        for value, when in order:
            facts = facts.after(learned(value), when)

        assert facts.readable_for(None)["diet"].value == "kosher"
        assert [it.fact.value for it in facts.history("diet") if it.fact] == ["none", "vegan", "kosher"]


def test_a_correction_and_a_retraction_keep_what_was_said_before() -> None:
    facts = Facts().after(learned("vegan"), at(1))
    corrected = facts.after(FactCorrected(name="diet", value="kosher", source="he", why="misheard"), at(2))
    retracted = corrected.after(FactRetracted(name="diet", why="it is his wife"), at(3))

    assert corrected.readable_for(None)["diet"].value == "kosher"
    assert "diet" not in retracted.readable_for(None)
    assert [(it.fact.value if it.fact else None, it.why) for it in retracted.history("diet")] == [
        ("vegan", ""),
        ("kosher", "misheard"),
        (None, "it is his wife"),
    ]


@pytest.mark.parametrize("before", [False, True])
def test_what_was_not_known_is_neither_corrected_nor_retracted(before: bool) -> None:  # noqa: FBT001 # a case
    facts = Facts().after(learned("vegan"), at(2)) if before else Facts()

    for body in (
        FactCorrected(name="diet", value="x", source="x", why="x"),
        FactRetracted(name="diet", why="x"),
    ):
        with pytest.raises(CommandError, match="was not known at 2026-01-01"):
            facts.after(body, at(1))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (learned("x", sensitivity=Sensitivity.SENSITIVE), "names no purpose, so nobody could read it"),
        (learned("x", purposes=("service",)), "is ordinary, and yet for service only"),
        (learned("30 May", name="birthday"), "is no date like 1990-02-28"),
        (learned(1990, name="birthday"), "is no date like 1990-02-28"),
        (learned("--02-30", name="anniversary"), "is no day of the calendar"),
        (learned(float("nan")), "is no number"),
    ],
)
def test_a_fact_that_cannot_be_kept_is_refused_with_its_name(body: FactLearned, why: str) -> None:
    with pytest.raises(CommandError, match=f"fact '{body.name}'.*{why}"):
        Facts().after(body, at(1))


told = st.lists(
    st.tuples(
        st.sampled_from(["ordinary", "service", "survey", "corrected", "retracted"]), st.integers(1, 4)
    ),
    max_size=6,
)


@pytest.mark.invariant(16)
@given(told, st.sampled_from([None, "service", "survey"]))
def test_what_was_said_to_be_sensitive_is_read_for_its_purposes_alone_until_it_is_taken_back(
    told: list[tuple[str, int]], purpose: str | None
) -> None:
    facts = Facts()
    said: list[tuple[int, str]] = []
    for what, month in told:
        if what == "corrected":
            body: FactLearned | FactCorrected | FactRetracted = FactCorrected(
                name="diet", value=what, source="x", why="x"
            )
        elif what == "retracted":
            body = FactRetracted(name="diet", why="x")
        elif what == "ordinary":
            body = learned(what)
        else:
            body = learned(what, sensitivity=Sensitivity.SENSITIVE, purposes=(what,))
        with suppress(CommandError):
            facts = facts.after(body, at(month))
            said.append((month, what))

    is_read = "diet" in facts.readable_for(purpose)

    in_order = [what for _, what in sorted(said, key=lambda it: it[0])]
    since = len(in_order) - (in_order[::-1].index("retracted") if "retracted" in in_order else len(in_order))
    sensitive_for = [what for what in in_order[since:] if what in {"service", "survey"}]
    assert is_read == bool(in_order[since:] and (not sensitive_for or sensitive_for[-1] == purpose))


def test_a_sensitive_fact_does_not_slip_out_when_all_facts_are_printed() -> None:
    facts = Facts().after(learned("dialysis", **SENSITIVE), at(1))

    assert "dialysis" not in repr(facts)
    assert facts.history("diet") == ()
    assert len(facts.history("diet", "service")) == 1


def test_of_two_entries_the_newer_fact_counts_and_both_are_kept() -> None:
    one = Facts().after(learned("vegan", source="one"), at(1)).after(learned("Eli", name="son"), at(1))
    other = Facts().after(learned("kosher", source="other"), at(2)).after(learned("Rex", name="dog"), at(1))

    for joined in (one.joined(other), other.joined(one)):
        assert {name: fact.value for name, fact in joined.readable_for(None).items()} == {
            "diet": "kosher",
            "son": "Eli",
            "dog": "Rex",
        }
        assert [it.fact.source for it in joined.history("diet") if it.fact] == ["one", "other"]


def test_a_fact_that_one_entry_keeps_to_itself_is_not_laid_open_by_the_other() -> None:
    one = Facts().after(learned("vegan", **SENSITIVE), at(1))
    other = Facts().after(learned("kosher"), at(2))

    assert one.joined(other).readable_for(None) == {}
    assert other.joined(one).readable_for("service")["diet"].value == "kosher"
