"""What is to be settled: requests, complaints, incidents, disputes, bad news, threats to leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Deed, Given, Look
from retainsdk.cli.pages import case_page, case_schema
from retainsdk.cli.words import (
    NUMBER,
    Days,
    Instant,
    Number,
    OneOf,
    Part,
    Who,
    Word,
    arg,
    flag,
    need,
    opt,
)
from retainsdk.vocabulary import CaseKind, Channel, DisputeStep, Reason, Side

if TYPE_CHECKING:
    from retainsdk.book import Book

_WHO = arg("relationship", Who(), "Whose: a name, a reference or an id.")
_WHICH = arg("case", Number(), "The number of the case.")
_WHY = need("why", Word(), "Why.")


def _of(
    words: str,
    does: str,
    call: str,
    says: str,
    example: str,
    *takes: Part,
    fixed: Mapping[str, Any] | None = None,
) -> Deed:
    return Deed(
        words=f"case {words}", does=does, call=call, takes=(_WHO, _WHICH, *takes), says=says,
        example=f"retainsdk case {example}", fixed=fixed or {},
    )  # fmt: skip


@attrs.frozen
class _Opened:
    """The number of a case, and of one that was open already on the same."""

    case: int
    open_already: int | None


def _opened(book: Book, *, relationship: int, **told: Any) -> _Opened:  # noqa: ANN401 # what was typed
    """A new case; whoever opens a second one on the same sees the first."""
    from retainsdk.case.recurrence import open_twin  # noqa: PLC0415 # help must be quick

    case = book.open_case(relationship, **told)
    twin = open_twin(book.account(relationship).cases, case)
    return _Opened(case, None if twin is None else twin.number)


def _said_opened(shown: Mapping[str, str]) -> str:
    said = f"Case {shown['case']} with {shown['relationship']}: {shown['kind']}, {shown['topic']}."
    if shown["open_already"] == "None":
        return said
    merge = f"retainsdk case merge … {shown['case']} --into {shown['open_already']}"
    return f"{said}\nCase {shown['open_already']} is open on the same: if it is one thing, let it go on there: {merge}"


ROWS = (
    Deed(
        words="case open",
        does="Open a case: something to settle with a customer.",
        call=_opened,
        takes=(
            _WHO,
            arg("kind", OneOf(words=CaseKind), "What it is about."),
            arg("topic", Word(), "In a few words; the same words are the same topic."),
            opt("stated_reason", OneOf(words=Reason), "Why he says he will leave; for a threat."),
            opt("handler", Word(metavar="NAME"), "Who handles it. [default: the actor]"),
            opt("contract", Number(), "The contract it is about."),
            opt("repeats", Number(), "The case that comes up again. [default: found by its topic]"),
            opt("window", Days(), "How far back it is looked for. [default: 90]"),
            opt("news", Word(), "What is to be broken to him; for bad news."),
            opt("by", OneOf(words=Side), "Who brought it up. [default: customer]"),
        ),
        gives=(
            Given(name="case", schema=NUMBER, of=lambda result: result.case),
            Given(
                name="open_already",
                schema={"anyOf": [NUMBER, {"type": "null"}]},
                of=lambda result: result.open_already,
            ),
        ),
        says=_said_opened,
        example="retainsdk case open Noa complaint 'late repair' --handler dana",
    ),
    _of("ack", "Tell the customer that his case is known; the clock of the first response goes on.", "acknowledge_case",
        "Case {case} of {relationship} is acknowledged.", "ack Noa 1"),
    _of("start", "Begin to work on a case.", "start_case", "Case {case} of {relationship} is worked on.", "start Noa 1"),
    _of("hand-over", "Give a case to another handler, who is told all of it.", "hand_over_case",
        "Case {case} of {relationship} is {to}'s now.", "hand-over Noa 1 --to omer --why 'he knows the machine'",
        need("to", Word(metavar="NAME"), "The new handler."), _WHY),
    _of("escalate", "Bring a case to somebody who may decide more; its handler stays.", "escalate_case",
        "Case {case} of {relationship} was brought to {to}.", "escalate Noa 1 --to ruth --why 'above my authority'",
        need("to", Word(metavar="NAME"), "To whom."), _WHY),
    _of("wait", "Wait for the customer: the clock of the case stands.", "await_customer",
        "Case {case} waits for {relationship}.", "wait Noa 1 --why 'he looks for the receipt'",
        need("why", Word(), "What we asked him for.")),
    _of("replied", "Record that he replied: the clock goes on.", "customer_replied",
        "{relationship} replied in case {case}.", "replied Noa 1"),
    _of("options", "Refuse or delay what the customer asks for, and let him choose among other ways, or another channel.", "offer_options",
        "In case {case} {relationship} was told what is possible.", "options Noa 1 --refused --option repair --option refund --why 'none is left'",
        opt("options", Word(), "Another way; two at least, unless another channel is offered.", option="--option", many=True),
        need("why", Word(), "Why it must wait or cannot be."),
        opt("channel", OneOf(words=Channel), "Another channel, on which he will be answered."),
        flag("refused", "It cannot be; else it must wait."),
        opt("until", Instant(), "Until when it must wait.")),
    _of("choose", "Record which of the options he chose.", "choose_option",
        "In case {case} {relationship} chose: {option}.", "choose Noa 1 --option refund",
        need("option", Word(), "The option, as it was offered.")),
    _of("resolve", "Settle a case; a dispute is settled by a step.", "resolve_case",
        "Case {case} of {relationship} is resolved: {how_done}.", "resolve Noa 1 --how 'refunded in full'",
        need("how_done", Word(), "How it was settled.", option="--how")),
    _of("confirm", "Record that the customer agrees that it is settled.", "confirm_case",
        "{relationship} confirmed that case {case} is settled.", "confirm Noa 1"),
    _of("reopen", "Open a case again that seemed settled and was not.", "reopen_case",
        "Case {case} of {relationship} is open again.", "reopen Noa 1 --why 'it leaks again'", _WHY),
    _of("merge", "Let another case go on with what is owed in this one: they are the same.", "merge_cases",
        "Case {case} of {relationship} goes on in case {into}.", "merge Noa 2 --into 1",
        need("into", Number(), "The case that goes on.")),
    _of("withdraw", "Close a case that needs no answer any longer.", "withdraw_case",
        "Case {case} of {relationship} was withdrawn.", "withdraw Noa 1 --why 'a mistake of his'", _WHY),
    _of("step", "Take a step of the ladder of a dispute, with its paper.", "take_dispute_step",
        "In case {case} of {relationship}: {step}.", "step Noa 1 contract-revisited --document 'minutes of 5 January'",
        arg("step", OneOf(words=DisputeStep), "Which step."),
        need("document", Word(), "The paper that proves it."),
        opt("by", Word(metavar="NAME"), "Who took it: the mediator."),
        opt("until", Instant(), "Until when the cooling-off lasts."),
        opt("contract", Number(), "The contract both go back to. [default: that of the dispute, or the last one signed]")),
    Look(
        words="case show",
        does="Show a case: who handles it, what was offered, where it stands.",
        call=case_page,
        takes=(_WHO, _WHICH),
        gives=case_schema,
        example="retainsdk case show Noa 1",
    ),
)  # fmt: skip
