"""
Every invariant of the domain has a test that proves it and a mutant that breaks it; the page on them is made here.

A test carries its number, ``@pytest.mark.invariant(17)``; a mutant carries it in its name,
``tests/mutants/invariant-17-<what-breaks>.patch``. Both are read off the files, nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import pytest
from golden import Golden

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "invariants.md"
THEMES: Mapping[int, str] = {
    1: "The log",
    7: "Ownership and customers",
    13: "Consent and privacy",
    17: "Contracts",
    23: "Promises",
    31: "Cases and contact",
    38: "Ending and returning",
    42: "Value and scores",
}
"""The number each theme begins with."""

RULES: Mapping[int, str] = {
    1: "Replaying a log, at once or from any point on, gives the same state; folding never reads a clock.",
    2: "The versions of a stream are 1 to n; of two writers who read the same version exactly one succeeds.",
    3: "A command repeated under its key gives the same answer and no new event; another command under that key is refused.",
    4: "Instants of recording never decrease, and nothing occurs after it was recorded.",
    5: "No command changes or removes an event; a correction is an event more, and names what it corrects.",
    6: "Nothing takes a step that the table of its lifecycle does not hold, and what has ended takes none.",
    7: "From its opening to its end a relationship has exactly one owner at every instant.",
    8: "An owner is never a contributor too; the times of one contributor do not overlap, and lie within the relationship.",
    9: "Of two owners for the same instant the second is refused, with both sources, and nothing changes.",
    10: "A person has one primary affiliation at most, nobody reports to himself by any way round, and a customer organisation without a decision maker shows as a gap.",
    11: "Merging two customers loses nothing and doubles nothing; every reference leads to the one that stays, and the stricter consent holds.",
    12: "A birthday is one occasion a year and person, whoever mentions it; 29 February falls on the 28th in common years.",
    13: "Nothing is sent against the latest consent at that instant, and no marketing without one; contractual notices are exempt, an invalid channel is not.",
    14: "A withdrawal counts for everything sent after it, in whatever order it reached us; of two at one instant, the withdrawal counts.",
    15: "After erasure nothing in the book tells of the person, totals stand, and an import cannot bring him back.",
    16: "Sensitive facts leave the book only for a purpose that allows them.",
    17: "On every day in force exactly one version of the terms holds, and versions follow each other by date.",
    18: "What was signed never changes; every difference to the next version is named by an amendment that both sides accepted.",
    19: "A lock-in lasts 0 to 36 months from the start of force; amendments and renewals never stretch it beyond 36 from their own signature, nor shorten it without whom it serves.",
    20: "An ordinary end comes after lock-in and notice period; an earlier one has its kind and the evidence for it.",
    21: "We end for a customer's breach only after facts, notification, cooling-off and another look, in that order; he may end for ours at any time, and is owed a remedy.",
    22: "Work outside the scope in force is flagged, and changes no fee without an amendment.",
    23: "Every promise reaches exactly one outcome by its due and grace; a broken one never becomes a kept one.",
    24: "A late notice comes before the due in force, names a later one, and is given only so many times; the first due is remembered.",
    25: "A callback is kept by turning to the customer in its time, whatever the state of the work.",
    26: "A broken promise to a customer is made good by an explanation to him and enough compensation, or his recorded refusal of it.",
    27: "The two rates of promises lie between 0 and 1 or are unknown; late notice protects the one and not the other, and nothing done after a breach raises either.",
    28: "Running the duties again opens nothing again; no two open promises share duty, basis and period.",
    29: "Dues in working time grow with start and duration, lie in working time and add up, whatever clocks, holidays and split shifts do.",
    30: "A pause moves a due by its own working time; another service level keeps what has passed.",
    31: "We owe a first response when the last word of substance is the customer's, and none after our answer.",
    32: "A case has one handler at a time, hand-overs are recorded with their reason, and what one handler solved without one, without pause and reopening, was solved at first contact.",
    33: "Whoever is refused or put off is offered two ways or another channel; the way he takes is one of those offered.",
    34: "A complaint that comes again links to the first; the count of recurrences is the chain less one, and no chain is a circle.",
    35: "The silence gap runs from the last contact a human took part in; a mailing never shortens it, and recording a contact never lengthens it.",
    36: "The next contact is due a cadence after the last; a higher class never puts it off, and the ideal never exceeds the longest.",
    37: "Bad news is told by a live channel, where the customer has one, before any letter or invoice that states it.",
    38: "A good end needs every promise settled, documents filed, the survey answered, refused or expired, a true reason with evidence, and thanks unless refused.",
    39: "“No need” is never the true reason: one of the reasons behind it is chosen, and what was stated is kept beside it.",
    40: "A leaver with a known lock-in and a plan has exactly one win-back contact, due before the lock-in ends; it moves with it, and opting out voids it.",
    41: "Ending twice or returning twice changes nothing; a return keeps the old history, and tenure as agreed.",
    42: "The parts of a score add up to it exactly and name their source; the same log gives the same score.",
    43: "Past value is the sum of purchases at recorded rates; each raises it by its amount, and a full refund takes that back.",
    44: "A modifier changes a value only while it is valid and only by what it states; without one, value is past plus predicted.",
    45: "A tier follows from log, rules and day; it is never above its threshold, there is one at most, and tenure never shrinks.",
    46: "What is ruled out for a customer, or of unknown suitability, is never recommended, whatever it earns.",
    47: "Shares of money add up to it exactly, and money of two currencies neither adds nor compares.",
    48: "A sign stays until its department or the owner clears it with a reason, and health never rises by one more sign.",
    49: "The total of a report is the sum of its parts, by whatever it is cut; unknown is a part of its own.",
    50: "Importing the same file twice is importing it once, and what is exported comes back equal.",
}
"""What holds of every history a book takes, in our words."""

WAITING: Mapping[int, str] = {
    15: "waits for the vault of personal text and its erasure from the disk",
}
"""What is to be proven, in whole or in part, once the code for it is there."""

WAITING_WHOLLY = frozenset({15})
"""Those of them of which nothing can be proven yet."""


@attrs.frozen
class Proof:
    """A test that carries a number."""

    file: str
    name: str


def proofs() -> dict[int, list[Proof]]:
    """The tests that carry each number."""
    found: dict[int, list[Proof]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path != Path(__file__):
            for number, name in _marked(ast.parse(path.read_text(encoding="utf-8"))):
                found[number].append(Proof(path.relative_to(ROOT).as_posix(), name))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    # a decorator of a test or a state machine, or a call around the test case of one
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            marks: list[ast.expr] = node.decorator_list
            name = node.name
        elif isinstance(node, ast.Assign):
            marks, name = [node.value], ast.unparse(node.targets[0]).removesuffix(".pytestmark")
        else:
            continue
        for mark in marks:
            for call in ast.walk(mark):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.invariant":
                    yield from ((int(ast.literal_eval(number)), name) for number in call.args)


def mutants() -> dict[int, list[str]]:
    """The mutants that break each number."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests" / "mutants").glob("invariant-*.patch")):
        number = re.match(r"invariant-(\d+)-", path.name)
        assert number is not None, f"{path.name}: name it invariant-<number>-<what breaks>.patch"
        found[int(number[1])].append(path.stem)
    return found


PROOFS, MUTANTS = proofs(), mutants()


@pytest.mark.parametrize("number", sorted(RULES))
def test_an_invariant_is_proven_by_a_test_and_broken_by_a_mutant(number: int) -> None:
    missing = [what for what, there in (("test", PROOFS), ("mutant", MUTANTS)) if not there.get(number)]

    if number in WAITING_WHOLLY:
        assert missing, f"invariant {number} has both: it waits no longer"
    else:
        assert not missing, f"invariant {number} has no {' and no '.join(missing)}: {RULES[number]}"


def test_there_are_fifty_and_nothing_carries_another_number() -> None:
    assert sorted(RULES) == list(range(1, 51))
    assert set(PROOFS) | set(MUTANTS) <= set(RULES)
    assert set(THEMES) | set(WAITING) <= set(RULES)


def test_a_mutant_with_a_number_is_caught_by_a_test_that_carries_it() -> None:
    for number, names in MUTANTS.items():
        for name in names:
            text = (ROOT / "tests" / "mutants" / f"{name}.patch").read_text(encoding="utf-8")
            caught_by = re.search(r"^Caught by: (\S+?)::(\w+)", text, re.MULTILINE)
            assert caught_by is not None, name
            proven = {(proof.file, proof.name) for proof in PROOFS[number]}
            file, test = caught_by.groups()
            assert any(file == where and test == who for where, who in proven), (
                f"{name}: {test} does not carry {number}"
            )


def test_the_page_on_invariants_tells_where_each_is_proven(golden: Golden) -> None:
    golden(PAGE, _page())


def _page() -> str:
    lines = [
        "# What always holds",
        "",
        "Made by `tests/test_invariants.py`.",
        "",
        "These rules hold of every history that the commands of a book can make, and of every one that it takes over.",
        "Each is proven by tests that look for a history that breaks it, and carry its number: `pytest.mark.invariant`.",
        "Each is broken on purpose, too: a mutant is a change of one line to the code, and the tests must turn red by it.",
        "`make certify` applies every mutant and keeps what it finds in `docs/certificates`.",
    ]
    for number, rule in RULES.items():
        if number in THEMES:
            lines += ["", f"## {THEMES[number]}", ""]
        lines += [f"{number}. {rule}", *(f"    - {line}" for line in _proven(number))]
    return "\n".join([*lines, ""])


def _proven(number: int) -> Iterator[str]:
    for proof in PROOFS.get(number, ()):
        yield f"[{_sentence(proof.name)}](../../{proof.file})"
    for name in MUTANTS.get(number, ()):
        yield f"broken by [{name.split('-', 2)[2].replace('-', ' ')}](../../tests/mutants/{name}.patch)"
    if number in WAITING:
        yield f"*{WAITING[number]}*"
    elif number not in PROOFS or number not in MUTANTS:
        yield "*not proven yet*"


def _sentence(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")
