"""Commands about what policies propose: a person approves, edits or declines it, and does it."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import attrs

from retainsdk.account import Account
from retainsdk.account.proposal import Proposal
from retainsdk.action import ActionKind, action_called
from retainsdk.codec import id_text
from retainsdk.commands.acts import Acts
from retainsdk.commands.deeds import Doing, Hand, done
from retainsdk.commands.desk import Desk, refuse_instant, refuse_unknown
from retainsdk.errors import CommandError, HeldOut, MissingExtraError, PolicyError, RetainError
from retainsdk.events import ActionApproved, ActionDeclined, ActionDone, ActionProposed, Happening
from retainsdk.journal import Decision, How
from retainsdk.ledger import EXPERIMENT_STREAMS, Ledger, relationship_stream
from retainsdk.quantities import Money, months_later
from retainsdk.vocabulary import Channel
from retainsdk.wording import in_words

if TYPE_CHECKING:
    from retainsdk.policy import Actions, Budget, Policy
    from retainsdk.view import BookView


@attrs.frozen(kw_only=True)
class Proposed:
    """
    What became of a policy's wishes.

    Attributes:
        actions: What stands on the agenda now: relationships, and the numbers of the actions in them.
        refused: How many wishes were left out for want of consent.
        cut: How many for want of budget, or because the customer gets another action this month.
        held_out: How many because the customer is to be left alone.
        known: How many because the policy proposed something for the customer this month already.
    """

    actions: tuple[tuple[int, int], ...]
    refused: int
    cut: int
    held_out: int
    known: int


class ActionCommands(Acts):
    """Commands about what policies propose."""

    def propose(
        self,
        policy: Policy,
        *,
        budget: Budget | None = None,
        seed: int = 0,
        until: date | None = None,
        **how: Unpack[How],
    ) -> Proposed:
        """
        Ask a policy what it would do now, and put that on the agenda for people to decide.

        It passes the gate that book and market share: consent, budget, one action a customer. A policy proposes once a
        month for a customer: asked again in the same calendar month it adds only for others, within what is left
        of the budget.

        Args:
            policy: See `retainsdk.policy.Policy`; `retainsdk.policies.get` finds one by its name.
            budget: What a month of its proposals may take; without limit unless given.
            seed: Of the chance the policy may use.
            until: Last day on which its proposals make sense; a month from today unless given.
            how: See `How`; the book reads its own clock, so ``occurred_at`` is refused.

        Raises:
            PolicyError: When it fails, or answers with something else than actions.
            MissingExtraError: When numpy is not installed.
        """
        try:
            from retainsdk.policies.registry import title  # noqa: PLC0415 # numpy only when a policy is asked
            from retainsdk.policy import Budget as Limits  # noqa: PLC0415 # the same
        except ImportError as error:
            raise MissingExtraError("policy", "numpy") from error
        refuse_instant(how, "propose", "cannot be done for another time than now")
        limits, name = budget or Limits(), title(policy)

        def decide(ledger: Ledger, at: datetime) -> Decision:
            wishes = _Wishes(ledger=ledger, at=at, policy=name, view=self._view_of(ledger, at))
            asked = wishes.asked(policy, limits, seed)
            last = until or months_later(ledger.day(at), 1)
            happenings, counts = wishes.passed(policy, asked, limits, last)
            return counts, happenings

        asked = (name, str(budget), seed, until)
        counts = self._for_everybody("propose", asked, how, decide)
        actions = tuple((int(who, 16), number) for who, number in counts.pop("actions"))
        return Proposed(actions=actions, **counts)

    def approve_action(
        self,
        relationship: int,
        action: int,
        *,
        channel: Channel | None = None,
        amount: Money | None = None,
        months: int | None = None,
        **how: Unpack[How],
    ) -> None:
        """
        A person wants a proposal done, as it is or on another channel, for another amount, for another time.

        Raises:
            CommandError: When the customer does not allow the contact, its time is over, or an edit does not fit it.
            HeldOut: When the customer is the control of an experiment about such contacts.
            TransitionError: When it was declined or done already.
        """
        if amount is not None:
            self._refuse_foreign(amount)

        def decide(desk: Desk) -> Decision:
            proposal = _proposal(desk, action)
            _refuse_edit(proposal, amount, months)
            self._refuse_sending(desk, proposal, proposal.channel if channel is None else channel)
            body = ActionApproved(
                action=action, channel=channel, amount=amount, months=months, by=how["actor"]
            )
            return None, [desk.here(body)]

        self._about(relationship, "approve_action", (action, channel, amount, months), how, decide)

    def decline_action(self, relationship: int, action: int, *, why: str, **how: Unpack[How]) -> None:
        """A person does not want a proposal done, and says why, so that policies can learn."""
        if not why.strip():
            raise CommandError(f"why {why!r}", "says nothing", "Say in a few words why it is not done.")

        def decide(desk: Desk) -> Decision:
            _proposal(desk, action)
            return None, [desk.here(ActionDeclined(action=action, why=why))]

        self._about(relationship, "decline_action", (action, why), how, decide)

    def action_done(
        self,
        relationship: int,
        action: int,
        *,
        text: str = "",
        two_way: bool | None = None,
        offering: str | None = None,
        due: datetime | None = None,
        promise: int | None = None,
        case: int | None = None,
        to: str = "",
        document: str = "",
        **how: Unpack[How],
    ) -> None:
        """
        An approved proposal was done: what that makes of the book is written with it, in one commit.

        Args:
            relationship: For whom.
            action: Its number.
            text: What was said or written.
            two_way: Whether the customer said something too.
            offering: Code of the package offered.
            due: Until when what was promised is to be done, or a survey to be answered.
            promise: The broken promise that is made good; the last one unless given.
            case: The case that is escalated or mediated; the one that is open unless given.
            to: To whom it is escalated, or who mediates.
            document: The paper of the mediation.
            how: See `How`.

        Raises:
            CommandError: When the customer does not allow the contact by now, its time is over, what it needs is
                missing, or it grants more than the actor may.
            HeldOut: When the customer is the control of an experiment about such contacts by now.
            TransitionError: When nobody has approved it, or it was done already.
        """
        doing = Doing(
            text=text, two_way=two_way, offering=offering, due=due, promise=promise, case=case, to=to, document=document
        )  # fmt: skip

        def decide(desk: Desk) -> Decision:
            proposal = _proposal(desk, action)
            self._refuse_sending(desk, proposal, proposal.channel)
            if proposal.amount:
                self._refuse_above_authority(how["actor"], proposal.amount)
            hand = Hand(
                contacted=partial(self._contacted, desk),
                offered=partial(self._offered, desk, how["actor"]),
                explained=partial(self._explained, desk),
                compensated=partial(self._compensated, desk, how["actor"]),
            )
            return None, [desk.here(ActionDone(action=action)), *done(desk, proposal, doing, hand)]

        self._about(relationship, "action_done", (action, doing), how, decide)

    def _view_of(self, ledger: Ledger, at: datetime) -> BookView:
        raise NotImplementedError  # the book's: it knows how to fill a view

    def _refuse_sending(self, desk: Desk, proposal: Proposal, channel: Channel) -> None:
        if desk.day > proposal.proposed.until:
            raise CommandError(
                f"action {proposal.number}",
                f"made sense until {proposal.proposed.until}, and it is {desk.day}",
                "Let the policy propose anew.",
            )
        action = action_called(proposal.kind)
        if action.consent is None:
            return
        customer = desk.ledger.customer_of(desk.account)
        if not customer.may_be_contacted(action.consent, channel, desk.at):
            raise CommandError(
                f"{in_words(proposal.kind)} by {in_words(channel.name)}",
                f"needs what {customer.name} does not allow: {in_words(action.consent)} on that channel",
                "Choose a channel he allows, or leave him in peace.",
            )
        desk.ledger.experiments = self._read([EXPERIMENT_STREAMS])[0].experiments
        held_out = desk.ledger.held_out(desk.account, action.consent, desk.day)
        if held_out is not None and not action.owed:
            raise HeldOut(id_text(desk.id), held_out.name, action.consent)


@attrs.frozen(kw_only=True)
class _Wishes:
    """One asking of a policy: who may be proposed anything, and what of it passes the gate."""

    ledger: Ledger
    at: datetime
    policy: str
    view: BookView

    @property
    def today(self) -> date:
        return self.ledger.day(self.at)

    @property
    def period(self) -> int:
        return self.today.year * 12 + self.today.month - 1

    def asked(self, policy: Policy, budget: Budget, seed: int) -> Actions:
        from retainsdk.policy import Actions as Wanted  # noqa: PLC0415 # numpy only when a policy is asked
        from retainsdk.policy import PolicyStream  # noqa: PLC0415 # the same

        draw = PolicyStream(seed=seed, period=self.period, relationships=self.view.relationship)
        try:
            actions: object = policy.decide(self.view, budget, draw)
        except RetainError:
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            raise PolicyError(f"{policy.name}.decide failed with {what}. Correct it there.") from error
        if not isinstance(actions, Wanted):
            what = type(actions).__name__
            raise PolicyError(f"{policy.name}.decide must return Actions, not {what}. Build them with act().")
        return actions

    def passed(
        self, policy: Policy, asked: Actions, budget: Budget, until: date
    ) -> tuple[list[Happening], dict[str, Any]]:
        from retainsdk.policy import Budget as Limits  # noqa: PLC0415 # numpy only when a policy is asked
        from retainsdk.policy import execute  # noqa: PLC0415 # the same

        asked = asked.where(lambda _, kind: kind is not ActionKind.NOTHING)
        this_month = self._of_this_month()
        new = asked.where(lambda who, _: who not in this_month)
        free = new.where(lambda who, kind: not self._is_held_out(who, kind))
        minutes, money = self._spent(this_month)
        left = Limits(
            minutes=None if budget.minutes is None else max(budget.minutes - minutes, 0),
            money=None if budget.money is None else max(budget.money - money, 0),
        )
        executed = execute(free, self.view, left)
        happenings, numbers = [], []
        for row in range(len(executed.done)):
            body = self._body(policy, executed.done, row, until)
            who = int(executed.done.relationship[row])
            happenings.append(Happening(stream=relationship_stream(who), body=body, occurred_at=self.at))
            numbers.append((id_text(who), body.action))
        counts = {
            "actions": numbers,
            "refused": len(executed.refused),
            "cut": len(executed.cut),
            "held_out": len(new) - len(free),
            "known": len(asked) - len(new),
        }
        return happenings, counts

    def _body(self, policy: Policy, done: Actions, row: int, until: date) -> ActionProposed:
        account = self.ledger.account(int(done.relationship[row]))
        action = ActionKind(int(done.kind[row]))
        purpose = action_called(action.name.lower()).consent
        experiment = None if purpose is None else self.ledger.experiment(purpose, self.today)
        return ActionProposed(
            action=len(account.proposals) + 1,
            kind=action.name.lower(),
            channel=Channel(int(done.channel[row])),
            amount=Money.from_minor(int(done.amount[row]), self.ledger.currency),
            months=int(done.months[row]),
            priority=int(done.priority[row]),
            policy=self.policy,
            policy_version=_version(policy),
            probability=float(done.probability[row]),
            reason=done.reasons[int(done.reason[row])],
            until=until,
            experiment="" if experiment is None else experiment.name,
            arm="" if experiment is None else self.ledger.arm(account, experiment),
        )

    def _of_this_month(self) -> Mapping[int, list[Proposal]]:
        found: dict[int, list[Proposal]] = {}
        for id_, account in self.ledger.accounts.items():
            mine = [it for it in account.proposals.values() if self._is_mine(it)]
            if mine:
                found[id_] = mine
        return found

    def _is_mine(self, proposal: Proposal) -> bool:
        day = self.ledger.day(proposal.proposed_at)
        same_month = (day.year, day.month) == (self.today.year, self.today.month)
        return same_month and proposal.proposed.policy == self.policy

    def _spent(self, this_month: Mapping[int, list[Proposal]]) -> tuple[int, int]:
        standing = [it for mine in this_month.values() for it in mine if it.state != "declined"]
        minutes = sum(action_called(it.kind).minutes for it in standing)
        return minutes, sum(it.amount.minor * max(it.months, 1) for it in standing)

    def _is_held_out(self, who: int, kind: ActionKind) -> bool:
        account: Account | None = self.ledger.accounts.get(who)
        action = action_called(kind.name.lower())
        if account is None or action.consent is None or action.owed:
            return False
        return self.ledger.held_out(account, action.consent, self.today) is not None


def _version(policy: Policy) -> str:
    """As it says itself, or a digest of its code: two of one name and other code can be told apart later."""
    version = getattr(policy, "version", None)
    if version is not None:
        return str(version)
    try:
        code = inspect.getsource(type(policy))
    except (OSError, TypeError):  # typed into a terminal
        return ""
    return hashlib.blake2b(code.encode(), digest_size=6).hexdigest()


def _proposal(desk: Desk, action: int) -> Proposal:
    refuse_unknown("action", action, desk.account.proposals)
    return desk.account.proposals[action]


def _refuse_edit(proposal: Proposal, amount: Money | None, months: int | None) -> None:
    slots = action_called(proposal.kind).slots
    for name, value in (("amount", amount), ("months", months)):
        if value is not None and name not in slots:
            raise CommandError(f"{name} {value}", f"is no slot of {in_words(proposal.kind)}", "Leave it out.")
    if (amount is not None and amount.amount < 0) or (months is not None and months < 0):
        raise CommandError(f"{amount} for {months} months", "must not be negative", "State what it gives.")
