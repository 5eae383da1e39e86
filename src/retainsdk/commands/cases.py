"""Commands about cases, from the opening to the settlement, and about the ladder of a dispute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Unpack

import attrs

from retainsdk.account import Account
from retainsdk.account.commitments import resumed
from retainsdk.case import CaseEvent
from retainsdk.case.recurrence import WINDOW, first_of, repeated_by
from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.events import (
    Acknowledged,
    CaseOpened,
    CaseWithdrawn,
    ClockPaused,
    ClockResumed,
    Closed,
    DisputeStepTaken,
    Escalated,
    HandedOver,
    Merged,
    OptionChosen,
    OptionsOffered,
    Reopened,
    Resolved,
    WorkStarted,
)
from retainsdk.journal import Decision, How
from retainsdk.vocabulary import CaseKind, Channel, DisputeStep, Reason, Side


class CaseCommands(Desks):
    """Commands about cases. A case is named by its number within the relationship."""

    def open_case(
        self,
        relationship: int,
        *,
        kind: CaseKind,
        topic: str,
        stated_reason: Reason | None = None,
        handler: str = "",
        contract: int | None = None,
        repeats: int | None = None,
        window: timedelta = WINDOW,
        news: str = "",
        by: Side = Side.CUSTOMER,
        **how: Unpack[How],
    ) -> int:
        """
        A customer complained, threatened to leave, …, or something came up that he must be told.

        A threat to leave begins nothing by itself: the end begins with `begin_end`, when he means it.

        Args:
            relationship: With whom.
            kind: What sort of thing.
            topic: In a few words; equal words are the same topic.
            stated_reason: Why he says he will leave; for a threat.
            handler: The one who handles it; whoever gives the command, unless said.
            contract: Number of the contract it is about; for a dispute the last one, unless said.
            repeats: Number of a case that came up again; a complaint on the same topic is found without.
            window: How long after it was settled a complaint on the same topic repeats it; empty for never.
            news: What is to be broken to him; for bad news, and the topic unless said.
            by: Who raised it; an answer is owed at once when it was the customer.
            how: See `How`.

        Returns:
            Its number.
        """

        def decide(desk: Desk) -> Decision:
            account = desk.account
            number = len(account.cases) + 1
            if contract is not None:
                refuse_unknown("contract", contract, account.contracts)
            about = contract
            if about is None and kind is CaseKind.DISPUTE and account.contract is not None:
                about = account.contract.number
            first = None
            if repeats is not None:
                refuse_unknown("case", repeats, account.cases)
                first = first_of(account.cases, repeats)  # of a chain that goes on, whichever of it is named
            elif kind is CaseKind.COMPLAINT:
                first = repeated_by(account.cases, topic, desk.at, window)
            body = CaseOpened(
                kind=kind,
                topic=topic,
                stated_reason=stated_reason,
                handler=handler or how["actor"],
                contract=about,
                repeats=None if first is None else first.number,
                news=news or (topic if kind is CaseKind.BAD_NEWS else ""),
                by=by,
            )
            return number, [desk.on_case(number, body)]

        asked = (kind, topic, stated_reason, handler, contract, repeats, window.total_seconds(), news, by)
        return int(self._about(relationship, "open_case", asked, how, decide))

    def acknowledge_case(self, relationship: int, case: int, **how: Unpack[How]) -> None:
        """The customer was told that his case is seen to, and by whom."""
        self._of_case("acknowledge_case", relationship, case, Acknowledged(), how)

    def start_case(self, relationship: int, case: int, **how: Unpack[How]) -> None:
        """Its handler began to work on it."""
        self._of_case("start_case", relationship, case, WorkStarted(), how)

    def hand_over_case(self, relationship: int, case: int, *, to: str, why: str, **how: Unpack[How]) -> None:
        """Another representative handles it from now on; hand-overs are counted."""
        self._of_case("hand_over_case", relationship, case, HandedOver(to=to, why=why), how)

    def escalate_case(self, relationship: int, case: int, *, to: str, why: str, **how: Unpack[How]) -> None:
        """It was brought to somebody who may decide more; its handler stays."""
        self._of_case("escalate_case", relationship, case, Escalated(to=to, why=why), how)

    def await_customer(self, relationship: int, case: int, *, why: str, **how: Unpack[How]) -> None:
        """We asked the customer for something; the clock stands until he replies."""
        self._of_case("await_customer", relationship, case, ClockPaused(why=why), how)

    def customer_replied(self, relationship: int, case: int, **how: Unpack[How]) -> None:
        """He replied; the clock goes on, and what duties owe in the case is due as much later as we waited."""
        self._of_case("customer_replied", relationship, case, ClockResumed(), how)

    def offer_options(
        self,
        relationship: int,
        case: int,
        *,
        why: str,
        options: Sequence[str] = (),
        channel: Channel | None = None,
        refused: bool = False,
        until: datetime | None = None,
        **how: Unpack[How],
    ) -> None:
        """
        What he asked for must wait or cannot be: he was offered other ways.

        Args:
            relationship: With whom.
            case: In which case.
            why: The reason, as he was told.
            options: Two other ways at least, unless there is another channel.
            channel: Another channel that serves him sooner.
            refused: Whether his wish cannot be at all.
            until: When it can be; a delay must say it.
            how: See `How`.
        """
        body = OptionsOffered(why=why, options=tuple(options), channel=channel, refused=refused, until=until)
        self._of_case("offer_options", relationship, case, body, how)

    def choose_option(self, relationship: int, case: int, *, option: str, **how: Unpack[How]) -> None:
        """He chose one of the ways offered last; another channel goes by its name, like ``phone``."""
        self._of_case("choose_option", relationship, case, OptionChosen(option=option), how)

    def resolve_case(self, relationship: int, case: int, *, how_done: str, **how: Unpack[How]) -> None:
        """A case was settled; a dispute is by the step that settles it."""
        self._of_case("resolve_case", relationship, case, Resolved(how=how_done), how)

    def confirm_case(self, relationship: int, case: int, **how: Unpack[How]) -> None:
        """The customer confirmed that it is settled."""
        self._of_case("confirm_case", relationship, case, Closed(), how)

    def reopen_case(self, relationship: int, case: int, *, why: str, **how: Unpack[How]) -> None:
        """It seemed settled and was not."""
        self._of_case("reopen_case", relationship, case, Reopened(why=why), how)

    def merge_cases(self, relationship: int, case: int, *, into: int, **how: Unpack[How]) -> None:
        """It turned out to be the same as another one, which goes on with all that is owed in it."""
        self._of_case("merge_cases", relationship, case, Merged(into=into), how)

    def withdraw_case(self, relationship: int, case: int, *, why: str, **how: Unpack[How]) -> None:
        """It needs no answer any longer."""
        self._of_case("withdraw_case", relationship, case, CaseWithdrawn(why=why), how)

    def take_dispute_step(
        self,
        relationship: int,
        case: int,
        *,
        step: DisputeStep,
        document: str,
        by: str = "",
        until: datetime | None = None,
        contract: int | None = None,
        **how: Unpack[How],
    ) -> None:
        """
        One step up the ladder of a dispute; settling it, and parting after all other steps, resolves the case.

        Args:
            relationship: With whom.
            case: The dispute.
            step: The next one, or SETTLED.
            document: The paper that shows it was taken.
            by: Who mediates: a third party, not the handler.
            until: When both have cooled off.
            contract: The contract that both go back to, when the dispute was opened without; the last one signed,
                unless said.
            how: See `How`.
        """
        taken = DisputeStepTaken(step=step, document=document, by=by, until=until, contract=contract)
        self._of_case("take_dispute_step", relationship, case, taken, how, complete=_with_contract)

    def _of_case(
        self,
        command: str,
        relationship: int,
        case: int,
        body: CaseEvent,
        how: How,
        *,
        complete: Callable[[Account, int, CaseEvent], CaseEvent] = lambda _account, _case, body: body,
    ) -> None:
        def decide(desk: Desk) -> Decision:
            refuse_unknown("case", case, desk.account.cases)
            turn = complete(desk.account, case, body)
            waits_no_longer = isinstance(body, ClockResumed | Resolved | CaseWithdrawn)
            moved = resumed(desk.account, case, desk.at, self._calendar) if waits_no_longer else ()
            return None, [desk.on_case(case, turn), *map(desk.here, moved)]

        self._about(relationship, command, (case, body), how, decide)


def _with_contract(account: Account, case: int, body: CaseEvent) -> CaseEvent:
    """A step of the ladder, with the contract gone back to when neither it nor its dispute names one."""
    if not isinstance(body, DisputeStepTaken):
        return body
    if body.contract is not None:
        refuse_unknown("contract", body.contract, account.contracts)
        return body
    is_bare = body.step is DisputeStep.CONTRACT_REVISITED and account.cases[case].contract is None
    if not is_bare or account.contract is None:
        return body
    return attrs.evolve(body, contract=account.contract.number)
