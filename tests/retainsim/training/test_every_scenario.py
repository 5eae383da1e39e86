"""Every scenario that ships can be played, in both languages, from its first word to its debrief."""

from __future__ import annotations

import pytest

from retainsim.training.bots import BOTS, play
from retainsim.training.desk import Desk
from retainsim.training.lines import Language
from retainsim.training.scenario import scenario_names
from retainsim.training.session import Phase


@pytest.mark.parametrize("name", scenario_names())
def test_a_call_of_it_is_played_to_its_debrief(name: str) -> None:
    desks = []
    for language in Language:
        desk = Desk.begin(name, seed=7, language=language)
        desks.append(desk.at(play(desk.session, BOTS["script"](desk.session))))

    assert all(desk.session.phase is Phase.OVER for desk in desks)
    hebrew, english = (desk.dialogue.lines for desk in desks)
    assert [line.role for line in hebrew] == [line.role for line in english]
    assert [[beat.cue for beat in line.beats] for line in hebrew] == [
        [beat.cue for beat in line.beats] for line in english
    ]
    assert all(any("א" <= letter <= "ת" for letter in line.text) for line in hebrew)
    assert desks[0].debriefed.score.total == desks[1].debriefed.score.total
    assert all(len(desk.verdict()) == 3 and desk.rubric() and desk.won() for desk in desks)


@pytest.mark.parametrize("name", scenario_names())
def test_each_move_on_its_menu_has_words_that_fit_the_situation(name: str) -> None:
    for language in Language:
        desk = Desk.begin(name, seed=7, language=language)

        labels = dict(desk.moves())
        assert tuple(labels) == desk.session.menu
        assert len(set(labels.values())) == len(labels)
