"""What happens to an account's relationship while it lasts: who has it, how it is founded, what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from retainsdk.account.state import Account, Moment
from retainsdk.codec import id_text
from retainsdk.errors import CommandError
from retainsdk.events import (
    Classified,
    ContributorAdded,
    ContributorRemoved,
    Disqualified,
    FoundationLaid,
    FoundationStepDone,
    MembershipChanged,
    OriginLearned,
    OwnerAssigned,
    ReferralCredited,
    RelationshipOpened,
    SuccessPlanned,
)
from retainsdk.firm.programme import Membership
from retainsdk.relationship import Referral, Relationship, refuse_origin
from retainsdk.relationship.foundations import Foundations

# What happened may be recorded late. So no rule asks how things stand *now*, but how they stood at the instant it
# happened: else a book cut off at that instant would hold a history that it refuses itself.


def _open_again(account: Account, _body: RelationshipOpened, _moment: Moment) -> None:
    raise CommandError(
        f"relationship {id_text(account.relationship.id)}", "is open already", "Choose another id."
    )


def _learn_origin(account: Account, body: OriginLearned, _moment: Moment) -> None:
    it = account.relationship
    refuse_origin(it.id, body.origin, body.referrer, body.campaign)
    pairs = {
        "origin": (it.origin, body.origin),
        "referrer": (it.referrer, body.referrer),
        "campaign": (it.campaign or None, body.campaign or None),
    }
    known = [what for what, (old, new) in pairs.items() if old is not None and old != new]
    if known:
        raise CommandError(
            "how he came",
            f"is known otherwise already: {', '.join(known)}",
            "Only what is unknown can be learned afterwards.",
        )
    account.relationship = attrs.evolve(
        it, origin=body.origin, referrer=body.referrer, campaign=body.campaign
    )


def _assign(account: Account, body: OwnerAssigned, moment: Moment) -> None:
    it = account.relationship
    ownership = it.ownership.handed_over(body, moment.at, body.source or moment.actor)
    account.relationship = attrs.evolve(it, ownership=ownership)


def _contribute(account: Account, body: ContributorAdded, moment: Moment) -> None:
    it = account.relationship
    spell = it.spells[it.spell_at(moment.at, f"contributor {body.contributor!r}")]
    ownership = it.ownership.joined(body, moment.at, spell.ended)
    account.relationship = attrs.evolve(it, ownership=ownership)


def _contribute_no_longer(account: Account, body: ContributorRemoved, moment: Moment) -> None:
    it = account.relationship
    account.relationship = attrs.evolve(it, ownership=it.ownership.left(body, moment.at))


def _disqualify(account: Account, body: Disqualified, moment: Moment) -> None:
    if not body.why.strip():
        raise CommandError(
            "a prospect turned away", "needs a reason", "Say why he will not become a customer."
        )
    account.relationship = account.relationship.with_spell_ended("disqualify", moment.at)


def _found(account: Account, body: FoundationStepDone, moment: Moment) -> None:
    it = account.relationship
    founded = it.foundations.stepped(body, moment.at, moment.day)
    _keep_if_present(account, founded, moment, f"step {body.step.name.lower()}")


def _plan_success(account: Account, body: SuccessPlanned, moment: Moment) -> None:
    founded = account.relationship.foundations.planned(body, moment.at, moment.day)
    _keep_if_present(account, founded, moment, "a success plan")


def _keep_if_present(account: Account, founded: Foundations, moment: Moment, what: str) -> None:
    it = account.relationship
    if it.spell_at(moment.at, what) == len(it.spells) - 1:  # an earlier spell had foundations of its own
        account.relationship = attrs.evolve(it, foundations=founded)


def _lay(account: Account, body: FoundationLaid, moment: Moment) -> None:
    it = account.relationship.moved("complete_foundations", moment.at)
    account.relationship = attrs.evolve(it, foundations=it.foundations.laid(body, moment.at))


def _classify(account: Account, body: Classified, moment: Moment) -> None:
    it = account.relationship
    if it.classified is None or moment.at >= it.classified[0]:
        account.relationship = attrs.evolve(it, classified=(moment.at, body.potential))


def _change_membership(account: Account, body: MembershipChanged, moment: Moment) -> None:
    it = account.relationship
    what = f"membership in {body.programme!r} from {moment.at.isoformat()}"
    last = next((m for m in reversed(it.memberships) if m.programme == body.programme), None)
    if last is not None and moment.at < (last.until or last.since):
        raise CommandError(what, "comes before the one recorded last", "Record joining and leaving in order.")
    is_member = last is not None and last.until is None
    if is_member == body.member:
        raise CommandError(what, "changes nothing", "He is a member." if is_member else "He is no member.")
    if body.member:
        memberships = (*it.memberships, _joined(it, body.programme, last, moment))
    else:
        memberships = tuple(attrs.evolve(m, until=moment.at) if m is last else m for m in it.memberships)
    account.relationship = attrs.evolve(it, memberships=memberships)


def _joined(it: Relationship, programme: str, last: Membership | None, moment: Moment) -> Membership:
    number = it.spell_at(moment.at, f"membership in {programme!r}")
    spell = it.spells[number]
    carried: tuple[tuple[datetime, datetime], ...] = ()
    stayed = last is not None and last.until is not None and last.until == it.spells[number - 1].ended
    if last is not None and last.until is not None and stayed and spell.tenure_kept:
        carried = (*last.carried, (last.since, last.until))
    return Membership(programme=programme, since=moment.at, until=spell.ended, carried=carried)


def _credit(account: Account, body: ReferralCredited, moment: Moment) -> None:
    it = account.relationship
    if any(old.referred == body.referred for old in it.referrals):
        raise CommandError(
            f"the referral of {id_text(body.referred)}",
            "was credited already",
            "Each new customer counts once.",
        )
    new = Referral(referred=body.referred, credit=body.credit, at=moment.at)
    account.relationship = attrs.evolve(it, referrals=(*it.referrals, new))


HANDLERS: Mapping[type, Callable[..., None]] = {
    RelationshipOpened: _open_again,
    OriginLearned: _learn_origin,
    OwnerAssigned: _assign,
    ContributorAdded: _contribute,
    ContributorRemoved: _contribute_no_longer,
    Disqualified: _disqualify,
    FoundationStepDone: _found,
    SuccessPlanned: _plan_success,
    FoundationLaid: _lay,
    Classified: _classify,
    MembershipChanged: _change_membership,
    ReferralCredited: _credit,
}
