"""Stories of cases: threats, complaints, waiting, bad news and disputes, in the field's words."""

from __future__ import annotations

import pytest

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.case.recurrence import recurrences
from retainsdk.case.response import response_owed_since
from retainsdk.errors import CommandError, TransitionError
from retainsdk.events import InteractionRecorded
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    DisputeStep,
    Ending,
    Reason,
    Stage,
)


def what_is_known(book: Book, us: int) -> Account:
    return book.account(us)


def test_a1_a_threat_is_handled_apart_from_prevention_and_begins_no_end() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms())
    book.record_interaction(
        noa, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", actor="dana", occurred_at=at(2)
    )  # fmt: skip
    assert (
        what_is_known(book, noa).cases == {}
    )  # prevention: he is called in calm weather, and nothing is at stake

    threat = book.open_case(
        noa, kind=CaseKind.THREAT, topic="twenty percent or I go", stated_reason=Reason.CHEAPER_COMPETITOR,
        actor="dana", occurred_at=at(3),
    )  # fmt: skip

    known = what_is_known(book, noa)
    assert known.relationship.state == Stage.ACTIVE.name.lower()
    assert known.contract is not None
    assert known.contract.is_running
    assert known.cases[threat].stated_reason is Reason.CHEAPER_COMPETITOR
    assert response_owed_since(known.cases[threat], known.timeline) == at(
        3
    )  # response: the fire waits for somebody
    view = book.view(at(3))
    assert (view.threats[0], view.complaints[0], view.stage[0]) == (1, 0, Stage.ACTIVE)


def test_a1_the_end_begins_when_he_means_it_and_by_a_word_of_its_own() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms())
    threat = book.open_case(noa, kind=CaseKind.THREAT, topic="I go", actor="dana", occurred_at=at(3))
    book.resolve_case(noa, threat, how_done="he goes: wished him well", actor="dana", occurred_at=at(3, 2))
    assert what_is_known(book, noa).relationship.state == "active"

    book.begin_end(noa, actor="dana", occurred_at=at(3, 3))

    assert what_is_known(book, noa).relationship.state == "ending"


def test_c1_a_complaint_is_settled_when_the_customer_says_so() -> None:
    book = a_book()
    noa = a_relationship(book)
    case = book.open_case(
        noa, kind=CaseKind.COMPLAINT, topic="the cake was dry", actor="dana", occurred_at=at(2)
    )
    book.resolve_case(noa, case, how_done="a new cake, no argument", actor="dana", occurred_at=at(2, 1, 10))
    book.reopen_case(noa, case, why="the new one was dry too", actor="dana", occurred_at=at(2, 2))
    book.resolve_case(noa, case, how_done="his money back", actor="dana", occurred_at=at(2, 2))

    book.confirm_case(noa, case, actor="dana", occurred_at=at(2, 3))

    settled = what_is_known(book, noa).cases[case]
    assert (settled.state, settled.settled_how, settled.reopenings) == ("closed", "his money back", 1)
    assert not settled.resolved_at_first_contact


def test_c1_a_complaint_that_comes_back_is_known_as_the_old_one() -> None:
    book = a_book()
    noa = a_relationship(book)
    for month, topic in ((1, "wrong bill"), (2, "Wrong bill"), (3, "wrong  bill")):
        case = book.open_case(
            noa, kind=CaseKind.COMPLAINT, topic=topic, actor="dana", occurred_at=at(month, 2)
        )
        book.resolve_case(noa, case, how_done="corrected", actor="dana", occurred_at=at(month, 3))

    cases = what_is_known(book, noa).cases
    assert [case.repeats for case in cases.values()] == [None, 1, 1]
    assert recurrences(cases, 3) == 2


def test_c8_one_representative_settles_it_at_the_first_contact() -> None:
    book = a_book()
    noa = a_relationship(book)
    case = book.open_case(
        noa, kind=CaseKind.REQUEST, topic="another address", actor="dana", occurred_at=at(2)
    )
    book.resolve_case(noa, case, how_done="changed while he was on the line", actor="dana", occurred_at=at(2))

    assert what_is_known(book, noa).cases[case].resolved_at_first_contact


def test_c8_who_is_sent_from_one_to_the_next_was_not_served_at_the_first_contact() -> None:
    book = a_book()
    noa = a_relationship(book)
    case = book.open_case(
        noa, kind=CaseKind.REQUEST, topic="another address", actor="dana", occurred_at=at(2)
    )
    book.acknowledge_case(noa, case, actor="dana", occurred_at=at(2))
    book.start_case(noa, case, actor="dana", occurred_at=at(2))
    book.hand_over_case(
        noa, case, to="avi", why="dana may not change addresses", actor="dana", occurred_at=at(2)
    )
    book.resolve_case(noa, case, how_done="changed", actor="avi", occurred_at=at(2, 2))

    known = what_is_known(book, noa).cases[case]
    assert (known.handler, known.hand_overs, known.resolved_at_first_contact) == ("avi", 1, False)


def test_c8_he_has_his_answer_or_is_told_when_and_may_choose_between_two_ways() -> None:
    book = a_book()
    noa = a_relationship(book)
    case = book.open_case(noa, kind=CaseKind.REQUEST, topic="a technician", actor="dana", occurred_at=at(2))
    with pytest.raises(CommandError, match="leaves the customer no choice"):
        book.offer_options(
            noa, case, why="all are out", options=("wait",), until=at(2, 5), actor="dana", occurred_at=at(2)
        )
    with pytest.raises(CommandError, match="does not say until when"):
        book.offer_options(
            noa, case, why="all are out", channel=Channel.PHONE, actor="dana", occurred_at=at(2)
        )

    book.offer_options(
        noa, case, why="all are out", options=("Thursday at nine", "bring it to the shop today"),
        channel=Channel.PHONE, until=at(2, 5), actor="dana", occurred_at=at(2),
    )  # fmt: skip
    book.choose_option(noa, case, option="Bring it to the shop today", actor="dana", occurred_at=at(2, 1, 10))

    assert what_is_known(book, noa).cases[case].choices[-1].chosen == "bring it to the shop today"


def test_c8_after_our_answer_nothing_is_owed_until_he_writes_again() -> None:
    book = a_book()
    noa = a_relationship(book)
    case = book.open_case(noa, kind=CaseKind.REQUEST, topic="a technician", actor="dana", occurred_at=at(2))
    letters = (
        (Direction.OUTBOUND, at(2, 2), None),
        (Direction.INBOUND, at(2, 3), at(2, 3)),
        (Direction.INBOUND, at(2, 4), at(2, 3)),
        (Direction.OUTBOUND, at(2, 5), None),
    )

    for direction, when, owed_since in letters:
        book.record_interaction(
            noa, channel=Channel.EMAIL, direction=direction, purpose="service", two_way=False, case=case,
            actor="dana", occurred_at=when,
        )  # fmt: skip
        known = what_is_known(book, noa)
        assert response_owed_since(known.cases[case], known.timeline) == owed_since


def test_d6_bad_news_is_heard_from_a_person_before_it_is_read() -> None:
    book = a_book()
    noa = a_relationship(book)
    news = "הקורס נדחה לסתיו"
    case = book.open_case(
        noa, kind=CaseKind.BAD_NEWS, topic="the course", news=news, actor="dana", occurred_at=at(2)
    )

    def tell(channel: Channel, day: int) -> None:
        book.record_interaction(
            noa, channel=channel, direction=Direction.OUTBOUND, purpose="service", two_way=channel is Channel.PHONE,
            case=case, news=news, actor="dana", occurred_at=at(2, day),
        )  # fmt: skip

    with pytest.raises(CommandError, match="before the customer has heard it from a person"):
        tell(Channel.LETTER, 2)
    tell(Channel.PHONE, 2)
    tell(Channel.LETTER, 3)

    told = what_is_known(book, noa).timeline.of(InteractionRecorded)
    assert [said.channel for _, said in told] == [Channel.PHONE, Channel.LETTER]


def climb(book: Book, us: int, case: int, *steps: tuple[DisputeStep, int]) -> None:
    for step, day in steps:
        book.take_dispute_step(
            us, case, step=step, document=f"{step.name.lower()}.pdf",
            by="noga" if step is DisputeStep.MEDIATION else "",
            until=at(4, day + 14) if step is DisputeStep.COOLING_OFF else None,
            actor="dana", occurred_at=at(4, day),
        )  # fmt: skip


def test_e5_a_client_who_expects_too_much_is_not_let_go_while_a_step_is_left() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms())
    case = book.open_case(noa, kind=CaseKind.DISPUTE, topic="the scope", actor="dana", occurred_at=at(4))

    with pytest.raises(TransitionError, match="cannot part"):
        climb(book, noa, case, (DisputeStep.PARTED, 2))
    climb(book, noa, case, (DisputeStep.CONTRACT_REVISITED, 2), (DisputeStep.MEDIATION, 3))
    climb(book, noa, case, (DisputeStep.SETTLED, 4))

    known = what_is_known(book, noa)
    assert known.cases[case].state == "resolved"
    assert known.relationship.state == "active"  # once a client, always a client


def test_e5_we_end_his_contract_only_when_his_breach_is_proved_and_both_have_cooled_off() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms())
    case = book.open_case(noa, kind=CaseKind.DISPUTE, topic="the scope", actor="dana", occurred_at=at(4))
    climb(
        book, noa, case,
        (DisputeStep.CONTRACT_REVISITED, 2), (DisputeStep.MEDIATION, 3), (DisputeStep.FACTS_RECORDED, 4),
        (DisputeStep.BREACH_NOTIFIED, 5), (DisputeStep.COOLING_OFF, 6),
    )  # fmt: skip

    def end(day: int) -> None:
        book.terminate(
            noa, kind=Ending.BREACH_BY_CUSTOMER, evidence="facts_recorded.pdf", case=case,
            actor="dana", occurred_at=at(4, day),
        )  # fmt: skip

    with pytest.raises(CommandError, match="before both have cooled off"):
        climb(book, noa, case, (DisputeStep.REVISITED, 19))
    with pytest.raises(CommandError, match="does not prove a breach"):
        end(20)
    climb(book, noa, case, (DisputeStep.REVISITED, 20), (DisputeStep.PARTED, 21))
    end(22)

    contract = what_is_known(book, noa).contracts[1]
    assert (contract.state, what_is_known(book, noa).cases[case].state) == ("terminated", "resolved")
