"""
What people say in a call, in Hebrew and English.

Read `cue` first: the situations in which somebody says something. `following` says which comes after a move,
`phrasebook` holds the lines of a language, `dialogue` puts a call into words, `screen` has the words of the screen,
and `lint` tells authors what is wrong with a line.
"""

from retainsim.training.lines.cue import CUES, Beat, By, Cue, Role, Situation
from retainsim.training.lines.dialogue import Dialogue, Line, Offered, Scene, Slots
from retainsim.training.lines.following import answered, decided, opening, said
from retainsim.training.lines.language import Direction, Gender, Language, Speaker
from retainsim.training.lines.lint import lint_lines, lint_phrasebook
from retainsim.training.lines.names import somebody
from retainsim.training.lines.phrasebook import Phrasebook, UnknownSettingError, phrasebook
from retainsim.training.lines.screen import UnknownScreenWordError, screen_text, screen_words
from retainsim.training.lines.template import Filler, Template, isolated

__all__ = [
    "CUES",
    "Beat",
    "By",
    "Cue",
    "Dialogue",
    "Direction",
    "Filler",
    "Gender",
    "Language",
    "Line",
    "Offered",
    "Phrasebook",
    "Role",
    "Scene",
    "Situation",
    "Slots",
    "Speaker",
    "Template",
    "UnknownScreenWordError",
    "UnknownSettingError",
    "answered",
    "decided",
    "isolated",
    "lint_lines",
    "lint_phrasebook",
    "opening",
    "phrasebook",
    "said",
    "screen_text",
    "screen_words",
    "somebody",
]
