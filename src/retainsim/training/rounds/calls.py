"""Calls in a round: somebody in the book threatens to leave, and is talked with as in any call that is practised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from retainsdk.view import BY_NAME, BookView
from retainsim.market.engine import Market
from retainsim.market.month import Month
from retainsim.market.person import People, rows
from retainsim.market.response import begin
from retainsim.market.streams import key_of
from retainsim.training.bots import Script
from retainsim.training.rounds.setting import AUTHORITY
from retainsim.training.scenario import Case, Scenario
from retainsim.training.scenario.scenario import Situation
from retainsim.training.session import Phase, Session


def call_of(market: Market, month: Month, row: People, view: BookView) -> Session:
    """
    The call of somebody who threatens, about to begin.

    Args:
        market: He lives in.
        month: In which he calls.
        row: Himself, as he calls; the truth.
        view: What was known as the month began.
    """
    key, name = int(row["key"][0]), market.preset.name
    unsaid = {"en": "", "he": ""}
    scenario = Scenario(
        name="rounds",
        version=1,
        preset=name,
        situation=Situation.THREAT,
        past="none",
        concepts=("A1", "A5"),
        minutes=0,
        title=unsaid,
        aim=unsaid,
        brief=unsaid,
        authority=AUTHORITY,
        digest=digest_of(key),
    )
    case = Case(market=market, month=month, row=row, card=_card(view, key))
    return Session(
        scenario=scenario,
        reference=scenario.name,
        seed=seed_of(key),
        case=case,
        calls=(begin(rows(row)[0], market.rules.plain()),),
    )


def seed_of(key: int) -> int:
    """Of the words of all calls with somebody."""
    return key_of("call", key) >> 1


def digest_of(key: int) -> str:
    """In place of a scenario's."""
    return f"{key:016x}"


def by_script(session: Session) -> Session:
    """The call as somebody goes on with it who keeps to the script of a good desk."""
    while session.phase is Phase.CALL:
        session = session.say(Script().move(session))
    return session


def _card(view: BookView, key: int) -> Mapping[str, Any]:
    """What is known of one customer, in plain Python values."""
    row = int(np.searchsorted(view.relationship, np.uint64(key)))
    return {name: getattr(view, name)[row].item() for name in BY_NAME if view.known(name)[row]}
