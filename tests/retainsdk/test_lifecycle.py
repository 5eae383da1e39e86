from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycles import machines

from retainsdk.case import Case
from retainsdk.commitment import MACHINE as COMMITMENT
from retainsdk.errors import CommandError, TransitionError
from retainsdk.events import CaseOpened, Resolved
from retainsdk.lifecycle import Machine
from retainsdk.relationship import MACHINE as RELATIONSHIP
from retainsdk.testing import NOW
from retainsdk.vocabulary import CaseKind, Stage

MACHINES = machines()
any_machine = st.sampled_from(MACHINES)


@given(any_machine, st.data())
def test_a_machine_takes_the_steps_of_its_table_and_no_other(machine: Machine, data: st.DataObject) -> None:
    events = sorted({event for row in machine.table.values() for event in row})
    state = data.draw(st.sampled_from(sorted(machine.table)))
    event = data.draw(st.sampled_from(events))

    if event in machine.table[state]:
        assert machine.step(state, event) == machine.table[state][event]
    else:
        with pytest.raises(TransitionError) as refused:
            machine.step(state, event)
        assert set(refused.value.allowed) == set(machine.table[state])


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_can_be_reached_and_a_final_one_only_entered(machine: Machine) -> None:
    reached, edge = {machine.start}, [machine.start]
    while edge:
        new = set(machine.table[edge.pop()].values()) - reached
        reached |= new
        edge += new

    assert reached == set(machine.table)
    assert all(not machine.table[state] for state in machine.final)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_the_diagram_shows_every_transition(machine: Machine) -> None:
    lines = machine.mermaid().splitlines()

    steps = [(state, event, to) for state, row in machine.table.items() for event, to in row.items()]
    assert all(f"    {state} --> {to}: {event}" in lines for state, event, to in steps)
    assert len(lines) == 2 + len(steps) + len(machine.final)


def test_a_table_that_leads_nowhere_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="not both listed and reached"):
        Machine(name="lamp", start="off", table={"off": {"press": "on"}})


def test_broken_is_never_left_for_kept() -> None:
    reachable, edge = set[str](), ["broken"]
    while edge:
        new = set(COMMITMENT.table[edge.pop()].values()) - reachable
        reachable |= new
        edge += new

    assert "kept" not in reachable


def test_every_stage_of_the_view_is_a_state_of_the_relationship() -> None:
    assert {stage.name.lower() for stage in Stage} == set(RELATIONSHIP.table)


def test_nothing_happens_before_the_transition_that_is_recorded() -> None:
    opened = Case.opened(
        1, CaseOpened(kind=CaseKind.COMPLAINT, topic="bill", stated_reason=None), NOW, handler="dana"
    )

    with pytest.raises(CommandError, match="lies before"):
        opened.after(Resolved(how="paid back"), NOW - timedelta(seconds=1))
    assert opened.after(Resolved(how="paid back"), NOW).state == "resolved"
