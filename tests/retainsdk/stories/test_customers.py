"""The customer and the people around him, as the field tells it: CONCEPTS B4 (consent), C3, C6 (days to mark), E2."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from retainsdk import Book, Money
from retainsdk.action import ActionKind
from retainsdk.duties.occasion import occasions
from retainsdk.errors import CommandError
from retainsdk.events import InteractionRecorded
from retainsdk.policy import Actions, Budget, Move, PolicyStream, ThreatView, act, default_response
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.view import BookView
from retainsdk.vocabulary import Channel, ClosingStep, Direction, Kind, Reason, Role, Sensitivity, Side, Stage


@attrs.frozen
class AdviseLeavers:
    """Goes on advising whoever has left."""

    name = "advise_leavers"
    scope = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        gone = view.stage == Stage.FORMER
        return act(view, gone, ActionKind.KEEP_ADVISING, reason="his lease ends", channel=Channel.PHONE)

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the same
        return default_response(case)


def mail(book: Book, us: int, purpose: str) -> None:
    book.record_interaction(
        us, channel=Channel.EMAIL, direction=Direction.OUTBOUND, purpose=purpose, human=False, two_way=False,
        text="the newsletter", actor="mailer",
    )  # fmt: skip


def test_b4_the_newsletter_goes_on_after_he_left_until_he_refuses_it_and_then_no_longer() -> None:
    book = a_book()
    us = a_relationship(book, name="נועה", terms=some_terms(notice_days=0))
    noa = us - 1
    book.give_consent(
        noa, purpose="marketing", evidence="ticked on the form", actor="dana", occurred_at=at(1)
    )
    book.begin_end(us, by=Side.CUSTOMER, actor="dana", occurred_at=at(3))
    book.record_exit_reason(us, stated=Reason.LIFE_EVENT, evidence="a move", actor="dana", occurred_at=at(3))
    for step in (ClosingStep.DOCUMENTS_FILED, ClosingStep.THANKED):
        book.do_closing_step(
            us, step=step, evidence="a letter: always welcome", actor="dana", occurred_at=at(3)
        )
    book.refuse_survey(us, instrument="exit", actor="dana", occurred_at=at(3))
    assert book.complete_end(us, actor="dana", occurred_at=at(3, 2)) is True  # thanked, and the door is open
    mail(book, us, "marketing")

    book.withdraw_consent(noa, purpose="marketing", evidence="unsubscribed", actor="dana")

    with pytest.raises(CommandError, match="was refused by 'נועה' on 2026-06-15"):
        mail(book, us, "marketing")
    mail(book, us, "service")  # what the contract obliges us to say still reaches her
    assert [word.evidence for word in book.customer(noa).consents.history()] == [
        "ticked on the form",
        "unsubscribed",
    ]


def test_b4_at_the_next_crossroads_we_offer_to_advise_who_left_and_only_who_lets_us() -> None:
    book = a_book(clock=SetClock(at(6)))
    gone = [a_relationship(book, name=name, terms=some_terms(notice_days=0)) for name in ("Noa", "Gil")]
    for us in gone:
        book.begin_end(us, by=Side.CUSTOMER, actor="dana", occurred_at=at(3))
        book.complete_end(us, although="they moved at once", actor="dana", occurred_at=at(3))
        book.open_winback(us, plan="call when his lease ends", actor="dana", occurred_at=at(3))
    noa, gil = gone
    book.withdraw_consent(gil - 1, purpose="win_back", evidence="exit call", actor="dana")

    proposed = book.propose(AdviseLeavers(), actor="dana")
    for us, action in proposed.actions:
        book.approve_action(us, action, actor="dana")
        book.action_done(us, action, text="how to choose a line abroad", actor="dana")

    assert ([us for us, _ in proposed.actions], proposed.refused) == ([noa], 1)
    told = [body for _, body in book.account(noa).timeline.of(InteractionRecorded)]
    assert [(body.purpose, body.human) for body in told] == [("win_back", True)]
    assert not list(book.account(gil).timeline.of(InteractionRecorded))


def test_b4_who_wants_no_offers_to_come_back_is_left_in_peace_on_every_channel_he_named() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")

    book.withdraw_consent(noa, purpose="win_back", channel=Channel.PHONE, evidence="exit call", actor="dana")

    customer = book.customer(noa)
    assert not customer.may_be_contacted("win_back", Channel.PHONE)
    assert customer.may_be_contacted("win_back", Channel.LETTER)


def test_c3_the_household_is_known_with_its_people_the_cat_and_the_dog() -> None:
    book = a_book()
    home = book.register_customer(kind=Kind.HOUSEHOLD, name="משפחת לוי", actor="dana", occurred_at=at(1))
    for name, birthday in (("נועה", "1990-02-28"), ("עומר", "--07-14")):
        person = book.register_customer(kind=Kind.PERSON, name=name, actor="dana", occurred_at=at(1))
        book.start_affiliation(person, home, role=Role.MEMBER, primary=True, actor="dana", occurred_at=at(2))
        book.learn_fact(person, name="birthday", value=birthday, source="נועה", actor="dana")
    for pet, name in (("cat", "מיצי"), ("dog", "רקס")):
        book.learn_fact(home, name=pet, value=name, source="נועה", actor="dana")

    members = [seat.name for seat in book.chart(home).seats]

    assert members == ["נועה", "עומר"]
    assert {name: fact.value for name, fact in book.customer(home).facts.items()} == {
        "cat": "מיצי",
        "dog": "רקס",
    }


def test_c3_nobody_offers_diapers_to_a_single_woman_of_25_until_her_life_changes() -> None:
    book = a_book()
    us = a_relationship(book, name="נועה")
    noa = us - 1
    book.list_offering(
        "diapers", name="Diapers, a month", fee=Money(30, "EUR"), minimum={"children": 1}, occurred_at=at(1), actor="dana"
    )  # fmt: skip
    book.learn_fact(noa, name="children", value=0, source="she", occurred_at=at(1), actor="dana")

    book.learn_fact(noa, name="children", value=1, source="her card: נולד לנו בן", occurred_at=at(5), actor="dana")  # fmt: skip

    offered = {when: [it.offering.code for it in book.recommended(us, as_of=when)] for when in (at(4), at(6))}
    assert offered == {at(4): [], at(6): ["diapers"]}
    assert "her card: נולד לנו בן" in str(book.card(us))


def test_c3_what_was_told_in_confidence_helps_to_choose_and_shows_up_nowhere_else() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")
    book.learn_fact(
        noa, name="pregnant", value=True, source="she, in confidence", sensitivity=Sensitivity.SENSITIVE,
        purposes=["suitability"], actor="dana",
    )  # fmt: skip

    customer = book.customer(noa)

    assert "pregnant" not in customer.facts
    assert "pregnant" not in customer.facts_for("marketing")
    assert customer.facts_for("suitability")["pregnant"].value is True


def test_c3_what_turns_out_wrong_is_put_right_and_one_sees_what_was_believed_and_by_whom() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", occurred_at=at(1))
    book.learn_fact(noa, name="children", value=2, source="a neighbour", actor="gil", occurred_at=at(2))

    book.correct_fact(
        noa, name="children", value=0, source="she herself", why="the neighbour's own", actor="dana"
    )

    told = book.customer(noa).history("children")
    assert [(it.fact.value, it.fact.source, it.why) for it in told if it.fact] == [
        (2, "a neighbour", ""),
        (0, "she herself", "the neighbour's own"),
    ]


def test_c3_two_cards_of_one_customer_become_one_and_nothing_of_either_is_lost() -> None:
    book = a_book()
    shop, web = (
        book.register_customer(kind=Kind.PERSON, name=name, actor="dana", occurred_at=at(1))
        for name in ("Noa Levi", "noa.levi@x.il")
    )
    for customer, text in ((shop, "asked about the router"), (web, "wrote that it works")):
        us = book.open_relationship(customer, actor="dana", occurred_at=at(1))
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.INBOUND, purpose="service", text=text, actor="dana"
        )
    book.withdraw_consent(web, purpose="sales", evidence="unsubscribed", actor="dana")

    book.merge_customers(into=shop, merged=web, evidence="same address and birthday", actor="dana")

    texts = [body.text for _, _, body in book.timeline_of(web)]  # type: ignore[attr-defined] # interactions
    assert texts == ["asked about the router", "wrote that it works"]
    assert not book.customer(shop).consents_to("sales")


def test_c6_a_birthday_is_marked_by_name_once_a_year_even_when_the_year_of_birth_is_not_known() -> None:
    book = a_book()
    home = book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", actor="dana", occurred_at=at(1))
    noa = book.register_customer(kind=Kind.PERSON, name="נועה", actor="dana", occurred_at=at(1))
    us = book.open_relationship(home, actor="dana", occurred_at=at(1))
    book.start_affiliation(noa, home, role=Role.MEMBER, actor="dana", occurred_at=at(1))
    book.learn_fact(noa, name="birthday", value="--02-29", source="she", actor="dana", occurred_at=at(1))

    days = occasions(book.ledger(), date(2027, 1, 1), date(2029, 1, 1), at=NOW)

    assert [(it.name, it.on, it.relationships) for it in days] == [
        ("נועה", date(2027, 2, 28), (us,)),
        ("נועה", date(2028, 2, 29), (us,)),
    ]


def test_e2_the_committee_is_known_with_who_decides_and_the_day_the_champion_leaves_is_noticed() -> None:
    book = a_book()
    firm = book.register_customer(kind=Kind.ORGANISATION, name="Orgad", actor="dana", occurred_at=at(1))
    us = book.open_relationship(firm, actor="dana", occurred_at=at(1))
    book.sign(us, terms=some_terms(), actor="dana", occurred_at=at(2))
    ruth, dan = (
        book.register_customer(kind=Kind.PERSON, name=name, actor="dana", occurred_at=at(1))
        for name in ("Ruth", "Dan")
    )
    book.start_affiliation(
        ruth, firm, role=Role.DECIDES, title="CEO", power=10, actor="dana", occurred_at=at(2)
    )
    speaks = book.start_affiliation(
        dan, firm, role=Role.CHAMPIONS, title="IT", power=4, reports_to=ruth, actor="dana", occurred_at=at(2)
    )
    assert book.chart(firm).gaps == ("how they buy: nobody has written down their buying procedure",)
    book.learn_fact(
        firm, name="buying_procedure", value="two offers, then the committee", source="Dan", actor="dana", occurred_at=at(2)
    )  # fmt: skip
    assert book.chart(firm).gaps == ()
    assert "buys by: two offers, then the committee (Dan)" in str(book.chart(firm))

    book.end_affiliation(dan, speaks, why="took a post elsewhere", actor="dana")

    assert book.chart(firm).gaps == ("a champion: nobody there is known to speak for us now",)
    assert [seat.name for seat in book.chart(firm, as_of=at(3)).seats] == ["Ruth", "Dan"]
