"""Several processes write into one book at once and run its duties: what is owed is owed once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certificates import Certificate, Size

from retainsdk.book import Book
from retainsdk.errors import StoreError
from retainsdk.events import Tier
from retainsdk.quantities import Money
from retainsdk.store.sqlite import SqliteStore
from retainsdk.testing import SetClock, a_book, a_relationship, at, check_book, some_terms
from retainsdk.vocabulary import Kind, Role, Stage

START = at(2, 8)
CUSTOMERS = 4
HOUSE: dict[str, Any] = {
    "tiers": [Tier(name="silver", threshold=Money(0, "EUR"), benefits=("parking",))],
    "marks_occasions": True,
}

WORKER = """
import json, sys, time
from datetime import datetime, timedelta
from random import Random
from retainsdk.book import Book
from retainsdk.errors import CommandError, ConflictError, StoreError, UnknownIdError
from retainsdk.vocabulary import CaseKind, Channel, Direction, Stage

path, seed, rounds, start = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
luck, began = Random(seed), float(sys.argv[5])
book = Book.open(path, clock=lambda: start + timedelta(days=10 * (time.time() - began)))  # one for all, and in a hurry
customers = [event.body.customer for event in book.events(name="RelationshipOpened")]
counts = {"runs": 0, "told": 0, "overtaken": 0}
print("ready", flush=True)
sys.stdin.readline()
for _ in range(rounds):
    people = [event.stream.partition("/")[2] for event in book.events(name="RelationshipOpened")]
    us = int(luck.choice(people), 16)
    mail = {"channel": Channel.EMAIL, "purpose": "service", "two_way": False, "actor": f"p{seed}"}
    told = luck.choice([
        lambda: book.record_interaction(us, direction=Direction.INBOUND, **mail),
        lambda: book.record_interaction(us, direction=Direction.OUTBOUND, **mail),
        lambda: book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", actor=f"p{seed}"),
        lambda: book.join_programme(us, programme="club", actor=f"p{seed}"),
        lambda: book.open_relationship(luck.choice(customers), stage=Stage.ACTIVE, owner="dana", actor=f"p{seed}"),
        lambda: book.tick(actor=f"p{seed}"),
    ])
    for what, tell in (("told", told), ("runs", lambda: book.run_duties(actor=f"p{seed}")), ("runs", lambda: book.run_duties(actor=f"p{seed}"))):
        try:
            tell()
            counts[what] += 1
        except ConflictError:
            counts["overtaken"] += 1  # whoever was overtaken has written nothing, and says it again
        except CommandError:
            pass
book.close()
print(json.dumps(counts))
"""


def a_house(path: Path) -> tuple[Book, SetClock]:
    """Customers of a club whom duties owe answers, reports, benefits and greetings, one of them through her household."""
    clock = SetClock(START)
    book = a_book(path=path, clock=clock)
    book.change_programme("club", **HOUSE, occurred_at=at(1), actor="dana")
    for number in range(CUSTOMERS):
        us = a_relationship(book, name=f"Noa {number}", terms=some_terms(cadence_days=9, report_months=1))
        book.learn_fact(
            us - 1,
            name="birthday",
            value=f"--02-{10 + number}",
            source="she",
            occurred_at=at(1),
            actor="dana",
        )
    home = book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", occurred_at=at(1), actor="dana")
    book.start_affiliation(1, home, role=Role.MEMBER, occurred_at=at(1), actor="dana")
    with_us = book.open_relationship(home, stage=Stage.ACTIVE, owner="dana", occurred_at=at(1), actor="dana")
    book.join_programme(with_us, programme="club", occurred_at=at(1), actor="dana")
    return book, clock


def twins(book: Book) -> list[tuple[tuple[str, str, str], int]]:
    """What open commitments of duties share duty, basis and period: in one relationship, and of occasions in all."""
    found: Counter[tuple[str, str, str]] = Counter()
    for id_, account in book.ledger().accounts.items():
        for it in account.commitments.values():
            if it.is_open and it.duty:
                basis = it.basis if it.duty == "occasions" else f"{id_} {it.basis}"
                found[it.duty, basis, it.period] += 1
    return [(key, times) for key, times in found.items() if times > 1]


@pytest.mark.invariant(2)
@pytest.mark.invariant(28)
@pytest.mark.certified("duties-of-several-processes", ["src/retainsdk"])
def test_processes_that_run_duties_on_one_book_at_once_owe_everything_once(
    tmp_path: Path, size: Size, certificate: Certificate
) -> None:
    processes, rounds = size(3, 4), size(12, 60)
    path = tmp_path / "book.db"
    book, clock = a_house(path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    began = time.time()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(path), str(seed), str(rounds), START.isoformat(), str(began)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for seed in range(processes)
    ]  # fmt: skip

    for worker in workers:  # so that all of them begin at once
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    answers = [worker.communicate("go\n", timeout=300)[0] for worker in workers]

    assert [worker.returncode for worker in workers] == [0] * processes
    assert twins(book) == []
    clock.time = START + timedelta(days=10 * (time.time() - began))
    book.run_duties(actor="dana")
    once = len(book)
    with Book.open(path, clock=clock) as another:
        again = another.run_duties(actor="dana")
    assert (len(book), again.opened, again.moved, again.voided, again.settled) == (once, 0, 0, 0, 0)
    assert twins(book) == []
    check_book(book)
    counted = Counter[str]()
    for answer in answers:
        counted.update(json.loads(answer))
    assert counted["runs"] == 2 * processes * rounds
    certificate.record(
        {
            "processes": processes,
            "runs of the duties": counted["runs"],
            "commands taken besides": counted["told"],
            "commands overtaken by another process, which wrote nothing": counted["overtaken"],
            "commitments opened": sum(len(it.commitments) for it in book.ledger().accounts.values()),
            "events in the book": once,
        },
        seeds=range(processes),
    )
    book.close()


@pytest.mark.invariant(12)
@pytest.mark.invariant(28)
def test_nobody_writes_between_what_duties_have_read_and_what_they_write(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    mine, _ = a_house(path)
    theirs = Book(SqliteStore(path, busy_seconds=0), clock=SetClock(START))
    append = mine._append

    def overtaken(*rows: Any, **more: Any) -> None:  # passed on
        with pytest.raises(StoreError, match="Another process is writing"):
            theirs.open_relationship(1, stage=Stage.ACTIVE, owner="dana", actor="gil")
        append(*rows, **more)

    mine._append = overtaken  # type: ignore[method-assign] # where another one would write
    mine.run_duties(actor="dana")
    mine._append = append  # type: ignore[method-assign] # as it was
    own = theirs.open_relationship(1, stage=Stage.ACTIVE, owner="dana", actor="gil")
    theirs.join_programme(own, programme="club", actor="gil")
    theirs.run_duties(actor="gil")

    assert twins(mine) == []
    greetings = [
        it for account in mine.ledger().accounts.values() for it in account.commitments.values()
        if it.duty == "occasions" and it.is_open and "Noa 0" in it.what
    ]  # fmt: skip
    assert len(greetings) == 1
    for book in (mine, theirs):
        book.close()
