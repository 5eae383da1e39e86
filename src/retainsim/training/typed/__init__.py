"""
Typing instead of choosing: what a trainee would say, read for the moves it makes.

`suggester` gives the best reader there is here. It proposes, with its confidence, and never decides: a text without a
sure move asks a person, who chooses from three. By wording alone it needs nothing but the extra ``sim``; with the
extra ``text`` it reads for meaning. Neither uses a network.

`Phraser` is a separate thing: who may say the customer's line in other words.
"""

from retainsim.training.typed.phrasing import AsWritten, EndpointPhraser, NoEndpointError, Phraser
from retainsim.training.typed.reading import ByMeaning, ByWording, Reading
from retainsim.training.typed.slots import Period, Slots, slots_for
from retainsim.training.typed.suggestion import (
    SURE,
    Guess,
    Language,
    Part,
    Source,
    Suggester,
    Suggestion,
    UnmatchedMovesError,
)
from retainsim.training.typed.text_suggester import LONGEST, TextSuggester, suggester

__all__ = [
    "LONGEST",
    "SURE",
    "AsWritten",
    "ByMeaning",
    "ByWording",
    "EndpointPhraser",
    "Guess",
    "Language",
    "NoEndpointError",
    "Part",
    "Period",
    "Phraser",
    "Reading",
    "Slots",
    "Source",
    "Suggester",
    "Suggestion",
    "TextSuggester",
    "UnmatchedMovesError",
    "slots_for",
    "suggester",
]
