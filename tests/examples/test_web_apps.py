"""The examples of hosts run, and what they write stands or falls with the book's events."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ORDER = {"number": "o1", "customer": "noa@home", "name": "נועה", "item": "lamp", "price": "29.90"}

Send = Callable[..., tuple[int, Any]]
"""``send("/orders", {…})`` posts a form, ``send("/customers/x")`` gets a page: the status, and what came back."""


def loaded(name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)  # Django looks for the module by its name
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., list[tuple[int, Any]]]:
    """Requests to the shop of FastAPI, all at once."""
    app = loaded("fastapi_app").create_app(tmp_path / "shop.db")

    async def asked(requests: list[tuple[str, dict[str, str] | None]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            sent = [
                client.get(place) if form is None else client.post(place, json=form)
                for place, form in requests
            ]
            return list(await asyncio.gather(*sent))

    def ask(*requests: tuple[str, dict[str, str] | None]) -> list[tuple[int, Any]]:
        return [read(it.status_code, it.content) for it in asyncio.run(asked(list(requests)))]

    return ask


@pytest.fixture
def fastapi(ask: Callable[..., list[tuple[int, Any]]]) -> Send:
    return lambda place, form=None: ask((place, form))[0]


def read(status: int, content: bytes) -> tuple[int, Any]:
    return status, json.loads(content) if content.startswith(b"{") else content.decode()


@pytest.fixture
def django(tmp_path: Path) -> Iterator[Send]:
    example = loaded("django_app")
    from django.db import connections  # noqa: PLC0415 # once it is configured
    from django.test import Client  # noqa: PLC0415 # the same

    connections.databases["default"]["NAME"] = str(tmp_path / "shop.db")
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = str(tmp_path / "shop.db")
    example.make_tables()
    client = Client(raise_request_exception=False)

    def send(place: str, form: dict[str, str] | None = None) -> tuple[int, Any]:
        answer = client.get(place) if form is None else client.post(place, form)
        return read(answer.status_code, answer.content)

    yield send
    connections["default"].close()


@pytest.fixture(params=["fastapi", "django"])
def send(request: pytest.FixtureRequest) -> Send:
    found: Send = request.getfixturevalue(request.param)
    return found


def counted(path: Path) -> dict[str, int]:
    db = sqlite3.connect(path / "shop.db")
    counts = {
        table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("orders", "retain_event")
    }
    db.close()
    return counts


def test_an_order_stands_in_the_shop_and_on_the_card_of_the_customer(send: Send, tmp_path: Path) -> None:
    assert send("/orders", ORDER) == (200, {"promise": 1})
    assert send("/orders", ORDER | {"number": "o2", "item": "chair"}) == (200, {"promise": 2})

    status, card = send("/customers/noa@home")

    assert status == 200
    assert card.startswith("נועה")
    assert "lamp" in card
    assert counted(tmp_path)["orders"] == 2


def test_an_order_that_the_book_refuses_leaves_no_row_in_the_shop_either(send: Send, tmp_path: Path) -> None:
    send("/orders", ORDER)
    before = counted(tmp_path)

    status, said = send("/orders", ORDER | {"number": "o2", "customer": "new@home", "price": "a lot"})

    assert status == 422
    assert "a lot" in said["detail"]
    assert counted(tmp_path) == before
    assert send("/customers/new@home")[0] == 404


def test_a_customer_nobody_knows_is_named(send: Send) -> None:
    send("/orders", ORDER)

    status, said = send("/customers/nobody")

    assert status == 404
    assert "nobody" in said["detail"]


def test_an_order_sent_twice_is_taken_once(fastapi: Send, tmp_path: Path) -> None:
    first = fastapi("/orders", ORDER)
    before = counted(tmp_path)

    assert fastapi("/orders", ORDER) == first
    assert counted(tmp_path) == before


def test_a_failure_of_the_shop_takes_the_events_with_it(django: Send, tmp_path: Path) -> None:
    django("/orders", ORDER)
    before = counted(tmp_path)

    assert django("/orders", ORDER)[0] == 500  # the shop's own row is there already
    assert counted(tmp_path) == before


def test_orders_that_come_at_once_are_all_taken(
    ask: Callable[..., list[tuple[int, Any]]], tmp_path: Path
) -> None:
    ask(("/orders", ORDER))

    answers = ask(*(("/orders", ORDER | {"number": f"n{number}"}) for number in range(12)))

    assert sorted(said["promise"] for _, said in answers) == list(range(2, 14))
    assert counted(tmp_path)["orders"] == 13
