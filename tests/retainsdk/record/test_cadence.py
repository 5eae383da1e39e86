"""How long nobody was in touch, and when the next contact is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError
from retainsdk.events import InteractionRecorded
from retainsdk.record import Timeline
from retainsdk.record.cadence import USUAL, Cadence, last_contact, silence_gap
from retainsdk.testing import NOW, at
from retainsdk.vocabulary import Channel, Direction, Potential

instants = st.integers(1, 9).map(lambda day: at(6, day))
interactions = st.builds(
    InteractionRecorded,
    channel=st.sampled_from(Channel),
    direction=st.sampled_from(Direction),
    purpose=st.just("service"),
    human=st.booleans(),
    two_way=st.booleans(),
    text=st.just(""),
)
touches = st.lists(st.tuples(instants, interactions), max_size=6)
classes = st.none() | st.sampled_from(Potential)
numbers = st.integers(0, 4)


def timeline_of(told: list[tuple[datetime, InteractionRecorded]]) -> Timeline:
    timeline = Timeline()
    for version, (when, body) in enumerate(told, start=2):
        timeline.add(when, body, version)
    return timeline


@pytest.mark.invariant(35)
@given(touches, instants)
def test_silence_is_counted_from_the_last_contact_in_which_a_person_took_part(
    told: list[tuple[datetime, InteractionRecorded]], now: datetime
) -> None:
    contacts = [
        when
        for when, body in told
        if when <= now and body.human and (body.two_way or body.direction is Direction.OUTBOUND)
    ]

    gap = silence_gap(timeline_of(told), now, since=at(1))

    assert gap == now - max(contacts, default=at(1))


@pytest.mark.invariant(35)
@given(touches, st.tuples(instants, interactions), instants)
def test_recording_one_thing_more_never_enlarges_the_silence_and_a_mailing_never_breaks_it(
    told: list[tuple[datetime, InteractionRecorded]],
    more: tuple[datetime, InteractionRecorded],
    now: datetime,
) -> None:
    before = silence_gap(timeline_of(told), now, since=at(1))

    after = silence_gap(timeline_of([*told, more]), now, since=at(1))

    assert after <= before
    if not more[1].human:
        assert after == before


def test_there_is_no_last_contact_where_there_was_none() -> None:
    assert last_contact(Timeline(), NOW) is None


@pytest.mark.invariant(36)
@given(
    st.dictionaries(st.sampled_from(Potential), numbers), st.dictionaries(st.sampled_from(Potential), numbers)
)
def test_a_cadence_never_waits_longer_than_its_longest_nor_for_a_higher_class(
    ideal: dict[Potential, int], longest: dict[Potential, int]
) -> None:
    try:
        cadence = Cadence(ideal=ideal, longest=longest)
    except CommandError:
        return

    for potential in (None, *Potential):
        assert cadence.due(NOW, potential) <= cadence.dormant_from(NOW, potential)
    for waits in (cadence.due, cadence.dormant_from):
        assert waits(NOW, Potential.A) <= waits(NOW, Potential.B) <= waits(NOW, Potential.C)


@pytest.mark.invariant(36)
@given(instants, classes, classes)
def test_contact_is_due_so_many_days_after_the_last_touch_and_reclassifying_upwards_never_delays_it(
    touched: datetime, old: Potential | None, new: Potential | None
) -> None:
    due = USUAL.due(touched, new)

    assert due - touched == timedelta(days=USUAL.ideal[Potential.C if new is None else new])
    if new is not None and (old is None or new < old):  # A before B before C
        assert due <= USUAL.due(touched, old)


def test_all_that_is_wrong_with_a_cadence_is_named() -> None:
    with pytest.raises(CommandError, match=r"A: ideal \(9\).*A \(9\) must not wait longer than B \(3\)"):
        Cadence(
            ideal={Potential.A: 9, Potential.B: 3, Potential.C: 3},
            longest={Potential.A: 5, Potential.B: 5, Potential.C: 5},
        )
    with pytest.raises(CommandError, match="lacks class B, C"):
        Cadence(ideal={Potential.A: 9}, longest={Potential.A: 9})
