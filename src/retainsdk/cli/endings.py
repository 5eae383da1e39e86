"""How a relationship ends, well or badly, and how it begins again."""

from __future__ import annotations

from collections.abc import Mapping

from retainsdk.cli.command import Deed, Given, number
from retainsdk.cli.words import Count, Day, Instant, OneOf, Part, Who, Word, arg, flag, need, opt
from retainsdk.vocabulary import ClosingStep, Reason, Side

_WHO = arg("relationship", Who(), "Which: a name, a reference or an id.")
_YES_NO_OR_NEITHER = {"type": ["boolean", "null"]}


def _of(words: str, does: str, call: str, says: str, example: str, *takes: Part) -> Deed:
    return Deed(
        words=words, does=does, call=call, takes=(_WHO, *takes), says=says, example=f"retainsdk {example}"
    )


def _ended(shown: Mapping[str, str]) -> str:
    well = {"yes": " well", "no": ", not well"}.get(shown["ended_well"], "")
    return f"The relationship with {shown['relationship']} ended{well}."


ROWS = (
    _of("exit begin", "Record that a relationship starts to end.", "begin_end",
        "The relationship with {relationship} starts to end.", "exit begin Noa --by customer",
        opt("by", OneOf(words=Side), "At whose wish.")),
    _of("exit save", "Record that a relationship that had started to end goes on.", "save",
        "{relationship} stays.", "exit save Noa --how 'the other tariff suits her'",
        need("how_done", Word(), "How it was saved.", option="--how")),
    _of("exit reason", "Record why a customer leaves: what he says, and what we believe.", "record_exit_reason",
        "Why {relationship} leaves is recorded: {stated}.", "exit reason Noa no-need-stated --assessed cheaper-competitor --evidence 'she named their price'",
        arg("stated", OneOf(words=Reason), "What he says."), opt("assessed", OneOf(words=Reason), "What we believe."),
        opt("detail", Word(), "A branch of the tree of reasons."), need("evidence", Word(), "How we know.")),
    Deed(
        words="exit survey",
        does="Ask a leaver how satisfied he was, until an instant; his answer is recorded with survey answer.",
        call="ask_survey",
        takes=(_WHO, need("answer_by", Instant(), "Until when he can answer.")),
        fixed={"instrument": "exit"},
        gives=(number("record"),),
        says="{relationship} is asked how satisfied he was, until {answer_by}.",
        example="retainsdk exit survey Noa --answer-by 2026-03-15T18:00",
    ),
    _of("exit step", "Record a step of a good ending, or that it need not be.", "do_closing_step",
        "{relationship}: {step}.", "exit step Noa thanked --evidence 'letter of 3 March'",
        arg("step", OneOf(words=ClosingStep), "Which step."), need("evidence", Word(), "How we know."),
        flag("needed", "It need not be done.", option="--not-needed", value=False)),
    Deed(
        words="exit complete",
        does="End a relationship, and with it the contract that runs.",
        call="complete_end",
        takes=(_WHO, opt("although", Word(), "Why it ends although steps of a good ending are missing.")),
        gives=(Given(name="ended_well", schema=_YES_NO_OR_NEITHER, of=lambda result: result),),
        says=_ended,
        example="retainsdk exit complete Noa",
    ),
    _of("winback open", "Set out to win a leaver back.", "open_winback",
        "{relationship} is to be won back: {plan}.", "winback open Noa --plan 'call before her lock-in ends' --lead-days 30",
        need("plan", Word(), "How."), opt("lead_days", Count(), "So many days before his lock-in elsewhere ends. [default: 30]")),
    _of("winback close", "Give up winning a leaver back.", "close_winback",
        "{relationship} is left in peace.", "winback close Noa --why 'asked not to be called'", need("why", Word(), "Why.")),
    _of("winback lock-in", "Record until when a leaver is bound to a competitor.", "learn_competitor_lock_in",
        "{relationship} is bound to {competitor} until {until}.", "winback lock-in Noa --competitor Bezal --until 2027-01-31 --source 'she said so'",
        need("competitor", Word(metavar="NAME"), "To whom."), need("until", Day(), "The last day."), need("source", Word(), "How we know.")),
    Deed(
        words="winback return",
        does="Record that a leaver came back: onboarding begins anew, his history stays.",
        call="record_return",
        takes=(_WHO, flag("tenure_kept", "His tenure goes on from where it ended.")),
        gives=(Given(name="news", schema={"type": "boolean"}, of=bool),),
        says="{relationship} came back.",
        example="retainsdk winback return Noa --tenure-kept",
    ),
)  # fmt: skip
