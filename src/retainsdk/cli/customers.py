"""Customers: who they are, how to reach them, what they allow, whom they belong to; and our relationships with them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retainsdk.cli.command import Deed, Given, Look, an_id, counts, number
from retainsdk.cli.pages import (
    chart_page,
    chart_schema,
    customer_page,
    customer_schema,
    search_page,
    search_schema,
)
from retainsdk.cli.words import (
    ID,
    AffiliationId,
    Anything,
    Count,
    Customer,
    Day,
    File,
    Morning,
    Number,
    OneOf,
    Part,
    Place,
    Purpose,
    Who,
    Word,
    arg,
    flag,
    need,
    opt,
)
from retainsdk.vocabulary import Channel, Foundation, Kind, Origin, Potential, Role, Sensitivity, Stage

if TYPE_CHECKING:
    from retainsdk.book import Book


class _Format(IntEnum):
    """In which form customers stand in a file."""

    CSV = 0
    VCARD = 1


_WHOM = arg("customer", Customer(), "Whom: a name or an id, of his or of our relationship.")
_WHO = arg("relationship", Who(), "Which: a name, a reference or an id.")
_POINT = arg("point", Number(), "The number of the address.")
_CHANNEL = opt("channel", OneOf(words=Channel), "On which channel. [default: all]")
_FORMAT = opt("format", OneOf(words=_Format), "Of the file. [default: vcard for .vcf, else csv]")
_EVIDENCE = need("evidence", Word(), "How we know.")
_CAME = (
    opt("origin", OneOf(words=Origin), "How he came."),
    opt("referrer", Who(), "The relationship that brought him."),
    opt("campaign", Word(metavar="NAME"), "The campaign that brought him."),
)
_OPENED = (
    *_CAME,
    opt("owner", Word(metavar="NAME"), "Who has the main duty for it. [default: unassigned]"),
    opt("stage", OneOf(words=Stage), "Where it stands. [default: prospect]"),
    opt("reference", Word(), "The name other systems know it by."),
)


def _added(
    book: Book,
    *,
    only: bool = False,
    kind: Kind = Kind.PERSON,
    **told: Any,  # noqa: ANN401 # what was typed
) -> tuple[int, int | None]:
    """A customer alone, or with a relationship: either is one call."""
    if only:
        told = {name: told[name] for name in told.keys() - {part.name for part in _OPENED}}
        return book.register_customer(kind=kind, **told), None
    return book.take_on(kind=kind, **told)


def _is_cards(path: Path, format_: _Format | None) -> bool:
    return path.suffix.lower() in {".vcf", ".vcard"} if format_ is None else format_ is _Format.VCARD


def _taken_over(
    book: Book,
    *,
    path: Path,
    format: _Format | None = None,  # noqa: A002 # as it is typed
    dry_run: bool = False,
    take_good_cards: bool = False,
    **how: Any,  # noqa: ANN401 # what was typed
) -> Any:  # noqa: ANN401 # what help does not load
    from retainsdk.errors import Fault, InputError  # noqa: PLC0415 # help must be quick
    from retainsdk.interchange.profiles import import_profiles  # noqa: PLC0415 # as above
    from retainsdk.interchange.vcard import import_vcards  # noqa: PLC0415 # as above

    if _is_cards(path, format):
        aside = path.with_name(f"{path.name}.quarantine.vcf")
        report = import_vcards(
            path, book=book, dry_run=dry_run, take_good_cards=take_good_cards, quarantine=aside, **how
        )
        if report.faults and not report.taken:
            raise InputError(str(path), report.faults)
        return report
    said = {"--dry-run": dry_run, "--take-good-cards": take_good_cards}
    faults = [
        Fault(option, str(path), "is for contact cards", "Leave it out for a table.")
        for option in said
        if said[option]
    ]
    if faults:
        raise InputError("customer import", faults)
    return import_profiles(path, book=book, **how)


def _exported(
    book: Book,
    *,
    path: str,
    purpose: str | None = None,
    format: _Format | None = None,  # noqa: A002 # as it is typed
) -> int:
    from retainsdk.interchange.profiles import export_profiles  # noqa: PLC0415 # help must be quick
    from retainsdk.interchange.vcard import export_vcards  # noqa: PLC0415 # as above

    export = export_vcards if _is_cards(Path(path), format) else export_profiles
    return export(book, Path(path), purpose=purpose)


def _said_taken(shown: Mapping[str, str]) -> str:
    lines = ["Added: {added}. Changed: {changed}. Unchanged: {unchanged}."]
    if shown["notices"]:
        lines.append("{notices}")
    if shown["quarantine"] != "None":
        lines.append("Set aside with the reasons: {quarantined}, in {quarantine}")
    if shown.get("dry_run") == "yes":
        lines.append("Tried only: the book is as it was.")
    return "\n".join(lines).format_map(shown)


def _said_added(shown: Mapping[str, str]) -> str:
    with_us = "" if shown["relationship"] == "None" else f", relationship {shown['relationship']}"
    return f"{shown['name']}: customer {shown['customer']}{with_us}."


def _of(words: str, does: str, call: str, says: str, example: str, *takes: Part, first: Part = _WHOM) -> Deed:
    return Deed(
        words=words, does=does, call=call, takes=(first, *takes), says=says, example=f"retainsdk {example}"
    )


_CUSTOMERS = (
    Deed(
        words="customer add",
        does="Add a customer, and the relationship we have with him.",
        call=_added,
        takes=(
            arg("name", Word(), "As we call him."),
            opt("kind", OneOf(words=Kind), "What he is. [default: person]"),
            *_OPENED,
            flag("only", "Add him alone: we have no relationship with him yet."),
        ),
        gives=(
            an_id("customer", lambda result: result[0]),
            Given(
                name="relationship",
                schema={"anyOf": [ID, {"type": "null"}]},
                of=lambda result: None if result[1] is None else f"{result[1]:016x}",
            ),
        ),
        says=_said_added,
        example="retainsdk customer add 'Noa Levi' --owner dana --stage active --reference N-1",
    ),
    Look(
        words="customer find",
        does="List who has a TEXT in his name or reference.",
        call=search_page,
        takes=(Part(name="text", help="Of the name; everybody, when left out.", is_argument=True),),
        gives=search_schema,
        example="retainsdk customer find levi",
    ),
    Look(
        words="customer show",
        does="Show what is known of a customer: facts, consents, addresses, whom he belongs to.\n\n"
        "Sensitive facts are shown for a purpose they allow only.",
        call=customer_page,
        takes=(_WHOM, opt("purpose", Word(metavar="PURPOSE"), "For which sensitive facts are read."), opt("as_of", Morning(), "As it was on the morning of that day. [default: now]")),
        gives=customer_schema,
        example="retainsdk customer show Noa",
    ),
    Look(
        words="customer chart",
        does="Draw who is who in a household or an organisation, and who is missing.",
        call=chart_page,
        takes=(_WHOM, opt("as_of", Morning(), "As it was on the morning of that day. [default: now]")),
        gives=chart_schema,
        example="retainsdk customer chart 'Acme Ltd'",
    ),
    _of("customer fact", "Record something that became known of a customer.\n\n"
        "Facts that are known by name are used: birthday and anniversary (1980-02-29, or 02-29 without the year), language, senior, "
        "household_size, days_between_visits. All others are yours: of a household its children and pets, as in: "
        "retainsdk customer fact 'Levi family' cat 'Mitzi, 4 years' --source visit", "learn_fact",
        "{customer}: {name} is {value}.", "customer fact Noa birthday 1980-02-29 --source 'she said so'",
        arg("name", Word(), "Of the fact."), arg("value", Anything(), "Yes, no, a number or a text."),
        need("source", Word(), "Who or what says so."),
        opt("sensitivity", OneOf(words=Sensitivity), "Who may read it. [default: ordinary]"),
        opt("purposes", Word(metavar="PURPOSE"), "For which a sensitive one may be read.", option="--purpose", many=True)),
    _of("customer correct", "Put right a fact that was wrong; what was said stays in the history.", "correct_fact",
        "{customer}: {name} is {value}.", "customer correct Noa birthday 1980-03-01 --source 'her passport' --why 'misheard'",
        arg("name", Word(), "Of the fact."), arg("value", Anything(), "What is right."),
        need("source", Word(), "Who or what says so."), need("why", Word(), "What was wrong.")),
    _of("customer forget", "Take back a fact that was wrong; what was said stays in the history.", "retract_fact",
        "{customer}: {name} is not known.", "customer forget Noa birthday --why 'of another Noa'",
        arg("name", Word(), "Of the fact."), need("why", Word(), "What was wrong.")),
    _of("customer consent", "Record that a customer agreed to be contacted for a purpose.", "give_consent",
        "{customer} agrees to be contacted for {purpose}.", "customer consent Noa marketing --channel email --evidence 'form of 2 January'",
        arg("purpose", Purpose(), "What for."), _CHANNEL, _EVIDENCE),
    _of("customer refuse", "Record that a customer refuses to be contacted for a purpose.", "withdraw_consent",
        "{customer} refuses to be contacted for {purpose}.", "customer refuse Noa marketing --evidence 'his mail'",
        arg("purpose", Purpose(), "What for."), _CHANNEL, _EVIDENCE),
    Deed(
        words="customer address",
        does="Record a way to reach a customer: a number, an address, a place.",
        call="add_contact_point",
        takes=(_WHOM, arg("channel", OneOf(words=Channel), "How."), arg("address", Word(), "As it came."), opt("label", Word(), "What distinguishes it.")),
        gives=(number("point"),),
        says="{customer}: address {point} is {address}.",
        example="retainsdk customer address Noa phone 054-1234567 --label 'in the evening'",
    ),
    _of("customer verify", "Record that an address was seen to work.", "verify_contact_point",
        "{customer}: address {point} works.", "customer verify Noa 1 --how 'she answered'",
        _POINT, need("how_seen", Word(), "How that was seen.", option="--how")),
    _of("customer retire", "Record that an address works no longer.", "retire_contact_point",
        "{customer}: address {point} works no longer.", "customer retire Noa 1 --why 'number not in service'",
        _POINT, need("why", Word(), "How we know.")),
    Deed(
        words="customer affiliate",
        does="Record that a person belongs to a household or an organisation.",
        call="start_affiliation",
        takes=(
            arg("person", Customer(), "Who."), arg("party", Customer(), "The household or organisation."),
            arg("role", OneOf(words=Role), "What he is there."), opt("title", Word(), "What he calls himself there."),
            opt("power", Count(), "How much he decides, 0 to 10. [default: 0]"), opt("reports_to", Customer(), "The person he reports to there."),
            flag("primary", "He is to be reached through it chiefly."),
        ),
        gives=(an_id("affiliation"),),
        says="{person} belongs to {party}: {role}. Affiliation {affiliation}.",
        example="retainsdk customer affiliate Noa 'Acme Ltd' decides --title CFO --power 8",
    ),
    Deed(
        words="customer leave",
        does="Record that a person belongs to a household or an organisation no longer.",
        call="end_affiliation",
        takes=(
            arg("person", Customer(), "Who."),
            arg("affiliation", AffiliationId(), "The id of the affiliation, as affiliate and show print it."),
            need("why", Word(), "Why."),
        ),
        says="{person} belongs there no longer.",
        example="retainsdk customer leave Noa 0123456789abcdef --why 'left the company'",
    ),
    Deed(
        words="customer merge",
        does="Join two entries that turned out to be one customer; nothing of either is lost.",
        call="merge_customers",
        takes=(arg("merged", Customer(), "The entry that goes."), need("into", Customer(), "The entry that stays."), _EVIDENCE),
        gives=(an_id("customer"),),
        says="{merged} is {into}.",
        example="retainsdk customer merge 'N. Levi' --into 'Noa Levi' --evidence 'same phone and birthday'",
    ),
    Deed(
        words="customer export",
        does="Write customers into a FILE, a table or contact cards; sensitive facts only those that allow the purpose.",
        call=_exported,
        takes=(arg("path", Place(), "Where to."), opt("purpose", Word(metavar="PURPOSE"), "What the file is for."), _FORMAT),
        gives=(number("customers"),),
        says="{customers} customers were written into {path}.",
        example="retainsdk customer export customers.vcf",
        without=("actor", "occurred_at", "reason", "key"),
    ),
    Deed(
        words="customer import",
        does="Take over customers from a FILE: a table that export wrote, or contact cards (vCard); a second time, nothing.\n\n"
        "Cards with faults change nothing; all of them are listed. With --take-good-cards the others go in, and bad cards "
        "into a file beside theirs.",
        call=_taken_over,
        takes=(
            arg("path", File(), "Where from."), _FORMAT, flag("dry_run", "Only say what would happen; of cards."),
            flag("take_good_cards", "Take good cards although others have faults."),
        ),
        gives=(
            *counts("added", "changed", "unchanged"),
            Given(name="notices", schema={"type": "array", "items": {"type": "string"}}, of=lambda result: getattr(result, "notices", ())),
            Given(name="quarantined", schema={"type": "integer"}, of=lambda result: getattr(result, "quarantined", 0)),
            Given(name="quarantine", schema={"type": ["string", "null"]}, of=lambda result: getattr(result, "quarantine", None)),
        ),
        says=_said_taken,
        example="retainsdk customer import contacts.vcf",
        without=("occurred_at", "key"),
    ),
)  # fmt: skip

_RELATIONSHIPS = (
    Deed(
        words="relationship open",
        does="Open a relationship with a customer the book holds.",
        call="open_relationship",
        takes=(_WHOM, *_OPENED),
        gives=(an_id("relationship"),),
        says="{customer}: relationship {relationship}.",
        example="retainsdk relationship open Noa --owner dana",
    ),
    _of("relationship origin", "Record how a customer came, when that became known afterwards.", "learn_origin",
        "How {relationship} came is recorded.", "relationship origin Noa --campaign spring", *_CAME, first=_WHO),
    _of("relationship owner", "Give somebody the main duty for a relationship.", "assign_owner",
        "{owner} owns {relationship}.", "relationship owner Noa dana",
        arg("owner", Word(metavar="NAME"), "Who."), opt("source", Word(), "Who says so. [default: the actor]"), first=_WHO),
    _of("relationship contributor", "Let somebody besides the owner work for a relationship.", "add_contributor",
        "{contributor} contributes to {relationship}: {part}.", "relationship contributor Noa omer --part repairs",
        arg("contributor", Word(metavar="NAME"), "Who."), need("part", Word(), "What is his part."), first=_WHO),
    _of("relationship without", "Record that somebody contributes no longer.", "remove_contributor",
        "{contributor} contributes to {relationship} no longer.", "relationship without Noa omer",
        arg("contributor", Word(metavar="NAME"), "Who."), first=_WHO),
    _of("relationship foundation", "Record a step of a good beginning.", "do_foundation_step",
        "{relationship}: {step}.", "relationship foundation Noa needs-analysed --findings 'two lines, one at night'",
        arg("step", OneOf(words=Foundation), "Which step."), need("findings", Word(), "What was found."),
        opt("review_on", Day(), "When it is to be looked at again."), first=_WHO),
    _of("relationship plan", "Record what a customer gains and by which way of ours, as agreed with him.", "plan_success",
        "{relationship} gains {gain}: {way}.", "relationship plan Noa --gain 'an hour a day' --way 'one bill for all'",
        need("gain", Word(), "What he gains."), need("way", Word(), "How."), opt("review_on", Day(), "When it is to be looked at again."), first=_WHO),
    _of("relationship founded", "Record that all that a good beginning needs was done.", "lay_foundations",
        "{relationship} is founded.", "relationship founded Noa", opt("how_done", Word(), "How.", option="--how"), first=_WHO),
    _of("relationship classify", "Judge how much a relationship could become; contact is due by its class.", "classify",
        "{relationship} is of class {potential}.", "relationship classify Noa a --why 'three shops, one contract'",
        arg("potential", OneOf(words=Potential), "Its class."), need("why", Word(), "Why."), first=_WHO),
    _of("relationship referral", "Credit somebody with another customer whom he brought.", "credit_referral",
        "{relationship} brought {referred}.", "relationship referral Noa Dan --credit 'a month free'",
        arg("referred", Who(), "Whom he brought."), opt("credit", Word(), "What he got for it."), first=_WHO),
    _of("relationship disqualify", "Record that a prospect will not become a customer.", "disqualify",
        "{relationship} will not become a customer.", "relationship disqualify Noa --why 'lives out of reach'",
        need("why", Word(), "Why."), first=_WHO),
)  # fmt: skip

ROWS = (*_CUSTOMERS, *_RELATIONSHIPS)
