"""Commands about contracts: from the draft and the letter to the signature, and to every kind of end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from retainsdk.case.recurrence import WINDOW, repeated_by
from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.contract import ContractEvent
from retainsdk.contract.termination import SIDES
from retainsdk.errors import CommandError
from retainsdk.events import (
    AmendmentAccepted,
    AmendmentRejected,
    CaseOpened,
    CommitmentMade,
    Completed,
    Declined,
    DraftDiscarded,
    Expired,
    Happening,
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
from retainsdk.journal import Decision, How
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import CaseKind, Ending, Promise, Side


class ContractCommands(Desks):
    """Commands about contracts. Those after the signature are about the one in force, or last in force."""

    # before the signature

    def draft_terms(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> int:
        """We put terms together for a customer; he has not seen them. Returns the number of the contract to be."""
        self._refuse_foreign(terms.fee)

        def decide(desk: Desk) -> Decision:
            number = len(desk.account.contracts) + 1
            return number, [desk.on_contract(number, TermsDrafted(terms=terms))]

        return int(self._about(relationship, "draft_terms", terms, how, decide))

    def discard_draft(self, relationship: int, contract: int, *, why: str, **how: Unpack[How]) -> None:
        """A draft came to nothing."""
        self._to_contract("discard_draft", relationship, contract, DraftDiscarded(why=why), how)

    def offer_terms(
        self, relationship: int, contract: int, *, valid_until: date | None = None, **how: Unpack[How]
    ) -> None:
        """The terms drafted were laid before the customer, who can take them until a day and on it."""
        self._to_contract("offer_terms", relationship, contract, Offered(valid_until=valid_until), how)

    def revise_terms(self, relationship: int, contract: int, *, terms: Terms, **how: Unpack[How]) -> None:
        """The terms offered were taken back and others drafted in their place."""
        self._refuse_foreign(terms.fee)
        self._to_contract("revise_terms", relationship, contract, TermsDrafted(terms=terms), how)

    def decline_terms(self, relationship: int, contract: int, *, why: str, **how: Unpack[How]) -> None:
        """The customer did not want the terms offered."""
        self._to_contract("decline_terms", relationship, contract, Declined(why=why), how)

    def lapse_terms(self, relationship: int, contract: int, **how: Unpack[How]) -> None:
        """Nobody answered the terms offered while they were open."""
        self._to_contract("lapse_terms", relationship, contract, Lapsed(), how)

    def accept_letter(self, relationship: int, contract: int, *, document: str, **how: Unpack[How]) -> None:
        """
        The customer accepted the engagement letter: work begins before the contract is signed.

        A prospect becomes a customer by it. *document* says where the letter is.
        """
        self._to_contract("accept_letter", relationship, contract, LetterAccepted(document=document), how)

    def withdraw_letter(
        self, relationship: int, contract: int, *, by: Side, why: str, **how: Unpack[How]
    ) -> None:
        """One side ended the engagement before the contract was signed."""
        self._to_contract("withdraw_letter", relationship, contract, LetterWithdrawn(by=by, why=why), how)

    def sign(
        self,
        relationship: int,
        *,
        terms: Terms | None = None,
        contract: int | None = None,
        by_us: str = "",
        by_customer: str = "",
        document: str = "",
        supersede: bool = False,
        **how: Unpack[How],
    ) -> int:
        """
        Both sides signed: terms at once, or a contract as it was offered. A prospect becomes a customer by it.

        Args:
            relationship: Whose.
            terms: Of a contract that was not offered in this book before.
            contract: The number of the one offered.
            by_us: Who signed for us.
            by_customer: Who signed for the customer.
            document: Where the paper is.
            supersede: Whether the contract offered takes the place of the one in force.
            how: See `How`.

        Returns:
            The number of the contract.
        """
        if (terms is None) == (contract is None):
            raise CommandError(
                "a signature", "is under terms or under a contract offered", "Give one of the two, not both."
            )
        if terms is not None:
            self._refuse_foreign(terms.fee)
        signatures = {"by_us": by_us, "by_customer": by_customer, "document": document}

        def decide(desk: Desk) -> Decision:
            contracts = desk.account.contracts
            if contract is not None:
                refuse_unknown("contract", contract, contracts)
            number = len(contracts) + 1 if contract is None else contract
            agreed = contracts[number].versions[0] if terms is None else terms
            before = (
                [desk.on_contract(desk.contract().number, Superseded(by_contract=number))]
                if supersede
                else []
            )
            return number, [*before, desk.on_contract(number, Signed(terms=agreed, **signatures))]

        asked = (terms, contract, signatures, supersede)
        return int(self._about(relationship, "sign", asked, how, decide))

    # other terms

    def propose_amendment(self, relationship: int, *, terms: Terms, by: Side, **how: Unpack[How]) -> int:
        """One side proposes other terms for the contract in force: see `Terms.amended`. Returns the amendment's number."""
        self._refuse_foreign(terms.fee)

        def decide(desk: Desk) -> Decision:
            contract = desk.contract()
            body = contract.proposal(terms, by=by)
            return body.amendment, [desk.on_contract(contract.number, body)]

        return int(self._about(relationship, "propose_amendment", (terms, by), how, decide))

    def accept_amendment(self, relationship: int, amendment: int, *, by: Side, **how: Unpack[How]) -> None:
        """The other side accepted an amendment: from its first day its terms are in force."""

        def body(desk: Desk) -> AmendmentAccepted:
            proposals = {it.number: it for it in desk.contract().amendments}
            refuse_unknown("amendment", amendment, proposals)
            found = proposals[amendment]
            return AmendmentAccepted(terms=found.terms, amendment=amendment, subjects=found.subjects, by=by)

        self._of_contract(relationship, "accept_amendment", (amendment, by), how, body)

    def reject_amendment(self, relationship: int, amendment: int, *, why: str, **how: Unpack[How]) -> None:
        """The other side did not want an amendment, or the one that proposed it took it back."""
        self._of_contract(
            relationship,
            "reject_amendment",
            (amendment, why),
            how,
            lambda _: AmendmentRejected(amendment=amendment, why=why),
        )

    def amend(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> None:
        """Both sides agreed at once on other terms for the contract in force: see `Terms.amended`."""
        self._refuse_foreign(terms.fee)

        self._of_contract(relationship, "amend", terms, how, lambda desk: desk.contract().agreement(terms))

    def renew(self, relationship: int, *, terms: Terms, **how: Unpack[How]) -> None:
        """The contract goes on under follow-up terms, which change nothing but the term: see `Terms.renewed`."""
        self._refuse_foreign(terms.fee)
        self._of_contract(relationship, "renew", terms, how, lambda _: Renewed(terms=terms))

    # rests and ends

    def suspend(self, relationship: int, *, why: str, until: date | None = None, **how: Unpack[How]) -> None:
        """Service and fees rest, until a day when one is known."""
        self._of_contract(
            relationship, "suspend", (why, until), how, lambda _: Suspended(why=why, until=until)
        )

    def resume(self, relationship: int, **how: Unpack[How]) -> None:
        """Service and fees go on after a rest."""
        self._of_contract(relationship, "resume", None, how, lambda _: Resumed())

    def give_notice(
        self,
        relationship: int,
        *,
        ends_on: date | None = None,
        by: Side = Side.CUSTOMER,
        **how: Unpack[How],
    ) -> date:
        """One side gave notice, for a day or for the first one possible, which is returned."""

        def decide(desk: Desk) -> Decision:
            contract = desk.contract()
            day = ends_on or contract.earliest_end(desk.day)
            return day.isoformat(), [desk.on_contract(contract.number, NoticeGiven(ends_on=day, by=by))]

        return date.fromisoformat(self._about(relationship, "give_notice", (ends_on, by), how, decide))

    def rescind_notice(self, relationship: int, **how: Unpack[How]) -> None:
        """The notice was taken back."""
        self._of_contract(relationship, "rescind_notice", None, how, lambda _: NoticeRescinded())

    def terminate(
        self,
        relationship: int,
        *,
        kind: Ending,
        evidence: str = "",
        by: Side | None = None,
        fee: Money | None = None,
        waived: bool = False,
        case: int | None = None,
        remedy_due: datetime | None = None,
        **how: Unpack[How],
    ) -> None:
        """
        The contract was terminated: after notice, or earlier in one of the ways that allow it.

        When the customer ends it because *we* broke it, that opens a complaint and promises a remedy in the same
        commit, and needs no dispute.

        Args:
            relationship: Whose contract.
            kind: How; a fee needs the one of the terms in force, paid or waived; a statutory withdrawal its window; a
                breach by the customer a dispute that proves it.
            evidence: What proves it; for every kind but notice.
            by: Who ended it, when the kind does not say; the customer, unless said.
            fee: Paid for ending early.
            waived: Whether that fee was waived.
            case: The dispute that proves the customer's breach.
            remedy_due: Until when we make good for our breach.
            how: See `How`.
        """
        if kind is Ending.UNKNOWN:
            raise CommandError(
                "an end of unknown kind",
                "stands only in what is taken over from elsewhere",
                f"Say how it ended: {', '.join(it.name.lower().replace('_', '-') for it in Ending if it is not Ending.UNKNOWN)}.",
            )
        if (kind is Ending.BREACH_BY_US) != (remedy_due is not None):
            raise CommandError(
                "a time for the remedy",
                "goes with our own breach",
                "Give `remedy_due` when we broke the contract, and only then.",
            )

        def decide(desk: Desk) -> Decision:
            contract = desk.contract()
            natural = contract.notice_by if kind is Ending.NOTICE else SIDES.get(kind)
            side = by if by is not None else natural if natural is not None else Side.CUSTOMER
            before: list[Happening] = []
            proof, remedy = case, None
            if remedy_due is not None:
                if case is not None:
                    raise CommandError("our breach", "opens a complaint of its own", "Leave out `case`.")
                proof, remedy = len(desk.account.cases) + 1, len(desk.account.commitments) + 1
                first = repeated_by(desk.account.cases, evidence, desk.at, WINDOW)
                complaint = CaseOpened(
                    kind=CaseKind.COMPLAINT,
                    topic=evidence,
                    stated_reason=None,
                    handler=how["actor"],
                    contract=contract.number,
                    repeats=None if first is None else first.number,
                )
                promise = CommitmentMade(
                    commitment=remedy,
                    kind=Promise.REMEDY,
                    what=f"make good for: {evidence}",
                    due=remedy_due,
                    basis=f"our breach of contract {contract.number}",
                    case=proof,
                )
                before = [desk.on_case(proof, complaint), desk.here(promise)]
            body = Terminated(
                kind=kind, by=side, evidence=evidence, fee=fee, waived=waived, case=proof, remedy=remedy
            )
            return None, [*before, desk.on_contract(contract.number, body)]

        asked = (kind, evidence, by, fee, waived, case, remedy_due)
        self._about(relationship, "terminate", asked, how, decide)

    def complete_contract(self, relationship: int, *, evidence: str, **how: Unpack[How]) -> None:
        """All that stands in the scope was done, which ends the contract."""
        self._of_contract(
            relationship, "complete_contract", evidence, how, lambda _: Completed(evidence=evidence)
        )

    def end_contract(self, relationship: int, **how: Unpack[How]) -> None:
        """The contract came to its end on this day: its fixed term is over, or the day named in the notice has come."""

        def body(desk: Desk) -> Terminated | Expired:
            contract = desk.contract()
            end = contract.ending(desk.day)
            if contract.is_running and isinstance(end, Terminated) and end.kind is Ending.UNKNOWN:
                raise CommandError(
                    f"contract {contract.number}",
                    f"does not end on {desk.day} by itself (it ends on {contract.ends_on or 'no day yet'})",
                    "Give notice, or terminate it and say how.",
                )
            return end

        self._of_contract(relationship, "end_contract", None, how, body)

    # work

    def record_work(
        self,
        relationship: int,
        *,
        item: str,
        what: str = "",
        minutes: int = 0,
        contract: int | None = None,
        **how: Unpack[How],
    ) -> bool:
        """
        Work was done under a contract: the one in force unless another one is named, as one engaged by letter.

        Args:
            relationship: Whose contract.
            item: Of the scope, or one that does not stand in it.
            what: Was done.
            minutes: It took.
            contract: Its number.
            how: See `How`.

        Returns:
            Whether the item stands in the scope of that day; what does not is flagged, and costs nothing by itself.
        """

        def decide(desk: Desk) -> Decision:
            contracts = desk.account.contracts
            if contract is not None:
                refuse_unknown("contract", contract, contracts)
            found = desk.contract() if contract is None else contracts[contract]
            body = WorkRecorded(item=item, what=what, minutes=minutes)
            return found.terms_on(desk.day).covers(item), [desk.on_contract(found.number, body)]

        asked = (item, what, minutes, contract)
        return bool(self._about(relationship, "record_work", asked, how, decide))

    def _to_contract(
        self, command: str, relationship: int, contract: int, body: ContractEvent, how: How
    ) -> None:
        def decide(desk: Desk) -> Decision:
            refuse_unknown("contract", contract, desk.account.contracts)
            return None, [desk.on_contract(contract, body)]

        self._about(relationship, command, (contract, body), how, decide)
