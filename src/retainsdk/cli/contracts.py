"""What was agreed: contracts from the draft to every kind of end, with terms from options or a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Deed, Gathered, Given, Look, number
from retainsdk.cli.pages import contract_page, contract_schema
from retainsdk.cli.words import (
    Amount,
    Count,
    Day,
    File,
    Instant,
    Morning,
    Number,
    OneOf,
    Part,
    Reading,
    Refused,
    Who,
    Word,
    arg,
    flag,
    need,
    opt,
)
from retainsdk.errors import RetainError, UnknownIdError
from retainsdk.vocabulary import Ending, Side, TermKind

if TYPE_CHECKING:
    from retainsdk.book import Book
    from retainsdk.contract import Contract
    from retainsdk.terms import Terms

_WHO = arg("relationship", Who(), "Whose: a name, a reference or an id.")
_WHICH = arg("contract", Number(), "The number of the contract.")
_WHY = need("why", Word(), "Why.")
_FORM = opt("form", File(), "A TOML file with terms; options go before it.", option="--terms")


@attrs.frozen(kw_only=True)
class Level(Word):
    """A service level: what is done, and in how many working hours."""

    metavar: str = "WHAT=HOURS"

    def read(self, text: str, book: Book | None) -> Any:  # noqa: ANN401, ARG002 # what help does not load
        """The service level."""
        from retainsdk.terms import ServiceLevel  # noqa: PLC0415 # help must be quick

        what, _, hours = text.rpartition("=")
        try:
            return ServiceLevel(what=what.strip(), working_hours=float(hours))
        except ValueError:
            raise Refused(
                "must be what is done and hours above 0, like 'repair=16'", "Write it so."
            ) from None


_TERMS = (
    opt("starts_on", Day(), "First day of service under these terms."),
    opt("kind", OneOf(words=TermKind), "How the term ends."),
    opt("months", Count(), "Length of the term; 0 when open-ended."),
    opt("fee", Amount(), "Per month, before tax."),
    opt("products", Count(), "Services taken."),
    opt("offering", Word(metavar="CODE"), "The package in the catalogue."),
    opt("lock_in_months", Count(), "Months that the customer is bound."),
    opt("notice_days", Count(), "Between notice and end."),
    opt("scope", Word(), "An item of work that is agreed.", many=True),
    opt("our_responsibilities", Word(), "What we do.", option="--we-do", many=True),
    opt("customer_responsibilities", Word(), "What the customer does.", option="--customer-does", many=True),
    opt("required_standard", Word(), "How good it must be."),
    opt("service_levels", Level(), "How soon what is done.", option="--service-level", many=True),
    opt("pace", Word(), "How fast work goes on."),
    opt("time_frame", Word(), "From when to when it is done."),
    opt("changes_of_scope", Word(), "How the two agree on other work."),
    opt("changes_of_pace", Word(), "How they agree on another pace."),
    opt("changes_of_time_frame", Word(), "How they agree on another time-frame."),
    opt("cadence_days", Count(), "Between contacts we promise."),
    opt("report_months", Count(), "Between progress reports we promise."),
    opt("early_termination_fee", Amount(), "Frees from the lock-in."),
    opt("withdrawal_days", Count(), "In which the law lets the customer withdraw."),
    opt("end_handling", Word(), "What both do when the contract ends."),
)


def _told(read: Reading, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of terms, and what options say instead."""
    path = typed.get("form")
    said = {name: value for name, value in typed.items() if name != "form"}
    return {**({} if path is None else _in_file(read, path)), **said}


def _in_file(read: Reading, path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        read.refuse(str(path), "what stands there", f"cannot be read as TOML ({error})", "Correct it there.")
        return {}
    parts = {part.name: part for part in _TERMS}
    found: dict[str, Any] = {}
    for name, value in table.items():
        part, place = parts.get(name), f"{path}, {name}"
        if part is None:
            read.refuse(place, str(value), "is no part of terms", f"Parts are: {', '.join(parts)}.")
        elif part.many:
            items = value if isinstance(value, list) else [value]
            found[name] = tuple(
                read.value(part.word, f"{place}[{i}]", _text(it)) for i, it in enumerate(items)
            )
        else:
            found[name] = read.value(part.word, place, _text(value))
    return found


def _text(value: object) -> str:
    if isinstance(value, dict):  # a service level
        return f"{value.get('what', '')}={value.get('working_hours', '')}"
    return str(value)


def _new(read: Reading, typed: Mapping[str, Any], _: Mapping[str, Any]) -> Terms | None:
    from retainsdk.terms import Terms  # noqa: PLC0415 # help must be quick

    said = _told(read, typed)
    for name in ("starts_on", "kind", "fee"):
        if name not in said:
            option = f"--{name.replace('_', '-')}"
            read.refuse(option, "nothing", "is needed", "Say it with the option, or in the file of --terms.")
    return _made(read, lambda: Terms(**said))


def _new_if_said(read: Reading, typed: Mapping[str, Any], values: Mapping[str, Any]) -> Terms | None:
    return _new(read, typed, values) if typed else None


def _other(read: Reading, typed: Mapping[str, Any], values: Mapping[str, Any]) -> Terms | None:
    """The terms in force, but for what is said."""
    said = _told(read, typed)
    unsaid = "starts_on" not in said
    starts_on = said.pop("starts_on", None)
    if unsaid:
        read.refuse("--starts-on", "nothing", "is needed", "Say from which day the other terms are in force.")
    return _made(read, lambda: _agreed(read, values).terms_on(starts_on).amended(starts_on=starts_on, **said))


def _follow_up(read: Reading, typed: Mapping[str, Any], values: Mapping[str, Any]) -> Terms | None:
    return _made(read, lambda: _agreed(read, values).versions[-1].renewed(**typed))


def _made(read: Reading, make: Callable[[], Terms]) -> Terms | None:
    if not read.is_clean or read.book is None:
        return None
    try:
        return make()
    except RetainError as error:
        read.take_note("terms", error)
        return None


def _agreed(read: Reading, values: Mapping[str, Any]) -> Contract:
    relationship = values["relationship"].relationship
    if read.book is None:
        raise AssertionError  # `_made` has looked
    contract = read.book.account(relationship).contract
    if contract is None:
        raise UnknownIdError("contract of relationship", f"{relationship:016x}")
    return contract


def _of(
    words: str,
    does: str,
    call: str,
    says: str,
    example: str,
    *takes: Part,
    gathers: tuple[Gathered, ...] = (),
) -> Deed:
    return Deed(
        words=f"contract {words}", does=does, call=call, takes=(_WHO, *takes), gathers=gathers, says=says,
        example=f"retainsdk contract {example}",
    )  # fmt: skip


_WHOLE = Gathered(name="terms", parts=(_FORM, *_TERMS), make=_new)
_CHANGED = Gathered(name="terms", parts=(_FORM, *_TERMS), make=_other)
CHANGED_IF_SAID = Gathered(
    name="terms",
    parts=(_FORM, *_TERMS),
    make=lambda read, typed, values: _other(read, typed, values) if typed else None,
)
_TERMS_SAID = "--kind fixed --months 12 --starts-on 2026-02-01 --fee 29.85"

ROWS = (
    Deed(
        words="contract draft",
        does="Put terms together for a customer, who has not seen them yet.",
        call="draft_terms",
        takes=(_WHO,),
        gathers=(_WHOLE,),
        gives=(number("contract"),),
        says="Contract {contract} with {relationship} is drafted.",
        example=f"retainsdk contract draft Noa {_TERMS_SAID}",
    ),
    _of("discard", "Give up a draft that came to nothing.", "discard_draft",
        "The draft of contract {contract} with {relationship} is discarded.", "discard Noa 1 --why 'too dear'", _WHICH, _WHY),
    _of("offer", "Lay the terms drafted before the customer.", "offer_terms",
        "Contract {contract} is offered to {relationship}.", "offer Noa 1 --valid-until 2026-01-31",
        _WHICH, opt("valid_until", Day(), "The last day on which he can take them.")),
    _of("revise", "Take the terms offered back, and draft others in their place.", "revise_terms",
        "Contract {contract} with {relationship} is drafted anew.", f"revise Noa 1 {_TERMS_SAID}", _WHICH, gathers=(_WHOLE,)),
    _of("decline", "Record that the customer did not want the terms offered.", "decline_terms",
        "{relationship} declined contract {contract}.", "decline Noa 1 --why 'another offer'", _WHICH, _WHY),
    _of("lapse", "Record that nobody answered the terms offered while they were open.", "lapse_terms",
        "The offer of contract {contract} to {relationship} has lapsed.", "lapse Noa 1", _WHICH),
    _of("letter", "Record that the customer accepted the engagement letter: work begins.", "accept_letter",
        "{relationship} accepted the engagement letter of contract {contract}.", "letter Noa 1 --document letter-17.pdf",
        _WHICH, need("document", Word(), "Where the letter is.")),
    _of("leave-letter", "Record that one side ended the engagement before the signature.", "withdraw_letter",
        "The engagement of contract {contract} with {relationship} is over.", "leave-letter Noa 1 --by customer --why 'moves away'",
        _WHICH, need("by", OneOf(words=Side), "Which side."), _WHY),
    Deed(
        words="contract sign",
        does="Record that both sides signed: a contract that was offered, or terms at once.",
        call="sign",
        takes=(
            _WHO, opt("contract", Number(), "The one that was offered."), opt("by_us", Word(metavar="NAME"), "Who signed for us."),
            opt("by_customer", Word(metavar="NAME"), "Who signed for the customer."), opt("document", Word(), "Where the paper is."),
            flag("supersede", "It takes the place of the contract in force."),
        ),
        gathers=(Gathered(name="terms", parts=(_FORM, *_TERMS), make=_new_if_said),),
        gives=(Given(name="signed", schema={"type": "integer"}, of=int),),
        says="Contract {signed} with {relationship} is signed.",
        example=f"retainsdk contract sign Noa {_TERMS_SAID}",
    ),
    _of("amend", "Record that both sides agreed on other terms; what is not said stays as it is.", "amend",
        "The contract with {relationship} is amended.", "amend Noa --starts-on 2026-07-01 --fee 24.85", gathers=(_CHANGED,)),
    Deed(
        words="contract propose",
        does="Record that one side proposes other terms; what is not said stays as it is.",
        call="propose_amendment",
        takes=(_WHO, need("by", OneOf(words=Side), "Which side.")),
        gathers=(_CHANGED,),
        gives=(number("amendment"),),
        says="Amendment {amendment} to the contract with {relationship} is proposed.",
        example="retainsdk contract propose Noa --by customer --starts-on 2026-07-01 --fee 24.85",
    ),
    _of("accept", "Record that the other side accepted an amendment.", "accept_amendment",
        "Amendment {amendment} to the contract with {relationship} is accepted.", "accept Noa 1 --by us",
        arg("amendment", Number(), "Its number."), need("by", OneOf(words=Side), "Which side.")),
    _of("reject", "Record that an amendment was not wanted, or taken back.", "reject_amendment",
        "Amendment {amendment} to the contract with {relationship} is rejected.", "reject Noa 1 --why 'below cost'",
        arg("amendment", Number(), "Its number."), _WHY),
    _of("renew", "Let the contract go on under follow-up terms, which change nothing but the term.", "renew",
        "The contract with {relationship} is renewed.", "renew Noa --starts-on 2027-02-01 --months 12",
        gathers=(Gathered(name="terms", parts=(
            need("starts_on", Day(), "First day of the follow-up."), opt("months", Count(), "Length of the term. [default: the same]"),
        ), make=_follow_up),)),
    _of("suspend", "Let service and fees rest.", "suspend",
        "The contract with {relationship} rests.", "suspend Noa --why 'abroad' --until 2026-09-01",
        _WHY, opt("until", Day(), "Until which day.")),
    _of("resume", "Let service and fees go on after a rest.", "resume",
        "The contract with {relationship} goes on.", "resume Noa"),
    Deed(
        words="contract notice",
        does="Record that one side gave notice, for a day or for the first one possible.",
        call="give_notice",
        takes=(_WHO, opt("ends_on", Day(), "First day without service. [default: the first possible]"),
               opt("by", OneOf(words=Side), "Which side. [default: customer]")),
        gives=(Given(name="ends_on", schema={"type": "string", "format": "date"}, of=str),),
        says="The contract with {relationship} ends on {ends_on}.",
        example="retainsdk contract notice Noa",
    ),
    _of("rescind", "Record that the notice was taken back.", "rescind_notice",
        "The notice to the contract with {relationship} is taken back.", "rescind Noa"),
    _of("terminate", "Terminate the contract: after notice, or earlier in a way that allows it.", "terminate",
        "The contract with {relationship} is terminated: {kind}.", "terminate Noa fee --fee 120 --evidence 'receipt 9'",
        arg("kind", OneOf(words=Ending), "How."), opt("evidence", Word(), "What proves it; for every kind but notice."),
        opt("by", OneOf(words=Side), "Who ended it."), opt("fee", Amount(), "Paid for ending early."),
        flag("waived", "That fee was waived."), opt("case", Number(), "The dispute that proves a breach of the customer."),
        opt("remedy_due", Instant(), "Until when we make good for our breach.")),
    _of("complete", "Record that all that stands in the scope was done, which ends the contract.", "complete_contract",
        "The contract with {relationship} is completed.", "complete Noa --evidence 'hand-over of 3 March'",
        need("evidence", Word(), "How we know.")),
    _of("end", "Record that the contract came to its end on this day.", "end_contract",
        "The contract with {relationship} has ended.", "end Noa"),
    Deed(
        words="contract work",
        does="Record work done under a contract; what is not in its scope is flagged.",
        call="record_work",
        takes=(_WHO, need("item", Word(), "Of the scope."), opt("what", Word(), "Was done."),
               opt("minutes", Count(), "It took."), opt("contract", Number(), "Which. [default: the one in force]")),
        gives=(Given(name="in_scope", schema={"type": "boolean"}, of=bool),),
        says="Work for {relationship}: {item}. In the scope: {in_scope}.",
        example="retainsdk contract work Noa --item audit --minutes 90",
    ),
    Look(
        words="contract show",
        does="Show a contract: the terms in force, its versions, amendments and work.",
        call=contract_page,
        takes=(_WHO, opt("contract", Number(), "Which. [default: the one in force, or the last]", option="--contract"),
               opt("as_of", Morning(), "As it was on the morning of that day. [default: now]")),
        gives=contract_schema,
        example="retainsdk contract show Noa",
    ),
)  # fmt: skip
