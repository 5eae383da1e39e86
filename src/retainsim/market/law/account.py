"""
Organisations: a few people decide together whether to stay, and come and go themselves [E2].

Each bit of ``c.committee`` is a contact who is there and whom we know: the champion who speaks for us, whoever decides,
who influences, who uses the service, who is against it.
"""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import centred
from retainsim.market.law.names import ORGANISATION, Luck, Parameters
from retainsim.market.law.offers import stir
from retainsim.market.person import OURS, Contact, Person
from retainsim.market.streams import drawn, rule, stream_of

CHAMPION, DECIDER, INFLUENCER = int(Contact.CHAMPION), int(Contact.DECIDER), int(Contact.INFLUENCER)
USER, BLOCKER = int(Contact.USER), int(Contact.BLOCKER)
PLACES = len(Contact)
"""The n-th contact has the bit 1 << n."""
THE_CHAMPION, THE_BLOCKER = 0, 4

CHANGES = tuple(for_.CONTACT_CHANGE ^ place for place in range(PLACES))
OPINIONS = tuple(for_.OPINION ^ place for place in range(PLACES))
"""A purpose for each contact; worked out beforehand, as for the turns of a conversation."""


@rule
def votes(c: Person, p: Parameters) -> bool:
    """Whether several decide: in an organisation under contract of which we know somebody."""
    return c.kind == ORGANISATION and c.committee > 0 and p.contractual != 0.0


@rule
def turn_over(c: Person, luck: Luck, p: Parameters) -> None:
    """
    Contacts leave their firm or change places, and successors must be won: who is in touch wins them sooner.

    When the champion goes, somebody looks anew at what he had bought.
    """
    won = p.successor_won + p.successor_by_contact * c.attention
    for place in range(PLACES):
        bit = 1 << place
        u = drawn(luck, CHANGES[place])
        if c.committee & bit:
            if u < p.contact_leaves:
                c.committee = c.committee ^ bit
                if place == THE_CHAMPION:
                    stir(c, p.champion_lost_wakes)
        elif u < (p.blocker_comes if place == THE_BLOCKER else won):
            c.committee = c.committee | bit


@rule
def found_committee(c: Person) -> None:
    """Who brings us in speaks for us; somebody decides, somebody uses what was bought."""
    if c.kind == ORGANISATION:
        c.committee = CHAMPION | DECIDER | USER


@rule
def swayed(c: Person, p: Parameters) -> float:
    """What all contacts hear of us in the house, by who speaks for us and who against: it counts for staying in every vote."""
    for_us = p.champion_sways if c.committee & CHAMPION else 0.0
    return for_us - (p.blocker_sways if c.committee & BLOCKER else 0.0)


@rule
def opinion(c: Person, place: int, p: Parameters) -> float:
    """What a contact himself thinks of us, for good: it counts for staying in his own vote."""
    own = p.opinion_spread * centred(stream_of(c.key, for_.OPINION), OPINIONS[place])
    if place == THE_CHAMPION:
        own = own + p.champion_speaks
    elif place == THE_BLOCKER:
        own = own - p.champion_speaks
    return own


@rule
def weight(place: int, p: Parameters) -> float:
    """How much a contact's vote counts."""
    if place == THE_CHAMPION:
        return float(p.vote_champion)
    if place == 1:
        return float(p.vote_decider)
    if place == THE_BLOCKER:
        return float(p.vote_blocker)
    return float(p.vote_influencer if place == 2 else p.vote_user)


@rule
def elected(c: Person, ballots: int, n_options: int, p: Parameters) -> int:
    """
    What an account does: whatever has most of the votes' weight behind it.

    Where staying has as much as anything else, the account stays: going is a decision, with its work and its risk, and
    a committee that has not decided leaves things as they are. Between two other firms the one that is named first wins.

    Args:
        c: The organisation.
        ballots: Four bits a contact: the option he is for.
        n_options: How many there are.
        p: Parameters.
    """
    winner, most = OURS, -1.0
    for option in range(n_options):
        total = 0.0
        for place in range(PLACES):
            if c.committee & (1 << place) and (ballots >> (4 * place)) & 15 == option:
                total = total + weight(place, p)
        if total > most + 1e-9:
            winner, most = option, total
    return winner
