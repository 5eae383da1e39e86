from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import Promise


def test_the_agenda_says_by_owner_and_day_what_is_owed_why_and_what_follows() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock, zone="Asia/Jerusalem")
    noa = a_relationship(book)
    gil = a_relationship(book, name="Gil", owner="omer")
    book.promise(
        noa,
        kind=Promise.DELIVERY,
        what="new router",
        due=at(2, 3),
        basis="outage of 30 January",
        actor="dana",
    )
    book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(2, 2), actor="dana")
    book.promise(gil, kind=Promise.CALLBACK, what="moving house", due=at(2, 5), actor="dana")
    book.give_late_notice(noa, 1, due=at(2, 5, 22), actor="dana")
    clock.time = at(2, 4)

    assert f"{book.agenda()}\n" == (
        "dana\n"
        "  2026-02-02\n"
        "    11:00 OVERDUE callback 2 to Noa [0000000000000002]: the bill\n"
        "      why: promised by dana on 2026-02-01\n"
        "      if missed: too late to keep or to put off: it counts as broken, the customer is owed an explanation and a compensation\n"
        "  2026-02-05\n"
        "    24:00 delivery 1 to Noa [0000000000000002]: new router\n"
        "      why: promised by dana on 2026-02-01 (outage of 30 January), put off once, first due 2026-02-03\n"
        "      if missed: a late notice is possible until it is due; missed, it counts as broken, and the customer is owed an explanation and a compensation\n"
        "omer\n"
        "  2026-02-05\n"
        "    11:00 callback 1 to Gil [0000000000000004]: moving house\n"
        "      why: promised by dana on 2026-02-01\n"
        "      if missed: calling back keeps it even when the work is unfinished; missed, it counts as broken, and the customer is owed an explanation and a compensation\n"
    )


def test_the_agenda_can_be_one_owners_and_end_on_a_day() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)
    gil = a_relationship(book, name="Gil", owner="omer")
    for relationship in (noa, gil):
        for day in (3, 5):
            book.promise(relationship, kind=Promise.DELIVERY, what="x", due=at(2, day), actor="dana")

    listed = book.agenda(owner="omer", until=date(2026, 2, 4)).items

    assert [(item.relationship, item.day) for item in listed] == [(gil, date(2026, 2, 3))]


def test_an_assignment_hands_what_is_due_to_the_new_owner() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)
    book.promise(noa, kind=Promise.DELIVERY, what="x", due=at(2, 3), actor="dana")

    book.assign_owner(noa, owner="omer", actor="dana")

    assert [item.owner for item in book.agenda().items] == ["omer"]


def test_nothing_owed_is_said_so() -> None:
    assert str(a_book().agenda()) == "Nothing is owed."


def test_an_agenda_of_a_name_nobody_bears_says_so_and_who_may_be_meant() -> None:
    book = a_book()
    a_relationship(book, owner="Dana")

    assert str(book.agenda(owner="Dana")) == "Nothing is owed."
    assert str(book.agenda(owner="dnna")) == (
        "Nobody called 'dnna' works here or has a relationship. Did you mean 'Dana'?"
    )
    assert str(book.agenda(owner="Xu")) == "Nobody called 'Xu' works here or has a relationship."


def test_a_promise_while_nobody_has_the_relationship_is_for_whoever_gave_it() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book, owner="unassigned")
    book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(2, 3), actor="gil")

    assert [item.number for item in book.agenda(owner="gil").items] == [1]
    book.assign_owner(noa, owner="omer", source="the list", actor="boss")
    assert [item.owner for item in book.agenda().items] == ["omer"]


def test_what_falls_due_outside_his_own_hours_says_until_when_he_works() -> None:
    clock = SetClock(at(2, 1, 7))  # a Sunday
    book = a_book(clock=clock)
    noa = a_relationship(book)
    book.join_staff("dana", hours="Sun-Thu 09:00-13:00 14:00-16:00", actor="boss")
    for due in (at(2, 2, 13), at(2, 2, 18), at(2, 7, 10), at(2, 1, 8)):
        book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=due, actor="dana")

    why = {item.number: item.why.partition("; ")[2] for item in book.agenda().items}

    assert why == {
        1: "",
        2: "dana does not work then, until 2026-02-02 16:00",
        3: "dana does not work then, until 2026-02-05 16:00",
        4: "dana does not work then, nor before",
    }


def test_what_falls_due_for_a_deputy_goes_by_the_hours_of_the_deputy() -> None:
    book = a_book(clock=SetClock(at(2, 1, 7)))
    noa = a_relationship(book)
    for name, hours in (("dana", "Sun-Thu 09:00-18:00"), ("omer", "Sun-Thu 09:00-12:00")):
        book.join_staff(name, hours=hours, actor="boss")
    book.record_absence(
        "dana", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 4), deputy="omer", actor="boss"
    )
    book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(2, 3, 17), actor="dana")

    (item,) = book.agenda().items

    assert (item.owner, item.instead_of) == ("omer", "dana")
    assert item.why.endswith("; omer does not work then, until 2026-02-03 12:00")


def test_what_is_due_at_midnight_stands_on_the_last_day_on_which_it_can_be_done() -> None:
    book = a_book(clock=SetClock(at(2)), zone="Asia/Jerusalem")
    noa = a_relationship(book)
    midnight = datetime(2026, 2, 4, tzinfo=ZoneInfo("Asia/Jerusalem"))
    book.promise(noa, kind=Promise.REPORT, what="January", due=midnight, actor="dana")

    agenda = book.agenda(until=date(2026, 2, 3))

    assert [(item.day, item.overdue) for item in agenda.items] == [(date(2026, 2, 3), False)]
    assert "  2026-02-03\n    24:00 report 1" in str(agenda)
    assert book.agenda(midnight + timedelta(hours=8)).items[0].overdue
