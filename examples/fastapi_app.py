"""
A shop on the web with FastAPI: its own table and the book of its customers in one database, in one transaction.

Start it with ``uvicorn fastapi_app:app``; the database is ``shop.db``.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from retainsdk import Book, Kind, Money, Promise, RetainError, Stage
from retainsdk.errors import UnknownIdError

CLERK = "web"


class Order(BaseModel):
    """What a customer sends to order something."""

    number: str
    customer: str
    name: str
    item: str
    price: str


@contextmanager
def transaction(path: Path) -> Iterator[tuple[sqlite3.Connection, Book]]:
    """One connection and one book for one request: what both of them write is committed together, or not at all."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, item TEXT NOT NULL) STRICT")
        yield db, Book.open(connection=db, currency="EUR")
        db.execute("COMMIT")
    finally:
        db.close()  # what was not committed is rolled back


def place(path: Path, order: Order) -> int:
    """Take an order: a row of the shop, and what it means to the customer. Returns the number of our promise."""
    with transaction(path) as (db, book):
        db.execute("INSERT OR IGNORE INTO orders VALUES (?, ?)", (order.number, order.item))
        try:
            relationship = book.find(order.customer)
        except UnknownIdError:
            customer = book.register_customer(kind=Kind.PERSON, name=order.name, actor=CLERK)
            relationship = book.open_relationship(
                customer, owner=CLERK, stage=Stage.ACTIVE, reference=order.customer, actor=CLERK
            )
        # a key makes each command safe to repeat: who presses the button twice has ordered once
        book.record_purchase(
            relationship,
            what=order.item,
            amount=Money(order.price, "EUR"),
            paid=True,
            actor=CLERK,
            key=f"{order.number}/purchase",
        )
        held = book.account(relationship).commitments
        for promise in held.values():
            if promise.basis == order.number:
                return promise.number
        return book.promise(
            relationship,
            kind=Promise.DELIVERY,
            what=order.item,
            due=datetime.now(UTC) + timedelta(days=3),
            basis=order.number,
            actor=CLERK,
        )


def card_of(path: Path, customer: str) -> str:
    """What the shop knows of a customer, on one page."""
    with transaction(path) as (_, book):
        return str(book.card(book.find(customer)))


def create_app(path: Path) -> FastAPI:
    """The shop on a database."""
    app = FastAPI()

    @app.exception_handler(RetainError)
    async def refuse(_: Request, error: Exception) -> JSONResponse:
        # every error says what was wrong and what to do next
        return JSONResponse({"detail": str(error)}, 404 if isinstance(error, LookupError) else 422)

    @app.post("/orders")
    async def order(order: Order) -> dict[str, int]:
        # a book belongs to one thread: opened, used and left there
        return {"promise": await asyncio.to_thread(place, path, order)}

    @app.get("/customers/{customer}", response_class=PlainTextResponse)
    def card(customer: str) -> str:
        return card_of(path, customer)  # FastAPI runs what is not async in a thread of its own accord

    return app


app = create_app(Path("shop.db"))
