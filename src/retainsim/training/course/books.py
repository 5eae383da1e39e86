"""
Books of customers in a course: who looks after which, with all that was decided kept on the disk.

As with calls: a decision is kept before it is answered, put in twice it counts once, and a book is played again from what
is kept. What an assessment came to stays closed until it is opened for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import orjson

from retainsim.market.streams import key_of
from retainsim.training.course import chance
from retainsim.training.course.kept import BookTakenElsewhereError, NoGradedRoundsError, NotOpenError
from retainsim.training.course.plan import BookPlan, Part, Purpose
from retainsim.training.course.roll import Trainee
from retainsim.training.course.room import Room, now
from retainsim.training.lines import somebody
from retainsim.training.rounds import BookRecord, ChangedMarketError, Phase, Play, read_record
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.record import KIND, digest_of


@attrs.frozen(kw_only=True)
class KeptBook:
    """
    A book as it is kept.

    Attributes:
        number: Of the book in the course.
        trainee: Who looks after it.
        part: Of the course.
        is_assessment: Whether it was begun as one.
        record: All that was decided. It holds the seed, so no trainee is shown it.
        is_finished: Whether its rounds are over.
    """

    number: int
    trainee: int
    part: str
    is_assessment: bool
    record: BookRecord
    is_finished: bool

    @property
    def place(self) -> int:
        """In the part, which has no other."""
        return 1


class Books:
    """
    The books of a course.

    Args:
        room: Of the course.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self._db = room.database

    def kept(self) -> list[KeptBook]:
        """All of them, in the order in which they were begun."""
        decisions: dict[int, list[object]] = {}
        for book, decision in self._db.rows("SELECT book, decision FROM decision ORDER BY book, number"):
            decisions.setdefault(book, []).append(orjson.loads(decision))
        rows = self._db.rows(
            "SELECT number, trainee, part, purpose, setting, digest, language, gender, name, ended_at FROM book "
            "ORDER BY number"
        )
        return [
            KeptBook(
                number=number,
                trainee=trainee,
                part=part,
                is_assessment=purpose == Purpose.ASSESSMENT,
                record=read_record(
                    orjson.dumps(
                        {
                            "kind": KIND,
                            "setting": orjson.loads(setting),
                            "digest": digest,
                            "decisions": decisions.get(number, []),
                            "language": language,
                            "gender": gender,
                            "name": name,
                        }
                    ),
                    source=f"book of {part}",
                ),
                is_finished=ended_at is not None,
            )
            for number, trainee, part, purpose, setting, digest, language, gender, name, ended_at in rows
        ]

    def sitting(self, trainee: Trainee) -> BookSitting | None:
        """The book that is next for a trainee, begun or gone on with; none when no book is due."""
        due = self.room.due(trainee.number)
        if due is None or due[0].book is None:
            return None
        part = due[0]
        book = self._of(trainee, part) or self._begun(trainee, part, due[0].book)
        return BookSitting(books=self, book=book)

    def _of(self, trainee: Trainee, part: Part) -> KeptBook | None:
        return next((it for it in self.kept() if (it.trainee, it.part) == (trainee.number, part.name)), None)

    def _begun(self, trainee: Trainee, part: Part, plan: BookPlan) -> KeptBook:
        with self._db.unit():
            seed = self.room.shared_seed(part, 1) if part.is_assessment else chance.seed()
            setting = plan.setting(part.purpose, seed)
            made_up = somebody(trainee.language, key_of("seller", seed), trainee.gender).name
            self._db.write(
                "INSERT OR IGNORE INTO book (trainee, part, purpose, setting, digest, language, gender, name, begun_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(trainee.number, part.name, part.purpose, orjson.dumps(attrs.asdict(setting)).decode()),
                *(digest_of(Play.of(setting)), trainee.language.value, trainee.gender.value),
                *(trainee.name or made_up, now()),
            )
        book = self._of(trainee, part)
        assert book is not None  # noqa: S101 # it was written above
        return book

    def keep(self, book: KeptBook, desk: BookDesk) -> None:
        """
        Keep what was decided until now; what was decided twice is kept once.

        Args:
            book: Which.
            desk: As it has gone on.

        Raises:
            BookTakenElsewhereError: When something else was decided meanwhile.
            NoGradedRoundsError: When practice is left for rounds that count.
        """
        if desk.play.stage is not desk.play.setting.first_stage:
            raise NoGradedRoundsError
        decisions = [orjson.dumps(it).decode() for it in desk.record().decisions]
        with self._db.unit():
            kept: Sequence[str] = [
                decision
                for (decision,) in self._db.rows(
                    "SELECT decision FROM decision WHERE book = ? ORDER BY number", book.number
                )
            ]
            if any(one != other for one, other in zip(kept, decisions, strict=False)):
                raise BookTakenElsewhereError(book.part)
            if len(decisions) <= len(kept):
                return
            for number, decision in enumerate(decisions[len(kept) :], start=len(kept) + 1):
                self._db.write(
                    "INSERT INTO decision (book, number, decision, at) VALUES (?, ?, ?, ?)",
                    *(book.number, number, decision, now()),
                )
            ended = now() if desk.play.phase is Phase.OVER else None
            self._db.write("UPDATE book SET ended_at = ? WHERE number = ?", ended, book.number)
            self._db.write(
                "DELETE FROM book_result WHERE book = ?", book.number
            )  # begun again, it comes to more
            self.room.open_what_all_have_finished()

    # what may be told

    def is_open(self, book: KeptBook) -> bool:
        """Whether it may be told what a book came to."""
        return book.is_finished and (not book.is_assessment or book.part in self.room.opened())

    def desk(self, book: KeptBook) -> BookDesk:
        """
        The desk of a book as it was left; sealed as long as it may not be told what it came to.

        Raises:
            ChangedMarketError: When the market has changed since it was begun.
        """
        sealed = book.is_assessment and book.part not in self.room.opened()
        return attrs.evolve(BookDesk.kept(book.record), sealed=sealed)

    def can_be_played(self, book: KeptBook) -> bool:
        """Whether the market still is what it was begun with."""
        try:
            BookDesk.kept(attrs.evolve(book.record, decisions=()))
        except ChangedMarketError:
            return False
        return True

    def results(self, version: str) -> dict[int, str]:
        """What was worked out for books, by their number, under that version."""
        return dict(self._db.rows("SELECT book, told FROM book_result WHERE version = ?", version))

    def keep_result(self, book: KeptBook, version: str, told: str) -> None:
        """
        Keep what a book came to.

        Raises:
            NotOpenError: When that may not be told yet.
        """
        if not self.is_open(book):
            raise NotOpenError(book.part)
        self._db.write(
            "INSERT OR REPLACE INTO book_result (book, version, told) VALUES (?, ?, ?)",
            *(book.number, version, told),
        )


@attrs.frozen(kw_only=True)
class BookSitting:
    """
    Somebody at a book of the course: keeps it while it is looked after.

    Attributes:
        books: Of the course.
        book: As it was when he sat down.
    """

    books: Books
    book: KeptBook

    @property
    def desk(self) -> BookDesk:
        """The book as it was left."""
        return self.books.desk(self.book)

    def keep(self, desk: BookDesk) -> None:
        """On the disk."""
        self.books.keep(self.book, desk)
