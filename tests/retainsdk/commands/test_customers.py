from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from retainsdk.book import Book
from retainsdk.customer import Customer
from retainsdk.errors import CommandError, ConflictError, RetainError, UnknownIdError
from retainsdk.ledger import Ledger
from retainsdk.testing import NOW, a_book, at
from retainsdk.vocabulary import Channel, Direction, Kind, Role, Sensitivity

PHONE, EMAIL = Channel.PHONE, Channel.EMAIL


def a_customer(book: Book, name: str = "Noa", kind: Kind = Kind.PERSON, since: datetime = at(1)) -> int:  # noqa: B008 # a frozen value
    return book.register_customer(kind=kind, name=name, actor="dana", occurred_at=since)


def mailed(book: Book, us: int, purpose: str, channel: Channel, when: datetime) -> bool:
    """Whether a mailing that goes out by itself is let through."""
    try:
        book.record_interaction(
            us, channel=channel, direction=Direction.OUTBOUND, purpose=purpose, human=False, two_way=False,
            actor="mailer", occurred_at=when,
        )  # fmt: skip
    except CommandError:
        return False
    return True


def test_addresses_are_kept_as_they_came_and_never_refused_for_their_looks() -> None:
    book = a_book()
    noa = a_customer(book)

    for address in ("לבקש את נועה, שלוחה 3", "+972 (0)54-555 12", "call the neighbour"):
        book.add_contact_point(noa, channel=PHONE, address=address, actor="dana")

    points = book.customer(noa).points
    assert [points[number].address for number in (1, 2, 3)] == [
        "לבקש את נועה, שלוחה 3",
        "+972 (0)54-555 12",
        "call the neighbour",
    ]


def test_an_address_that_is_known_and_works_is_not_added_again_and_one_that_is_retired_is() -> None:
    book = a_book()
    noa = a_customer(book)
    first = book.add_contact_point(noa, channel=EMAIL, address="n@x.il", actor="dana")
    again = book.add_contact_point(noa, channel=EMAIL, address="n@x.il", actor="gil")

    book.retire_contact_point(noa, first, why="bounced", actor="dana")
    back = book.add_contact_point(noa, channel=EMAIL, address="n@x.il", actor="dana")

    assert (first, again, back) == (1, 1, 2)
    assert [point.works_at(NOW) for point in book.customer(noa).points.values()] == [False, True]


def test_what_cannot_happen_to_a_contact_point_is_refused() -> None:
    book = a_book()
    noa = a_customer(book)
    book.add_contact_point(noa, channel=EMAIL, address="n@x.il", occurred_at=at(2), actor="dana")
    book.retire_contact_point(noa, 1, why="bounced", occurred_at=at(4), actor="dana")
    events = len(book)

    for tell, why in (
        (lambda: book.retire_contact_point(noa, 1, why="again", actor="dana"), "is retired"),
        (lambda: book.verify_contact_point(noa, 1, how_seen="answer", actor="dana"), "is retired"),
        (lambda: book.verify_contact_point(noa, 1, how_seen="x", actor="dana", occurred_at=at(1, 5)), "was not known at"),
        (lambda: book.verify_contact_point(noa, 2, how_seen="x", actor="dana"), "no contact point '2'"),
        (lambda: book.add_contact_point(noa, channel=EMAIL, address=" ", actor="dana"), "reaches nobody"),
    ):  # fmt: skip
        with pytest.raises(RetainError, match=why):
            tell()
    book.verify_contact_point(noa, 1, how_seen="answer", actor="dana", occurred_at=at(3))

    assert len(book) == events + 1
    assert book.customer(noa).points[1].verified_at == at(3)


@pytest.mark.invariant(13)
def test_a_channel_whose_addresses_are_all_retired_is_closed_even_to_what_a_contract_obliges_us_to_say() -> (
    None
):
    book = a_book()
    noa = a_customer(book)
    us = book.open_relationship(noa, actor="dana", occurred_at=at(1))
    for number, address in enumerate(("a@x.il", "b@x.il"), start=1):
        book.add_contact_point(noa, channel=EMAIL, address=address, occurred_at=at(2), actor="dana")
        book.retire_contact_point(noa, number, why="bounced", occurred_at=at(2 + number), actor="dana")

    sent = [mailed(book, us, "service", EMAIL, at(month)) for month in (1, 2, 3, 4)]

    assert sent == [True, True, True, False]
    assert mailed(book, us, "service", Channel.LETTER, at(4))


words = st.tuples(
    st.booleans(), st.sampled_from(["service", "marketing"]), st.sampled_from([None, PHONE, EMAIL]), st.integers(1, 4)
)  # fmt: skip


@pytest.mark.invariant(13)
@pytest.mark.invariant(14)
@given(
    st.lists(words, max_size=5),
    st.sampled_from(["service", "marketing"]),
    st.sampled_from([PHONE, EMAIL]),
    st.integers(1, 5),
)
def test_nothing_goes_out_by_itself_to_who_refused_it_by_then_nor_marketing_to_who_never_agreed(
    said: list[tuple[bool, str, Channel | None, int]], purpose: str, channel: Channel, month: int
) -> None:
    book = a_book()
    noa = a_customer(book)
    us = book.open_relationship(noa, actor="dana", occurred_at=at(1))
    for given_, what, where, when in said:  # as they arrive, not as they were said
        tell = book.give_consent if given_ else book.withdraw_consent
        tell(noa, purpose=what, channel=where, evidence="form", actor="dana", occurred_at=at(when))

    sent = mailed(book, us, purpose, channel, at(month))

    by_then = [(when, given_) for given_, what, where, when in said if what == purpose and where in {None, channel} and when <= month]  # fmt: skip
    last = [given_ for when, given_ in by_then if when == max(by_then)[0]]
    assert sent == (all(last) if last else purpose != "marketing")


def test_what_a_person_of_ours_did_is_recorded_consent_or_not() -> None:
    book = a_book()
    noa = a_customer(book)
    us = book.open_relationship(noa, actor="dana", occurred_at=at(1))
    book.withdraw_consent(noa, purpose="sales", evidence="call", actor="dana", occurred_at=at(2))

    book.record_interaction(
        us, channel=PHONE, direction=Direction.OUTBOUND, purpose="sales", actor="dana", occurred_at=at(3)
    )

    assert len(book.timeline_of(noa)) == 1


def test_a_refused_mailing_says_what_the_customer_said_and_when() -> None:
    book = a_book()
    noa = a_customer(book, "נועה")
    us = book.open_relationship(noa, actor="dana", occurred_at=at(1))
    book.withdraw_consent(
        noa, purpose="survey", evidence="reply to survey 7", actor="dana", occurred_at=at(2)
    )

    with pytest.raises(
        CommandError, match=r"contact for survey by email: was refused by 'נועה' on 2026-02-01 \(reply"
    ):
        book.record_interaction(
            us, channel=EMAIL, direction=Direction.OUTBOUND, purpose="survey", human=False, actor="mailer"
        )


# merging


@pytest.mark.invariant(11)
def test_after_a_merge_either_id_means_the_result() -> None:
    book = a_book()
    home = a_customer(book, "Levi", Kind.HOUSEHOLD)
    one, other = a_customer(book, "Noa Levi"), a_customer(book, "N. Levi")
    mine, theirs = (book.open_relationship(it, actor="dana", occurred_at=at(1)) for it in (one, other))
    book.start_affiliation(other, home, role=Role.MEMBER, actor="dana", occurred_at=at(2))
    book.add_contact_point(one, channel=PHONE, address="1", actor="dana", occurred_at=at(2))
    book.add_contact_point(other, channel=PHONE, address="2", actor="dana", occurred_at=at(2))
    book.learn_fact(other, name="language", value="he", source="call", actor="dana", occurred_at=at(2))

    result = book.merge_customers(
        into=one, merged=other, evidence="same passport", actor="dana", occurred_at=at(3)
    )
    book.learn_fact(other, name="senior", value=True, source="call", actor="dana")
    book.withdraw_consent(other, purpose="sales", evidence="call", actor="dana")
    book.retire_contact_point(other, 2, why="bounced", actor="dana")
    later = book.open_relationship(other, actor="dana")
    ledger = book.ledger()

    assert result == one
    assert book.customer(other) == book.customer(one) == ledger.customers[one] == ledger.customer(other)
    assert [book.account(us).relationship.customer for us in (mine, theirs, later)] == [one] * 3
    assert {account.relationship.customer for account in ledger.accounts.values()} == {one}
    assert [it.person for it in ledger.customers[home].affiliations.values()] == [one]
    noa = book.customer(one)
    assert (noa.language, noa.facts["senior"].value, noa.consents_to("sales")) == ("he", True, False)
    assert [(point.address, point.retired_at is None) for point in noa.points.values()] == [
        ("1", True),
        ("2", False),
    ]
    assert set(ledger.customers) == {home, one}


@pytest.mark.invariant(11)
def test_who_reported_to_the_merged_one_reports_to_the_result_in_both_entries() -> None:
    book = a_book()
    firm = a_customer(book, "Orgad", Kind.ORGANISATION)
    ruth, twin, dan = (a_customer(book, name) for name in ("Ruth", "R.", "Dan"))
    book.start_affiliation(twin, firm, role=Role.DECIDES, actor="dana", occurred_at=at(2))
    line = book.start_affiliation(dan, firm, role=Role.USES, reports_to=twin, actor="dana", occurred_at=at(2))

    book.merge_customers(into=ruth, merged=twin, evidence="x", actor="dana")

    customers = book.ledger().customers
    assert [customers[side].affiliations[line].reports_to for side in (dan, firm)] == [ruth, ruth]
    assert [(seat.name, seat.level) for seat in book.chart(firm).seats] == [("Ruth", 0), ("Dan", 1)]


def test_before_a_merge_there_were_two() -> None:
    book = a_book()
    one, other = a_customer(book, "Noa"), a_customer(book, "N.")
    theirs = book.open_relationship(other, actor="dana", occurred_at=at(1))
    book.merge_customers(into=one, merged=other, evidence="passport", actor="dana", occurred_at=at(3))

    assert book.customer(other, as_of=at(2)).name == "N."
    assert set(book.ledger(as_of=at(2)).customers) == {one, other}
    assert book.account(theirs, as_of=at(2)).relationship.customer == other


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("himself", "is the same as 0000000000000001 already"),
        ("twice", "is the same as 0000000000000001 already"),
        ("a household", "are a household and a person, not one customer"),
        ("somebody unknown", "holds no customer '0000000000000063'"),
        ("too early", "comes before something that happened to one of them"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(case: str, why: str) -> None:
    book = a_book()
    noa, other, home = a_customer(book), a_customer(book), a_customer(book, "Levi", Kind.HOUSEHOLD)
    if case == "twice":
        book.merge_customers(into=noa, merged=other, evidence="x", actor="dana", occurred_at=at(2))
    book.learn_fact(other, name="x", value=1, source="x", actor="dana", occurred_at=at(3))
    merged = {
        "himself": noa,
        "twice": other,
        "a household": home,
        "somebody unknown": 99,
        "too early": other,
    }[case]
    digest = book.digest()

    with pytest.raises(RetainError, match=why):
        book.merge_customers(into=noa, merged=merged, evidence="x", actor="dana", occurred_at=at(2) if case == "too early" else None)  # fmt: skip

    assert book.digest() == digest


def test_nothing_known_before_is_corrected_as_of_a_time_before_the_merge() -> None:
    book = a_book()
    one, other = a_customer(book), a_customer(book)
    book.learn_fact(other, name="diet", value="vegan", source="x", actor="dana", occurred_at=at(2))
    book.merge_customers(into=one, merged=other, evidence="x", actor="dana", occurred_at=at(4))

    with pytest.raises(CommandError, match="comes before two entries for this customer were merged"):
        book.correct_fact(
            one, name="diet", value="none", source="x", why="x", actor="dana", occurred_at=at(3)
        )
    book.correct_fact(one, name="diet", value="none", source="x", why="x", actor="dana", occurred_at=at(4))

    assert "diet" not in book.ledger(as_of=at(3)).customers[one].facts
    assert book.customer(one).facts["diet"].value == "none"


def test_a_merge_that_would_let_somebody_report_to_himself_is_refused() -> None:
    book = a_book()
    firm = a_customer(book, "Orgad", Kind.ORGANISATION)
    top, middle, low = (a_customer(book, name) for name in ("top", "middle", "low"))
    for person, boss in ((top, None), (middle, top), (low, middle)):
        book.start_affiliation(person, firm, role=Role.USES, reports_to=boss, actor="dana", occurred_at=at(2))

    with pytest.raises(CommandError, match="would report to himself"):
        book.merge_customers(into=low, merged=top, evidence="x", actor="dana")
    book.merge_customers(into=low, merged=a_customer(book), evidence="x", actor="dana")

    assert len(book.chart(firm).seats) == 3


def test_a_merge_of_two_firms_that_would_close_a_circle_between_their_people_is_refused() -> None:
    book = a_book()
    firms = [a_customer(book, name, Kind.ORGANISATION) for name in ("Orgad", "Orgad Ltd")]
    ruth, dan, twin = (a_customer(book, name) for name in ("Ruth", "Dan", "Dan again"))
    for firm, boss, low in ((firms[0], ruth, dan), (firms[1], twin, ruth)):
        book.start_affiliation(boss, firm, role=Role.USES, actor="dana", occurred_at=at(2))
        book.start_affiliation(low, firm, role=Role.USES, reports_to=boss, actor="dana", occurred_at=at(2))
    book.merge_customers(into=dan, merged=twin, evidence="x", actor="dana", occurred_at=at(3))

    with pytest.raises(CommandError, match="would report to himself"):
        book.merge_customers(into=firms[0], merged=firms[1], evidence="x", actor="dana")


def test_who_reports_to_somebody_belongs_where_he_does() -> None:
    book = a_book()
    firm, ruth, dan = (
        a_customer(book, "Orgad", Kind.ORGANISATION),
        a_customer(book, "Ruth"),
        a_customer(book, "Dan"),
    )

    with pytest.raises(CommandError, match="who is not known to belong to 'Orgad'"):
        book.start_affiliation(dan, firm, role=Role.USES, reports_to=ruth, actor="dana")
    with pytest.raises(CommandError, match=r"'Ruth' \(person\): has no members"):
        book.start_affiliation(dan, ruth, role=Role.USES, actor="dana")
    with pytest.raises(CommandError, match=r"'Orgad' \(organisation\): cannot be a member"):
        book.start_affiliation(firm, ruth, role=Role.USES, actor="dana")
    with pytest.raises(UnknownIdError, match="affiliation of customer"):
        book.end_affiliation(dan, 99, why="x", actor="dana")


def test_two_writers_do_not_close_a_circle_behind_each_others_backs(tmp_path: Path) -> None:
    mine, theirs = (Book.open(tmp_path / "book.db", clock=lambda: NOW) for _ in range(2))
    firm, ruth, dan = (
        a_customer(mine, "Orgad", Kind.ORGANISATION),
        a_customer(mine, "Ruth"),
        a_customer(mine, "Dan"),
    )
    for person in (ruth, dan):
        mine.start_affiliation(person, firm, role=Role.USES, actor="dana")
    read = mine._read_around

    def overtaken(*asked: object, **more: object) -> object:
        state = read(*asked, **more)  # type: ignore[arg-type] # as it was asked
        theirs.start_affiliation(ruth, firm, role=Role.USES, reports_to=dan, actor="gil")
        return state

    mine._read_around = overtaken  # type: ignore[method-assign,assignment] # where the other one writes
    with pytest.raises(ConflictError):
        mine.start_affiliation(dan, firm, role=Role.USES, reports_to=ruth, actor="dana")
    mine.close()
    theirs.close()


def test_a_large_organisation_is_read_in_parts(tmp_path: Path) -> None:
    book = a_book(path=tmp_path / "book.db")
    firm = a_customer(book, "Orgad", Kind.ORGANISATION)
    us = book.open_relationship(firm, actor="dana", occurred_at=at(1))
    for number in range(230):
        person = a_customer(book, f"person {number}")
        book.start_affiliation(person, firm, role=Role.USES, actor="dana", occurred_at=at(2))

    assert len(book.chart(firm).seats) == 230
    assert len(book.ledger_of(us).customers) == 231
    book.close()


months = st.integers(1, 4).map(at)


class Customers(RuleBasedStateMachine):
    """Customers who turn out to be the same; what else happens to them, its children say."""

    people: tuple[int, ...]
    firms: tuple[int, ...] = ()

    @initialize()
    def begin(self) -> None:
        self.book = a_book()
        self.same = {id_: {id_} for id_ in (*self.people, *self.firms)}
        self.recorded: dict[int, list[tuple[datetime, str]]] = {id_: [] for id_ in self.same}
        self.us: dict[int, int] = {}
        for id_ in self.same:
            kind = Kind.PERSON if id_ in self.people else Kind.ORGANISATION
            since = at(1, 1 + id_ % 2)
            self.book.register_customer(kind=kind, name=f"{id_}", id=id_, actor="dana", occurred_at=since)
            self.us[id_] = self.book.open_relationship(id_, actor="dana", occurred_at=since)

    @rule(data=st.data(), when=months)
    def merge(self, data: st.DataObject, when: datetime) -> None:
        into, merged = (data.draw(st.sampled_from(sorted(self.same))) for _ in range(2))
        before = [self.book.customer(it) for it in (into, merged)]
        with suppress(CommandError):
            self.book.merge_customers(into=into, merged=merged, evidence="x", actor="dana", occurred_at=when)
            after = self.book.customer(into)
            for purpose in ("sales", "marketing", "service"):
                for channel in (PHONE, EMAIL):
                    allowed = [it.consents.allows(purpose, channel) for it in before]
                    assert after.consents.allows(purpose, channel) == all(allowed)
            assert len(after.points) == sum(len(it.points) for it in before)
            assert len(after.said.all("f")) == sum(len(it.said.all("f")) for it in before)
            one = self.same[into] | self.same[merged]
            self.same.update(dict.fromkeys(one, one))

    @invariant()
    def every_id_means_the_same_whole_customer(self) -> None:
        ledger = self.book.ledger()
        for id_, same in self.same.items():
            assert ledger.resolved(id_) in same
            told = [(when, body.text) for when, _, body in self.book.timeline_of(id_)]  # type: ignore[attr-defined] # an interaction
            assert sorted(told) == sorted(it for one in same for it in self.recorded[one])
        assert len(ledger.customers) == len({frozenset(same) for same in self.same.values()})

    @invariant()
    def a_book_cut_off_anywhere_is_a_book(self) -> None:
        for ledger in (self.book.ledger(), *(self.book.ledger(as_of=at(month)) for month in range(1, 5))):
            keeps_the_rules_of_affiliations(ledger)


class Talk(Customers):
    """They tell us of themselves, and late."""

    people = (1, 2)
    anybody = st.sampled_from(people)

    @rule(who=anybody, given_=st.booleans(), purpose=st.sampled_from(["sales", "marketing"]), channel=st.sampled_from([None, PHONE]), when=months)  # fmt: skip
    def speak(self, who: int, given_: bool, purpose: str, channel: Channel | None, when: datetime) -> None:  # noqa: FBT001 # drawn
        tell = self.book.give_consent if given_ else self.book.withdraw_consent
        with suppress(CommandError):
            tell(who, purpose=purpose, channel=channel, evidence="x", actor="dana", occurred_at=when)

    @rule(who=anybody, value=st.integers(0, 2), secret=st.booleans(), when=months)
    def learn(self, who: int, value: int, secret: bool, when: datetime) -> None:  # noqa: FBT001 # drawn
        sensitivity, purposes = (
            (Sensitivity.SENSITIVE, ("service",)) if secret else (Sensitivity.ORDINARY, ())
        )
        with suppress(CommandError):
            self.book.learn_fact(who, name="f", value=value, source=f"{who}", sensitivity=sensitivity, purposes=purposes, actor="dana", occurred_at=when)  # fmt: skip

    @rule(who=anybody, retract=st.booleans(), when=months)
    def put_right(self, who: int, retract: bool, when: datetime) -> None:  # noqa: FBT001 # drawn
        with suppress(CommandError):
            if retract:
                self.book.retract_fact(who, name="f", why="x", actor="dana", occurred_at=when)
            else:
                self.book.correct_fact(
                    who, name="f", value=9, source="x", why="x", actor="dana", occurred_at=when
                )

    @rule(
        who=anybody, number=st.integers(1, 3), what=st.sampled_from(["add", "verify", "retire"]), when=months
    )
    def reach(self, who: int, number: int, what: str, when: datetime) -> None:
        with suppress(CommandError, UnknownIdError):
            if what == "add":
                self.book.add_contact_point(
                    who, channel=PHONE, address=f"{number}", actor="dana", occurred_at=when
                )
            elif what == "verify":
                self.book.verify_contact_point(who, number, how_seen="x", actor="dana", occurred_at=when)
            else:
                self.book.retire_contact_point(who, number, why="x", actor="dana", occurred_at=when)

    @rule(who=anybody, when=months)
    def call(self, who: int, when: datetime) -> None:
        text, when = f"{who} {len(self.recorded[who])}", max(when, at(1, 2))
        self.book.record_interaction(self.us[who], channel=PHONE, direction=Direction.INBOUND, purpose="service", text=text, actor="dana", occurred_at=when)  # fmt: skip
        self.recorded[who].append((when, text))


class Places(Customers):
    """They come and go, in firms that turn out to be one, and report to each other."""

    people = (1, 2, 3)
    firms = (4, 5)

    @initialize()
    def nobody_belongs_anywhere(self) -> None:
        self.affiliations: list[tuple[int, int]] = []

    @rule(person=st.sampled_from(people), firm=st.sampled_from(firms), boss=st.none() | st.sampled_from(people), primary=st.booleans(), when=months)  # fmt: skip
    def join(self, person: int, firm: int, boss: int | None, primary: bool, when: datetime) -> None:  # noqa: FBT001 # drawn
        with suppress(CommandError):
            new = self.book.start_affiliation(person, firm, role=Role.USES, reports_to=boss, primary=primary, actor="dana", occurred_at=when)  # fmt: skip
            self.affiliations.append((person, new))

    @rule(data=st.data(), when=months)
    def leave(self, data: st.DataObject, when: datetime) -> None:
        if self.affiliations:
            person, affiliation = data.draw(st.sampled_from(self.affiliations))
            with suppress(CommandError):
                self.book.end_affiliation(person, affiliation, why="x", actor="dana", occurred_at=when)


def keeps_the_rules_of_affiliations(ledger: Ledger) -> None:
    for customer in ledger.customers.values():
        for it in customer.affiliations.values():
            assert {it.person, it.party} <= set(ledger.customers)
            entries = [ledger.customers[side].affiliations[it.id] for side in (it.person, it.party)]
            assert entries == [it, it]  # the two entries say the same
        for month in range(1, 7):
            if customer.kind is Kind.PERSON:
                primary = customer.primary_at(at(month))
                assert primary is None or primary in customer.affiliated(at(month))
            else:
                assert not reports_to_himself(customer, at(month))


def reports_to_himself(firm: Customer, when: datetime) -> bool:
    bosses = {(it.person, it.reports_to) for it in firm.affiliated(when) if it.reports_to is not None}
    above = set(bosses)
    for _ in bosses:
        above |= {(low, top) for low, middle in above for boss, top in bosses if boss == middle}
    return any(low == top for low, top in above)


@pytest.mark.invariant(10)
@pytest.mark.invariant(11)
@pytest.mark.parametrize("story", [Talk, Places])
def test_customers_keep_their_rules_whatever_is_told_of_them_in_whatever_order(
    story: type[Customers],
) -> None:
    run_state_machine_as_test(story, settings=settings(stateful_step_count=25))
