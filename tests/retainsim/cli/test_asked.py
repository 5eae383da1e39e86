"""What goes with a move is asked of whoever makes it, where his words do not say it plainly."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from visited import a_call

from retainsdk.policy import Move, MoveKind
from retainsim.cli.asked import Asking, Said
from retainsim.training.desk import Desk
from retainsim.training.lines import Gender, Language, Speaker
from retainsim.training.session import Session

THREATENED = Session.begin("no_need", seed=6)
CALM = a_call("calm")


def filled(
    session: Session, kind: MoveKind, answers: Iterable[str], monkeypatch: pytest.MonkeyPatch, typed: str = ""
) -> Move | None:
    """The move after those answers, all of which must have been asked for."""
    desk = Desk(
        session=session, language=Language.ENGLISH, seller=Speaker(name="Dana", gender=Gender.FEMININE)
    )
    given, asking = iter(answers), Asking()
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(given))

    move = asking.filled(desk, Said(kind, typed, slots=asking.slots(desk, kind, typed)))

    assert list(given) == []
    return move


def test_a_gift_is_asked_in_percent_of_a_months_fee_and_enter_gives_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gift, none = (filled(CALM, MoveKind.SMALL_TALK, [said], monkeypatch) for said in ("20", ""))

    assert gift == Move(kind=MoveKind.SMALL_TALK, amount=CALM.seen.monthly_fee * 20 // 100)
    assert none == Move(kind=MoveKind.SMALL_TALK)


def test_beyond_what_may_be_given_once_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled(CALM, MoveKind.OFFER_BENEFIT, ["51", "50"], monkeypatch) is not None


def test_where_we_call_neither_package_nor_day_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (MoveKind.PROPOSE_FIT, MoveKind.PROMISE_FOLLOW_UP):
        assert filled(CALM, kind, [], monkeypatch) == Move(kind=kind)


def test_a_day_that_is_typed_and_too_late_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = MoveKind.PROMISE_FOLLOW_UP

    plain = filled(THREATENED, kind, [], monkeypatch, "I'll call you tomorrow.")
    late = filled(THREATENED, kind, ["4"], monkeypatch, "I'll call you in three weeks.")

    assert plain == Move(kind=kind, days=1)
    assert late == Move(kind=kind, days=4)


def test_an_amount_in_another_currency_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, fee = MoveKind.OFFER_DISCOUNT, THREATENED.seen.monthly_fee

    move = filled(THREATENED, kind, ["10"], monkeypatch, "50 shekels off for three months")

    assert move == Move(kind=kind, amount=fee * 10 // 100, months=3)
