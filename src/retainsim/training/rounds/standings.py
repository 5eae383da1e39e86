"""How bots stand over many books of customers: the scale on which trainees are read, and how far one play tells anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, stdev

import attrs
import orjson

from retainsdk.errors import Fault, InputError
from retainsdk.experiment import Effect, Method, paired_effect
from retainsim.training.rounds.conduct import Line, conduct
from retainsim.training.rounds.play import Play
from retainsim.training.rounds.result import measure, worths_of
from retainsim.training.rounds.sellers import SELLERS, Nobody, played
from retainsim.training.rounds.setting import Setting
from retainsim.training.standings import UnknownBotError

SCHEMA_VERSION = 1


@attrs.frozen(kw_only=True)
class BookStanding:
    """
    How one bot stands.

    Attributes:
        bot: Its name.
        effect: On the value of a customer, beside the same customers with nobody in charge; one figure a book.
        values: The same, book by book.
        points: Of each line of how books were looked after, on average over those in which it has a meaning.
        scores: The mean of those lines, book by book.
    """

    bot: str
    effect: Effect
    values: tuple[float, ...]
    points: dict[str, float | None]
    scores: tuple[float, ...]

    @property
    def spread(self) -> float | None:
        """How far one play's score lies from the mean, as a standard deviation: how little a single play says."""
        return stdev(self.scores) if len(self.scores) > 1 else None


@attrs.frozen(kw_only=True)
class BookStandings:
    """
    How bots stand.

    Attributes:
        setting: Of the first play; each has the next seed.
        currency: Of values.
        plays: Of each bot.
        bots: In the order asked for.
    """

    setting: Setting
    currency: str
    plays: int
    bots: tuple[BookStanding, ...]

    def to_json(self) -> str:
        """One object; its schema is documented."""
        told = {
            "schema_version": SCHEMA_VERSION,
            "setting": attrs.asdict(self.setting),
            "currency": self.currency,
            "plays": self.plays,
            "bots": [
                {
                    "bot": it.bot,
                    "value": fmean(it.values),
                    "ci": None if it.effect.low is None else [it.effect.low, it.effect.high],
                    "score": fmean(it.scores),
                    "spread": it.spread,
                    **it.points,
                }
                for it in self.bots
            ],
        }
        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def book_standings(
    setting: Setting,
    *,
    plays: int,
    bots: Sequence[str] = tuple(SELLERS),
    on_play: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> BookStandings:
    """
    Let bots look after books of customers, all of them after the same.

    Args:
        setting: Of the first; each has the next seed. Practice is left out.
        plays: Of each bot.
        bots: Who.
        on_play: Told after each book how many are done, and of how many.

    Raises:
        UnknownBotError: With the names there are.
        InputError: When there is to be no play.
    """
    for name in bots:
        if name not in SELLERS:
            raise UnknownBotError(name, list(SELLERS))
    if plays < 1:
        raise InputError(
            "standings", [Fault("plays", str(plays), "must be at least 1", "Ask for more plays.")]
        )
    alone: list[float] = []
    values: dict[str, list[float]] = {name: [] for name in bots}
    points: dict[str, dict[str, list[float]]] = {name: {line: [] for line in Line} for name in bots}
    scores: dict[str, list[float]] = {name: [] for name in bots}
    currency = ""
    for place in range(plays):
        start = Play.of(attrs.evolve(setting, seed=setting.seed + place, practice=0))
        currency = start.office.market.preset.currency
        alone.append(fmean(worths_of(played(start, Nobody()))))
        for name in bots:
            play = played(start, SELLERS[name]())
            values[name].append(fmean(worths_of(play)) - alone[-1])
            lines = {it.line: it.points for it in conduct(play).findings if it.points is not None}
            for line, got in lines.items():
                points[name][line].append(got)
            scores[name].append(fmean(lines.values()))
        on_play(place + 1, plays)
    what = measure(currency, setting.rounds)
    zeros = [0.0] * plays
    return BookStandings(
        setting=setting,
        currency=currency,
        plays=plays,
        bots=tuple(
            BookStanding(
                bot=name,
                effect=paired_effect(what, values[name], zeros, names=(name, "nobody"), method=Method.FIXED),
                values=tuple(values[name]),
                points={str(line): fmean(got) if got else None for line, got in points[name].items()},
                scores=tuple(scores[name]),
            )
            for name in bots
        ),
    )
