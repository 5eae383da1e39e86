"""Stories of the field about owning, founding, ending and renewing a relationship, each named by its rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from retainsdk import Book, CaseKind, Channel, Direction, Kind, Money, Origin, Promise, Reason, Stage
from retainsdk.account.endings import missing_steps
from retainsdk.account.labels import labels
from retainsdk.account.standing import standing
from retainsdk.duties import Duties, PromisedContact
from retainsdk.errors import CommandError
from retainsdk.events import TenureBenefit, Tier
from retainsdk.record.cadence import USUAL, last_contact
from retainsdk.relationship import Relationship
from retainsdk.reports.icalendar import icalendar
from retainsdk.reports.referrals import brought_by, referral_chain
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import ClosingStep, Foundation, Potential, Side


def now_of(book: Book, us: int) -> Relationship:
    return book.account(us).relationship


def gets(book: Book, us: int, when: datetime) -> list[str]:
    ledger = book.ledger(as_of=when)
    member = standing(ledger.account(us), ledger.programmes["מועדון"], when, zone=UTC, currency="EUR")
    return [] if member is None else [benefit for benefit, _ in member.benefits]


def test_a6_a_regular_of_the_club_gets_what_others_do_not_as_long_as_he_buys_enough() -> None:
    book = a_book()
    gold = Tier(name="gold", threshold=Money(300, "EUR"), benefits=("free delivery",))
    book.change_programme("מועדון", tiers=[gold], window_months=3, occurred_at=at(1), actor="dana")
    regular, other = a_relationship(book), a_relationship(book, name="Gil")
    book.join_programme(regular, programme="מועדון", occurred_at=at(1), actor="dana")

    for who in (regular, other):
        book.record_purchase(
            who, what="a bicycle", amount=Money(300, "EUR"), paid=True, occurred_at=at(2), actor="dana"
        )

    assert gets(book, regular, at(3)) == ["free delivery"]
    assert gets(book, other, at(3)) == []
    assert gets(book, regular, at(6)) == []  # what he bought lies too far back


def test_a6_what_the_club_costs_us_counts_into_what_each_member_costs() -> None:
    book = a_book()
    book.change_programme("מועדון", cost_per_member=Money(2, "EUR"), occurred_at=at(1), actor="dana")
    member, other = a_relationship(book), a_relationship(book, name="Gil")
    book.join_programme(member, programme="מועדון", occurred_at=at(2, 10), actor="dana")
    book.change_programme("מועדון", cost_per_member=Money(3, "EUR"), occurred_at=at(4), actor="dana")
    book.leave_programme(member, programme="מועדון", occurred_at=at(5, 1), actor="dana")

    cost = book.cost_to_serve(member, hour=Money(40, "EUR"))

    assert [(part.name, part.amount, part.source) for part in cost.parts] == [
        ("membership", Decimal(2), "programme מועדון"), ("membership", Decimal(2), "programme מועדון"), ("membership", Decimal(3), "programme מועדון"),
    ]  # fmt: skip
    assert book.cost_to_serve(member, hour=Money(40, "EUR"), as_of=at(3, 9)).money == Money(2, "EUR")
    assert not book.cost_to_serve(other, hour=Money(40, "EUR")).parts
    assert book.report("stages").total_of("cost") == cost.money


def a_leaver(book: Book, *, stated: Reason = Reason.CHEAPER_COMPETITOR) -> int:
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(us, by=Side.CUSTOMER, occurred_at=at(3), actor="dana")
    book.record_exit_reason(
        us, stated=stated, evidence="said so on the phone", occurred_at=at(3), actor="dana"
    )
    book.complete_end(us, although="he hung up", occurred_at=at(3, 2), actor="dana")
    return us


def test_b1_the_leaver_is_due_before_his_lock_in_elsewhere_ends_and_comes_back_with_his_history() -> None:
    clock = SetClock(NOW)
    book = a_book(clock=clock)
    us = a_leaver(book)
    book.learn_competitor_lock_in(
        us, competitor="Cellex", until=date(2026, 9, 1), source="he", occurred_at=at(3, 2), actor="dana"
    )
    book.open_winback(us, plan="call and ask how he fares", lead_days=30, occurred_at=at(3, 3), actor="dana")
    book.run_duties(actor="clock")
    assert book.agenda().items == ()  # he is bound for months yet
    clock.time = at(7, 25)
    book.run_duties(actor="clock")
    (due,) = book.agenda().items
    assert (due.relationship, due.day) == (us, date(2026, 8, 2))

    book.record_return(us, tenure_kept=True, actor="dana")

    assert now_of(book, us).stage is Stage.ONBOARDING
    assert now_of(book, us).origin is Origin.RETURN
    assert [reason.stated for reason in now_of(book, us).exit_reasons] == [Reason.CHEAPER_COMPETITOR]


def test_b2_on_the_way_out_what_was_promised_is_kept_and_the_complaint_followed_to_its_end() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.open_case(us, kind=CaseKind.COMPLAINT, topic="the bill", occurred_at=at(3), actor="dana")
    promise = book.promise(
        us, kind=Promise.DELIVERY, what="final bill", due=at(3, 20), occurred_at=at(3), actor="dana"
    )
    book.begin_end(us, by=Side.CUSTOMER, occurred_at=at(3), actor="dana")
    assert missing_steps(book.account(us), NOW)[ClosingStep.PROMISES_SETTLED] == (
        "promise 1 is open: final bill; complaint 1 is not settled: the bill"
    )

    book.keep(us, promise, occurred_at=at(3, 9), actor="dana")
    book.resolve_case(us, 1, how_done="paid back, with an apology", occurred_at=at(3, 9), actor="dana")

    assert ClosingStep.PROMISES_SETTLED not in missing_steps(book.account(us), NOW)


def test_b3_what_he_says_and_what_we_find_out_are_both_kept_with_their_evidence() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.begin_end(us, by=Side.CUSTOMER, occurred_at=at(3), actor="dana")
    said, found = "אין לי צורך בשירות", "asked what he uses now: Cellex, ten euros less"
    book.record_exit_reason(us, stated=Reason.NO_NEED_STATED, evidence=said, occurred_at=at(3), actor="dana")

    book.record_exit_reason(
        us, stated=Reason.NO_NEED_STATED, assessed=Reason.CHEAPER_COMPETITOR, detail="lower price",
        evidence=found, occurred_at=at(3, 2), actor="omer",
    )  # fmt: skip

    relationship = now_of(book, us)
    assert relationship.stated_reason == (at(3, 2), Reason.NO_NEED_STATED)
    assert relationship.assessed_reason is Reason.CHEAPER_COMPETITOR
    assert [(it.author, it.evidence) for it in relationship.exit_reasons] == [("dana", said), ("omer", found)]


@pytest.mark.parametrize(
    "hidden", [Reason.NEED_ENDED, Reason.CHEAPER_COMPETITOR, Reason.BETTER_COMPETITOR, Reason.NOT_WORTH_COST]
)
def test_b7_no_need_hides_one_of_four_reasons_and_no_end_is_complete_before_it_is_found(
    hidden: Reason,
) -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(us, by=Side.CUSTOMER, occurred_at=at(3), actor="dana")
    book.record_exit_reason(
        us, stated=Reason.NO_NEED_STATED, evidence="call", occurred_at=at(3), actor="dana"
    )
    with pytest.raises(CommandError, match="'no need' hides the true reason: assess it"):
        book.complete_end(us, occurred_at=at(3, 2), actor="dana")

    book.record_exit_reason(
        us,
        stated=Reason.NO_NEED_STATED,
        assessed=hidden,
        evidence="asked until he said",
        occurred_at=at(3, 2),
        actor="dana",
    )

    assert ClosingStep.REASON_RECORDED not in missing_steps(book.account(us), NOW)


def test_d7_the_longer_he_is_a_member_the_more_he_gets_and_his_return_does_not_cost_him_that() -> None:
    book = a_book()
    extras = [TenureBenefit(months=1, benefit="a discount"), TenureBenefit(months=3, benefit="early access")]
    book.change_programme("מועדון", tenure_benefits=extras, occurred_at=at(1), actor="dana")
    us = a_relationship(book)
    book.join_programme(us, programme="מועדון", occurred_at=at(1), actor="dana")
    assert gets(book, us, at(2)) == ["a discount"]
    book.begin_end(us, occurred_at=at(3), actor="dana")
    book.complete_end(us, although="he moved at once", occurred_at=at(3), actor="dana")
    book.record_return(us, tenure_kept=True, occurred_at=at(4), actor="dana")
    book.join_programme(us, programme="מועדון", occurred_at=at(4), actor="dana")

    assert gets(book, us, at(4)) == ["a discount"]
    assert gets(book, us, at(5)) == ["a discount", "early access"]


def test_d8_who_brought_whom_is_known_to_the_first_and_each_is_credited_once() -> None:
    book = a_book()
    noa = a_relationship(book)
    friends = [noa]
    for name in ("Gil", "טל"):
        customer = book.register_customer(kind=Kind.PERSON, name=name, occurred_at=at(2), actor="dana")
        friend = book.open_relationship(
            customer, referrer=friends[-1], stage=Stage.ACTIVE, occurred_at=at(2), actor="dana"
        )
        book.credit_referral(friends[-1], referred=friend, credit="a free month", actor="dana")
        friends.append(friend)

    with pytest.raises(CommandError, match="was credited already"):
        book.credit_referral(noa, referred=friends[1], actor="dana")

    assert now_of(book, friends[2]).origin is Origin.REFERRAL
    assert referral_chain(book.ledger(), friends[2]) == (friends[1], noa)
    assert brought_by(book.ledger(), noa) == 2


def test_e1_one_person_has_the_main_duty_and_the_others_contribute_their_part() -> None:
    book = a_book()
    us = a_relationship(book, owner="dana")
    book.add_contributor(us, contributor="omer", part="the technical side", occurred_at=at(2), actor="dana")
    with pytest.raises(CommandError, match="contradicts 'dana'"):
        book.assign_owner(us, owner="tal", source="an old list", occurred_at=at(1), actor="import")

    book.assign_owner(us, owner="omer", source="dana goes on leave", occurred_at=at(4), actor="boss")

    assert [now_of(book, us).owner_at(when) for when in (at(3), at(4))] == ["dana", "omer"]
    assert now_of(book, us).contributors == ()


def test_e3_he_sees_what_he_gains_and_by_which_way_and_it_is_looked_at_again() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT, terms=some_terms())
    book.do_foundation_step(
        us, step=Foundation.WAYS_LEARNT, findings="decides on Mondays", occurred_at=at(1, 9), actor="dana"
    )
    book.do_foundation_step(
        us, step=Foundation.NEEDS_ANALYSED, findings="two lines and no television",
        review_on=date(2027, 1, 15), occurred_at=at(1, 15), actor="dana",
    )  # fmt: skip
    book.plan_success(
        us, gain="a tenth less waste", way="smaller orders, twice a week", review_on=date(2026, 7, 1),
        occurred_at=at(1, 20), actor="dana",
    )  # fmt: skip
    with pytest.raises(CommandError, match="miss goals shared, risks shared"):
        book.lay_foundations(us, occurred_at=at(2), actor="dana")

    for step in (Foundation.GOALS_SHARED, Foundation.RISKS_SHARED):
        book.do_foundation_step(us, step=step, findings="talked it over", occurred_at=at(2), actor="dana")
    book.lay_foundations(us, occurred_at=at(2), actor="dana")

    assert now_of(book, us).stage is Stage.ACTIVE
    assert now_of(book, us).foundations.reviews()[0] == (date(2026, 7, 1), "success_plan")


def test_e6_an_end_with_all_papers_and_satisfaction_measured_is_a_good_one() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(us, by=Side.US, occurred_at=at(3), actor="dana")
    book.record_exit_reason(
        us,
        stated=Reason.NEED_ENDED,
        detail="job done",
        evidence="the hand-over",
        occurred_at=at(3),
        actor="dana",
    )
    book.do_closing_step(
        us, step=ClosingStep.DOCUMENTS_FILED, evidence="folder 12", occurred_at=at(3), actor="dana"
    )
    with pytest.raises(CommandError, match=r"he was not asked how satisfied he is.*he was not thanked"):
        book.complete_end(us, occurred_at=at(3, 2), actor="dana")

    book.answer_survey(us, instrument="exit", score=9, occurred_at=at(3, 2), actor="dana")
    book.do_closing_step(
        us, step=ClosingStep.THANKED, evidence="a letter: always welcome", occurred_at=at(3, 2), actor="dana"
    )

    assert book.complete_end(us, occurred_at=at(3, 3), actor="dana") is True


def test_e7_the_more_a_client_could_become_the_sooner_he_hears_from_us_between_jobs() -> None:
    book = a_book()
    us = a_relationship(book)
    book.record_interaction(
        us, channel=Channel.IN_PERSON, direction=Direction.OUTBOUND, purpose="personal", text="lunch",
        occurred_at=at(4), actor="dana",
    )  # fmt: skip
    touched = last_contact(book.account(us).timeline, NOW)
    assert touched == at(4)
    due = USUAL.due(touched, now_of(book, us).potential)

    book.classify(us, potential=Potential.A, why="opens a second shop", actor="dana")

    assert USUAL.due(touched, now_of(book, us).potential) == at(4) + timedelta(days=30) < due
    assert [label.name for label in labels(book.account(us), NOW)] == ["dormant"]


def test_e7_the_next_talk_with_a_client_of_promise_stands_in_the_calendar_with_a_reminder() -> None:
    book = a_book()
    us = a_relationship(book, name="מאפיית לוי", terms=some_terms())
    book.classify(us, potential=Potential.A, why="opens a second shop", occurred_at=at(6), actor="dana")
    book.record_interaction(
        us, channel=Channel.IN_PERSON, direction=Direction.OUTBOUND, purpose="personal",
        text="congratulated on the prize of the guild", occurred_at=at(6, 10), actor="dana",
    )  # fmt: skip

    book.run_duties(duties=Duties(promised_contact=PromisedContact(by_class=USUAL)), actor="clock")
    calendar = icalendar(book.agenda(owner="dana"))

    assert "DTSTART:20260710T090000Z" in calendar  # a client of class A hears from us every thirty days
    assert "to מאפיית לוי" in calendar
    assert "BEGIN:VALARM" in calendar
