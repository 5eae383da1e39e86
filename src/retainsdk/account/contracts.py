"""What happens to an account's contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.contract import Contract, ContractEvent
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    Completed,
    Declined,
    DraftDiscarded,
    Expired,
    Lapsed,
    LetterAccepted,
    LetterWithdrawn,
    NoticeGiven,
    NoticeRescinded,
    Offered,
    Renewed,
    Resumed,
    Signed,
    Superseded,
    Suspended,
    Terminated,
    TermsDrafted,
    WorkRecorded,
)
from retainsdk.vocabulary import CaseKind, Ending, Promise


def _draft(account: Account, body: TermsDrafted, moment: Moment) -> None:
    if moment.number in account.contracts:
        _change(account, body, moment)
    else:
        account.contracts[moment.number] = Contract.drafted(moment.number, body, moment.at)


def _accept_letter(account: Account, body: LetterAccepted, moment: Moment) -> None:
    account.relationship = account.relationship.engaged(moment.at)
    _change(account, body, moment)


def _sign(account: Account, body: Signed, moment: Moment) -> None:
    running = account.contract
    if running is not None and (running.is_running or moment.at < running.since):
        raise CommandError(
            "terms",
            f"cannot be signed while contract {running.number} runs",
            "Renew or amend it, end it first, or let it be superseded.",
        )
    account.relationship = account.relationship.engaged(moment.at)
    if moment.number in account.contracts:
        _change(account, body, moment)
    else:
        account.contracts[moment.number] = Contract.signed(moment.number, body, moment.at, moment.day)


def _supersede(account: Account, body: Superseded, moment: Moment) -> None:
    successor = account.contracts.get(body.by_contract)
    wrong = []
    if successor is None or successor.state not in {"offered", "engaged"} or moment.at < successor.since:
        wrong.append("waits for no signature")
    elif successor.starts_on > moment.day:
        wrong.append(f"starts on {successor.starts_on} only, which leaves a gap from {moment.day}")
    if wrong:
        raise CommandError(
            f"contract {body.by_contract}",
            "; ".join(wrong),
            "Offer terms that start on the day of the signature or before, then let them be signed.",
        )
    _change(account, body, moment)


def _terminate(account: Account, body: Terminated, moment: Moment) -> None:
    if body.kind is Ending.BREACH_BY_CUSTOMER:
        _refuse_unproven(account, body, moment)
    if body.kind is Ending.BREACH_BY_US:
        _refuse_unremedied(account, body, moment)
    _change(account, body, moment)


def _refuse_unproven(account: Account, body: Terminated, moment: Moment) -> None:
    dispute = account.cases.get(body.case or 0)
    if (
        dispute is None
        or dispute.kind is not CaseKind.DISPUTE
        or dispute.contract != moment.number
        or not dispute.proves_breach(moment.at)
    ):
        raise CommandError(
            f"case {body.case}",
            f"does not prove a breach of contract {moment.number} by {moment.at.isoformat()}",
            "Open a dispute about that contract; record the facts, notify the breach, let the time to cool off pass "
            "in full, and revisit it.",
        )


def _refuse_unremedied(account: Account, body: Terminated, moment: Moment) -> None:
    complaint, remedy = account.cases.get(body.case or 0), account.commitments.get(body.remedy or 0)
    if (
        complaint is None
        or complaint.kind is not CaseKind.COMPLAINT
        or complaint.opened_at > moment.at
        or remedy is None
        or remedy.kind is not Promise.REMEDY
        or remedy.made_at > moment.at
    ):
        raise CommandError(
            f"an end of contract {moment.number} by our breach",
            f"opens a complaint and promises a remedy; case {body.case} and promise {body.remedy} are not that",
            "Open the complaint and promise the remedy first.",
        )


def _change(account: Account, body: ContractEvent, moment: Moment) -> None:
    contract = account.contracts.get(moment.number)
    if contract is None:
        raise UnknownIdError("contract", str(moment.number))
    account.contracts[moment.number] = contract.after(body, moment.at, moment.day)


HANDLERS: Mapping[type, Callable[..., None]] = {
    TermsDrafted: _draft,
    DraftDiscarded: _change,
    Offered: _change,
    Declined: _change,
    Lapsed: _change,
    LetterAccepted: _accept_letter,
    LetterWithdrawn: _change,
    Signed: _sign,
    AmendmentProposed: _change,
    AmendmentAccepted: _change,
    AmendmentRejected: _change,
    Renewed: _change,
    Suspended: _change,
    Resumed: _change,
    NoticeGiven: _change,
    NoticeRescinded: _change,
    Terminated: _terminate,
    Completed: _change,
    Expired: _change,
    Superseded: _supersede,
    WorkRecorded: _change,
}
