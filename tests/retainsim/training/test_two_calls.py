"""Two calls told in the documentation, one a language, as they are played."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from golden import Golden

from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.training.desk import Desk
from retainsim.training.lines import Gender, Language
from retainsim.training.session import Forecast

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "two-calls.md"
ASK, PROBE, COMPARE, RELEASE = (
    Move(kind=kind)
    for kind in (MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.COMPARE_COMPETITOR, MoveKind.RELEASE)
)


def english() -> Desk:
    """A customer whom a competitor's price draws away, and who is given too much."""
    desk = Desk.begin("no_need", seed=6, language=Language.ENGLISH, gender=Gender.FEMININE, name="Dana")
    discount = Move(kind=MoveKind.OFFER_DISCOUNT, amount=desk.session.seen.monthly_fee // 5, months=12)
    session = desk.session.after((ASK, PROBE, discount, Move(kind=MoveKind.CLOSE)))
    return desk.at(session.foretell(Forecast.sure(Reason.CHEAPER_COMPETITOR, 0.8, stays=0.6)))


def hebrew() -> Desk:
    """A customer who truly has no need, and is let go well."""
    desk = Desk.begin("no_need", seed=5, language=Language.HEBREW, gender=Gender.FEMININE, name="דנה")
    session = desk.session.after((ASK, PROBE, PROBE, RELEASE))
    return desk.at(session.foretell(Forecast.sure(Reason.NEED_ENDED, 0.9, stays=0.05)))


def told(desk: Desk) -> Iterator[str]:
    """The call, the verdict and the score, in the direction of its language."""
    yield f'<div dir="{desk.language.direction}" lang="{desk.language}">'
    yield ""
    for line in desk.dialogue.lines:
        who = {"representative": desk.seller.name, "customer": desk.customer.name}.get(line.role)
        words = escape(line.text, quote=False)
        yield f"<p><i>{words}</i></p>" if who is None else f"<p><b><bdi>{escape(who)}</bdi></b>: {words}</p>"
    yield ""
    yield f"<p><i>{escape(' '.join(desk.verdict()), quote=False)}</i></p>"
    yield ""
    yield "<table>"
    for what, points, turns, figure in desk.rubric():
        cells = "".join(f"<td><bdi>{escape(it, quote=False)}</bdi></td>" for it in (points, turns, figure))
        yield f"<tr><td>{escape(what, quote=False)}</td>{cells}</tr>"
    yield "</table>"
    yield ""
    yield "</div>"


def page() -> str:
    return "\n".join(
        [
            "# Two calls",
            "",
            "Both are calls of the scenario `no_need`, told as they are played; a test plays them again.",
            "Of each line of the score stand the points, the moves it comes from, counted from 1, and what was measured.",
            "",
            "## A price, and more money than was needed",
            "",
            "Seed 6: a competitor is cheaper.",
            "The reason comes out at the first question, and is said back.",
            "A fifth off for a year keeps the customer, but a sixth of that would have done.",
            "",
            *told(english()),
            "",
            "## Nothing to hold back",
            "",
            "Seed 5, in Hebrew: the need is truly gone.",
            "Letting go well is the whole task, and gets full marks.",
            "",
            *told(hebrew()),
            "",
        ]
    )


def test_the_calls_in_the_documentation_are_calls_that_are_played(golden: Golden) -> None:
    golden(PAGE, page())


def test_they_show_what_they_say() -> None:
    bought, let_go = english().debriefed.score, hebrew().debriefed.score

    assert bought.stays
    assert bought.least_sufficient is not None
    (beyond,) = (it for it in bought.lines if it.id == "beyond_least")
    assert 0 < beyond.points < 1 / 6
    assert not let_go.stays
    assert let_go.total > 0.99
