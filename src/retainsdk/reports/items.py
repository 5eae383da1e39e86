"""What reports count: everything that happened in a book, as items that can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from retainsdk.account import Account
from retainsdk.duties import Circumstances
from retainsdk.events import InteractionRecorded, PurchaseRecorded
from retainsdk.firm.campaign import Campaign
from retainsdk.quantities import Money
from retainsdk.relationship import Spell
from retainsdk.relationship.exit import ExitReason
from retainsdk.reports.attributes import word
from retainsdk.reports.cuts import Item
from retainsdk.value.cost import spent
from retainsdk.value.features import concessions, efforts, income
from retainsdk.vocabulary import CaseKind, Side, Stage
from retainsdk.wording import in_words

SALE_LABELS = {"product": "What was bought: the code in the catalogue, or its name where it has none."}
CASE_LABELS = {
    "topic": "What the case is about, as worded when it was opened.",
    "sort": "Request, complaint, incident, dispute, bad news or threat.",
}
CONTACT_LABELS = {"channel": "How we were in touch.", "purpose": "What for.", "step": "The step of his way."}
PROMISE_LABELS = {
    "promise": "What sort of promise it is.",
    "duty": "The duty that made it; nobody's where a person did.",
}
GRANT_LABELS = {"what": "What was given."}

Source = Callable[[Circumstances], Iterator[Item]]


def accounts(known: Circumstances) -> Iterable[Account]:
    """Of all relationships."""
    return known.ledger.accounts.values()


def relationships(known: Circumstances) -> Iterator[Item]:
    """Each once, as ``customer``, ``prospect`` or ``former``; whoever was ever won as ``won`` too."""
    for account in accounts(known):
        it = account.relationship
        kind = "customer" if it.is_with_us else "prospect" if it.stage is Stage.PROSPECT else "former"
        labels = {"representative": it.owner}
        yield Item(kind=kind, account=account, at=it.opened_at, labels=labels)
        if it.was_won:
            yield Item(kind="won", account=account, at=it.opened_at, labels=labels)


def payments(known: Circumstances) -> Iterator[Item]:
    """Every ``purchase`` and ``refund``, and every ``fee`` paid for something else."""
    for account in accounts(known):
        for at, body, _, actor in account.timeline.counted():
            if isinstance(body, PurchaseRecorded):
                yield Item(
                    kind="refund" if body.amount.amount < 0 else "purchase",
                    account=account,
                    at=at,
                    thing=body,
                    amount=body.amount,
                    labels={"product": body.offering or body.what, "representative": actor},
                )
        for at, amount in account.timeline.fees():
            yield Item(kind="fee", account=account, at=at, amount=amount)


def earned(known: Circumstances) -> Iterator[Item]:
    """All that customers brought: purchases less refunds, and fees."""
    for account in accounts(known):
        for at, amount in income(account):
            yield Item(kind="income", account=account, at=at, amount=amount)


def contacts(known: Circumstances) -> Iterator[Item]:
    """Every time we and a customer were in touch, mailings too: ``contact``."""
    for account in accounts(known):
        for at, body, _, actor in account.timeline.counted():
            if isinstance(body, InteractionRecorded):
                labels = {
                    "channel": word(body.channel) or "",
                    "purpose": body.purpose.replace("_", "-"),
                    "step": body.step,
                    "representative": actor,
                }
                yield Item(kind="contact", account=account, at=at, thing=body, labels=labels)


def cases(known: Circumstances) -> Iterator[Item]:
    """Every case, those that went on as another left out: ``case``."""
    for account in accounts(known):
        for case in account.cases.values():
            if case.merged_into is None:
                labels = {
                    "topic": case.topic,
                    "sort": word(case.kind) or "",
                    "representative": case.handler,
                    "reason": word(case.stated_reason) or "",
                }
                if case.stated_reason is None:
                    del labels["reason"]
                yield Item(kind="case", account=account, at=case.opened_at, thing=case, labels=labels)


def complaints(known: Circumstances) -> Iterator[Item]:
    """Every complaint: ``case``."""
    return (item for item in cases(known) if item.labels["sort"] == word(CaseKind.COMPLAINT))


def promises(known: Circumstances) -> Iterator[Item]:
    """Every promise of ours, those of a duty under whoever has the relationship: ``promise``."""
    for account in accounts(known):
        for promise in account.commitments.values():
            if promise.by is Side.US:
                who = account.relationship.owner if promise.duty else promise.made_by
                labels = {
                    "promise": word(promise.kind) or "",
                    "duty": in_words(promise.duty),
                    "representative": who,
                }
                yield Item(kind="promise", account=account, at=promise.made_at, thing=promise, labels=labels)


def exits(known: Circumstances) -> Iterator[Item]:
    """Every time a customer left, with the reason given last before he came again: ``exit``."""
    for account in accounts(known):
        it = account.relationship
        for place, spell in enumerate(it.spells):
            if spell.ended is None or it.stage is Stage.CLOSED:
                continue
            until = it.spells[place + 1].began if place + 1 < len(it.spells) else None
            reason = _reason_of(it.exit_reasons, spell, until)
            labels = {
                "representative": it.ownership.owner_at(spell.ended) or "",
                "reason": "",
                "assessed": "",
            }
            if reason is not None:
                labels = {
                    "representative": reason.author,
                    "reason": word(reason.stated) or "",
                    "assessed": word(reason.assessed) or "",
                }
            yield Item(kind="exit", account=account, at=spell.ended, thing=reason, labels=labels)


def _reason_of(reasons: Iterable[ExitReason], spell: Spell, until: datetime | None) -> ExitReason | None:
    given = [it for it in reasons if it.at >= spell.began and (until is None or it.at < until)]
    return given[-1] if given else None


def granted(known: Circumstances) -> Iterator[Item]:
    """Everything given to keep customers, at what it costs us: ``concession``."""
    for account in accounts(known):
        for given in concessions(account):
            what = given.what.partition(":")[0]
            yield Item(
                kind="concession",
                account=account,
                at=given.at,
                thing=given,
                amount=given.cost,
                labels={"representative": given.by, "what": what},
            )


def served(hour: Money | None) -> Source:
    """Everything that customers cost us once they had come to us, contacts and what was given: ``cost``."""

    def source(known: Circumstances) -> Iterator[Item]:
        worth = hour or Money(0, known.ledger.currency)
        for account in accounts(known):
            for at, amount in spent(
                efforts(known.ledger, account, by=known.now), concessions(account), hour=worth
            ):
                yield Item(kind="cost", account=account, at=at, amount=amount)

    return source


def campaigns(known: Circumstances) -> Iterator[Item]:
    """
    What campaigns cost, shared out among those they won, among those who came when they won nobody: ``spent``.

    Who came by a campaign is ``came``, and ``won`` when he became a customer. A campaign by which nobody came is
    the cost of nobody, and yet of the campaign.
    """
    came: dict[str, list[Account]] = {}
    for account in accounts(known):
        came.setdefault(account.relationship.campaign, []).append(account)
    for name in sorted(known.ledger.campaigns):
        campaign = known.ledger.campaigns[name]
        by_it = came.get(name, [])
        won = [account for account in by_it if account.relationship.was_won]
        labels = {"campaign": name, "segment": campaign.segment}
        for account in by_it:
            at = account.relationship.opened_at
            yield Item(kind="came", account=account, at=at, labels=labels)
            if account.relationship.was_won:
                yield Item(kind="won", account=account, at=at, labels=labels)
        bearers: list[Account | None] = [*(won or by_it)] or [None]
        for bearer, share in zip(bearers, _shared(campaign, len(bearers)), strict=True):
            yield Item(kind="spent", account=bearer, at=campaign.known_at, amount=share, labels=labels)


def _shared(campaign: Campaign, among: int) -> list[Money]:
    cost = campaign.cost.amount
    digits = -int(cost.as_tuple().exponent)
    units = int(cost.scaleb(digits))  # of its own last digit, so that the shares add up to it exactly
    each, more = divmod(units, among)
    return [
        Money(type(cost)(each + (place < more)).scaleb(-digits), campaign.cost.currency)
        for place in range(among)
    ]


LABELS: Mapping[Source, Mapping[str, str]] = {
    payments: SALE_LABELS,
    cases: CASE_LABELS,
    complaints: CASE_LABELS,
    contacts: CONTACT_LABELS,
    promises: PROMISE_LABELS,
    granted: GRANT_LABELS,
}
"""The labels that the items of a source have besides the attributes."""
