"""The firm: its people, programmes, campaigns and experiments, what it owes by its rules, and what policies propose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from retainsdk.cli.command import Deed, Gathered, Given, Look, counts
from retainsdk.cli.pages import Page
from retainsdk.cli.words import (
    ID,
    Amount,
    Count,
    Day,
    Instant,
    Morning,
    Number,
    OneOf,
    Purpose,
    Reading,
    Refused,
    Schema,
    Who,
    Word,
    arg,
    flag,
    need,
    opt,
)
from retainsdk.vocabulary import Channel

if TYPE_CHECKING:
    from retainsdk.book import Book

_NAME = arg("name", Word(), "His name, as owner and actor of all he does.")
_WHO = arg("relationship", Who(), "For whom: a name, a reference or an id.")
_ACTION = arg("action", Number(), "The number of the proposal.")


@attrs.frozen(kw_only=True)
class TierWord(Word):
    """A tier of a programme: its name, what it takes, and what it gives."""

    metavar: str = "NAME=AMOUNT[:BENEFIT,…]"
    needs_book: ClassVar[bool] = True

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # what help does not load
        """The tier."""
        from retainsdk.events import Tier  # noqa: PLC0415 # help must be quick

        name, equals, rest = text.partition("=")
        amount, _, benefits = rest.partition(":")
        if not (name.strip() and equals):
            raise Refused("must be like 'silver=100:late check-out'", "Write name, amount and benefits.")
        given = tuple(it.strip() for it in benefits.split(",") if it.strip())
        return Tier(name=name.strip(), threshold=Amount().read(amount, book), benefits=given)


@attrs.frozen(kw_only=True)
class Tenure(Word):
    """A benefit for so many months of tenure."""

    metavar: str = "MONTHS=BENEFIT"

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401 # what help does not load
        """The benefit."""
        from retainsdk.events import TenureBenefit  # noqa: PLC0415 # help must be quick

        months, equals, benefit = text.partition("=")
        if not (equals and benefit.strip()):
            raise Refused("must be like '24=a month free'", "Write months and benefit.")
        return TenureBenefit(months=Count().read(months, book), benefit=benefit.strip())


@attrs.frozen(kw_only=True)
class Setting(Word):
    """A figure of a duty."""

    metavar: str = "FIGURE=N"

    def read(self, text: str, book: Book | None) -> tuple[str, int]:
        """Its name, and what it is set to."""
        name, equals, value = text.partition("=")
        if not (name.strip() and equals):
            raise Refused("must be like 'end_days=60'", "Write the figure and its number.")
        return name.strip().replace("-", "_"), Count().read(value, book)


def _asked(book: Book, *, policy: str, **told_: Any) -> Any:  # noqa: ANN401 # what was typed
    """A policy by its name, asked."""
    from retainsdk import policies  # noqa: PLC0415 # numpy

    return book.propose(policies.get(policy), **told_)


def _budget(read: Reading, typed: Mapping[str, Any], _: Mapping[str, Any]) -> object:
    from retainsdk.policy import Budget  # noqa: PLC0415 # numpy

    if not typed or not read.is_clean:
        return None
    money = typed.get("money")
    return Budget(minutes=typed.get("minutes"), money=None if money is None else money.rounded().minor)


_PROPOSED: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"relationship": ID, "action": {"type": "integer"}},
        "required": ["relationship", "action"],
        "additionalProperties": False,
    },
}


def _actions(proposed: Any) -> list[dict[str, object]]:  # noqa: ANN401 # what a policy proposed
    return [{"relationship": f"{who:016x}", "action": action} for who, action in proposed.actions]


def _said_proposed(shown: Mapping[str, str]) -> str:
    left = f"without consent {shown['refused']}, beyond the budget {shown['cut']}, held out {shown['held_out']}, known {shown['known']}"
    return f"Proposed: {shown['proposed']}. Left out: {left}."


def _policies() -> Page:
    from retainsdk import policies  # noqa: PLC0415 # numpy

    named = {
        name: (type(policies.get(name)).__doc__ or "").strip().splitlines()[0] for name in policies.names()
    }
    shown = [f"{name:<14} {title}" for name, title in named.items()]  # as they are typed
    return Page(
        title="Policies that ship, by the names they are asked for:",
        told={"policies": named},
        shown={"policies": shown},
    )


def _duties(book: Book, as_of: datetime | None = None) -> Page:
    from retainsdk.duties.settings import figures  # noqa: PLC0415 # help must be quick

    known = {duty.name: figures(duty) for duty in book.duties(as_of).on()}
    off = sorted(set(book.duties(as_of).names()) - known.keys())
    shown: dict[str, object] = {
        name: ", ".join(f"{figure} {value}" for figure, value in its.items()) or "on"
        for name, its in known.items()
    }
    shown |= dict.fromkeys(off, "off")
    return Page(
        title="Duties of the book, and their figures:", told={"duties": known, "off": off}, shown=shown
    )


def _proposals(book: Book, policy: str | None = None, as_of: datetime | None = None) -> Page:
    ledger = book.ledger(as_of=as_of)
    found = [
        {
            "relationship": f"{id_:016x}",
            "customer": ledger.customer_of(account).name,
            "action": it.number,
            "kind": it.kind,
            "state": it.state,
            "policy": it.proposed.policy,
            "reason": it.proposed.reason,
            "until": it.proposed.until,
        }
        for id_, account in ledger.accounts.items()
        for it in account.proposals.values()
        if policy is None or it.proposed.policy.partition("(")[0] == policy
    ]
    lines = {
        f"{it['action']} for {it['customer']} [{it['relationship']}]": f"{it['kind']}, {it['state']}: {it['reason']}"
        for it in found
    }
    return Page(title=f"{len(found):,} proposed.", told={"proposals": found}, shown=lines)


def _list_of(*names: str) -> Schema:
    return {"type": "array", "items": {"type": "object", "required": list(names)}}


ROWS = (
    Deed(
        words="staff join",
        does="Record that somebody began to work for us, or works for us again.",
        call="join_staff",
        takes=(
            _NAME,
            opt("languages", Word(), "He speaks.", option="--language", many=True),
            opt("skills", Word(), "He has.", option="--skill", many=True),
            opt("hours", Word(metavar="HOURS"), "Like 'Sun-Thu 09:00-17:00'. [default: the firm's]"),
        ),
        says="{name} works for us.",
        example="retainsdk staff join dana --language he --hours 'Sun-Thu 09:00-17:00'",
    ),
    Deed(
        words="staff absent",
        does="Record that somebody is away, and who sees to what falls due meanwhile.",
        call="record_absence",
        takes=(
            _NAME,
            need("starts_on", Day(), "The first day."),
            need("ends_on", Day(), "The day on which he is back."),
            need("deputy", Word(metavar="NAME"), "Who sees to it."),
            opt("why", Word(), "Why."),
        ),
        says="{name} is away from {starts_on} until {ends_on}; {deputy} sees to it.",
        example="retainsdk staff absent dana --starts-on 2026-04-01 --ends-on 2026-04-08 --deputy omer",
    ),
    Deed(
        words="staff leave",
        does="Record that somebody stopped working for us; what was his goes to a successor.",
        call="leave_staff",
        takes=(_NAME, opt("successor", Word(metavar="NAME"), "To whom it goes.")),
        says="{name} works for us no longer.",
        example="retainsdk staff leave dana --successor omer",
    ),
    Deed(
        words="staff authority",
        does="Record how much somebody may grant without asking, and whom he asks for more.",
        call="set_authority",
        takes=(
            _NAME,
            need("up_to", Amount(), "At a time."),
            opt("asks", Word(metavar="NAME"), "Whom he asks."),
        ),
        says="{name} may grant {up_to} at a time.",
        example="retainsdk staff authority dana --up-to 50 --asks ruth",
    ),
    Deed(
        words="programme change",
        does="Give a members' programme these rules from now on; a new one begins with its first rules.",
        call="change_programme",
        takes=(
            arg("name", Word(), "Of the programme."),
            opt("tiers", TierWord(), "A tier, what it takes and gives.", option="--tier", many=True),
            opt("window_months", Count(), "How many months of purchases count. [default: 12]"),
            opt(
                "tenure_benefits",
                Tenure(),
                "What members of so many months get.",
                option="--tenure-benefit",
                many=True,
            ),
            opt("least_tenure_months", Count(), "Months before a customer may join."),
            opt("cost_per_member", Amount(), "A month."),
            flag("marks_occasions", "Members are promised a greeting on their birthday."),
        ),
        says="The programme {name} has these rules.",
        example="retainsdk programme change club --tier 'silver=100:free delivery' --tenure-benefit '24=a month free'",
    ),
    Deed(
        words="programme join",
        does="Make a customer a member of a programme.",
        call="join_programme",
        takes=(_WHO, arg("programme", Word(), "Its name.")),
        says="{relationship} is a member of {programme}.",
        example="retainsdk programme join Noa club",
    ),
    Deed(
        words="programme leave",
        does="End a customer's membership of a programme.",
        call="leave_programme",
        takes=(_WHO, arg("programme", Word(), "Its name.")),
        says="{relationship} is a member of {programme} no longer.",
        example="retainsdk programme leave Noa club",
    ),
    Deed(
        words="campaign run",
        does="Record a campaign: what for, when, and what it costs.",
        call="run_campaign",
        takes=(
            arg("name", Word(), "Of the campaign."),
            need("purpose", Word(), "What for."),
            opt("segment", Word(), "Whom it addresses."),
            need("starts_on", Day(), "The first day."),
            need("ends_on", Day(), "The first day after it."),
            need("cost", Amount(), "In all."),
        ),
        says="The campaign {name} runs from {starts_on} until {ends_on}.",
        example="retainsdk campaign run spring --purpose acquisition --starts-on 2026-03-01 --ends-on 2026-04-01 --cost 4000",
    ),
    Deed(
        words="duties run",
        does="Open the promises that we owe by our rules and that are missing, and void those we no longer owe.\n\n"
        "Running again changes nothing.",
        call="run_duties",
        gives=counts("opened", "moved", "voided", "settled", "looked_at"),
        says="Opened: {opened}. Moved: {moved}. Voided: {voided}. Settled: {settled}. Looked at: {looked_at}.",
        example="retainsdk duties run --actor duties",
        without=("occurred_at",),
        by_hours=True,
    ),
    Look(
        words="duties list",
        does="List what the firm owes by its rules, as the book says, with the figures.",
        call=_duties,
        takes=(opt("as_of", Morning(), "As the book said on the morning of that day. [default: now]"),),
        gives=lambda: {
            "duties": {"type": "object", "additionalProperties": {"type": "object"}},
            "off": {"type": "array", "items": {"type": "string"}},
        },
        example="retainsdk duties list",
    ),
    Deed(
        words="duties change",
        does="Owe by a DUTY from now on, with these figures, or no longer.\n\n"
        "Figures that are not named stay as they are; 'retainsdk duties list' shows them.",
        call="change_duty",
        takes=(
            arg("duty", Word(), "Its name."),
            flag(
                "on",
                "It is owed no longer; what it opened and is not due yet goes away.",
                option="--off",
                value=False,
            ),
        ),
        gathers=(
            Gathered(
                name="figures",
                parts=(
                    opt("figures", Setting(), "A figure; 0 is nothing promised.", option="--set", many=True),
                ),
                make=lambda _, typed, __: dict(pair for pair in typed["figures"] if pair) if typed else None,
            ),
        ),
        says="The duty {duty} is as the book says now.",
        example="retainsdk duties change notices --set end_days=60",
    ),
    Deed(
        words="policy propose",
        does="Ask a POLICY what it would do now, and put that on the agenda for people to decide.\n\n"
        "POLICY is the name of one that ships, or path/to/file.py:Name.",
        call=_asked,
        takes=(
            arg("policy", Word(), "Its name."),
            opt("seed", Count(), "Of the chance it may use. [default: 0]"),
            opt("until", Day(), "Last day on which its proposals make sense. [default: a month from today]"),
        ),
        gathers=(
            Gathered(
                name="budget",
                parts=(
                    opt("minutes", Count(), "Of representatives, a month. [default: no limit]"),
                    opt("money", Amount(), "A month. [default: no limit]"),
                ),
                make=_budget,
            ),
        ),
        gives=(
            Given(name="proposed", schema={"type": "integer"}, of=lambda result: len(result.actions)),
            *counts("refused", "cut", "held_out", "known"),
            Given(name="actions", schema=_PROPOSED, of=_actions),
        ),
        says=_said_proposed,
        example="retainsdk policy propose early_warning --minutes 600 --actor policies",
        without=("occurred_at",),
    ),
    Deed(
        words="policy approve",
        does="Want a proposal done: as it is, or on another channel, for another amount, for another time.",
        call="approve_action",
        takes=(
            _WHO,
            _ACTION,
            opt("channel", OneOf(words=Channel), "On which channel instead."),
            opt("amount", Amount(), "For which amount instead."),
            opt("months", Count(), "For how long instead."),
        ),
        says="Proposal {action} for {relationship} is approved.",
        example="retainsdk policy approve Noa 1 --channel phone",
    ),
    Deed(
        words="policy decline",
        does="Do not want a proposal done, and say why.",
        call="decline_action",
        takes=(_WHO, _ACTION, need("why", Word(), "Why, so that policies can learn.")),
        says="Proposal {action} for {relationship} is declined.",
        example="retainsdk policy decline Noa 1 --why 'we spoke yesterday'",
    ),
    Deed(
        words="policy done",
        does="Record that an approved proposal was done, with all that makes of the book.",
        call="action_done",
        takes=(
            _WHO,
            _ACTION,
            opt("text", Word(), "What was said or written."),
            flag("two_way", "The customer said something too."),
            flag("two_way", "He said nothing.", option="--one-way", value=False),
            opt("offering", Word(metavar="CODE"), "The package offered."),
            opt("due", Instant(), "Until when what was promised is to be done."),
            opt("promise", Number(), "The broken promise that is made good."),
            opt("case", Number(), "The case that is escalated or mediated."),
            opt("to", Word(metavar="NAME"), "To whom it is escalated, or who mediates."),
            opt("document", Word(), "The paper of the mediation."),
        ),
        says="Proposal {action} for {relationship} is done.",
        example="retainsdk policy done Noa 1 --text 'all is well' --two-way",
    ),
    Look(
        words="policy list",
        does="List the policies that ship.",
        call=_policies,
        gives=lambda: {"policies": {"type": "object", "additionalProperties": {"type": "string"}}},
        example="retainsdk policy list",
        needs_book=False,
    ),
    Look(
        words="policy proposals",
        does="List what policies have proposed, and what became of it.",
        call=_proposals,
        takes=(
            opt("policy", Word(), "Of one policy only."),
            opt("as_of", Morning(), "As it was on the morning of that day. [default: now]"),
        ),
        gives=lambda: {
            "proposals": _list_of(
                "relationship", "customer", "action", "kind", "state", "policy", "reason", "until"
            )
        },
        example="retainsdk policy proposals",
    ),
    Deed(
        words="experiment declare",
        does="Divide customers by chance, and leave one part of them alone as to contacts for a purpose.",
        call="declare_experiment",
        takes=(
            arg("name", Word(), "Unique in the book."),
            need("purpose", Purpose(), "Of the contacts it is about."),
            need("starts_on", Day(), "First day on which the control is left alone."),
            need("ends_on", Day(), "First day on which it no longer is."),
            opt("arms", Word(metavar="NAME"), "An arm; the first is the control.", option="--arm", many=True),
            opt("shares", Count(), "Of an arm, in whole parts.", option="--share", many=True),
            opt("seed", Count(), "Another one divides the customers anew."),
            opt("question", Word(), "What it is to answer."),
        ),
        says="The experiment {name} runs from {starts_on} until {ends_on}.",
        example="retainsdk experiment declare calls --purpose sales --starts-on 2026-03-01 --ends-on 2026-06-01",
    ),
)
