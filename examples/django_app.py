"""
A shop on the web with Django, in one file: its own model and the book of its customers in one transaction.

Start it with ``python django_app.py runserver``; the database is ``shop.db``.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from retainsdk import Book, Kind, Money, Promise, RetainError, Stage
from retainsdk.errors import UnknownIdError

if not settings.configured:
    settings.configure(
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for this example",  # noqa: S106 # it is one
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}},
        USE_TZ=True,
    )
django.setup()

CLERK = "web"


class Order(models.Model):
    """An order, as the shop keeps it."""

    number = models.TextField(primary_key=True)
    item = models.TextField()

    class Meta:
        app_label = "shop"
        db_table = "orders"

    def __str__(self) -> str:
        return f"order {self.number}"


def the_book() -> Book:
    """The book of the shop, in the transaction that is open; opening it is cheap, so each request does."""
    connection.ensure_connection()
    return Book.open(connection=connection.connection, currency="EUR")


@transaction.atomic
def place(*, number: str, customer: str, name: str, item: str, price: str) -> int:
    """Take an order: a row of the shop, and what it means to the customer. Returns the number of our promise."""
    Order.objects.create(number=number, item=item)
    book = the_book()
    try:
        relationship = book.find(customer)
    except UnknownIdError:
        known = book.register_customer(kind=Kind.PERSON, name=name, actor=CLERK)
        relationship = book.open_relationship(
            known, owner=CLERK, stage=Stage.ACTIVE, reference=customer, actor=CLERK
        )
    book.record_purchase(relationship, what=item, amount=Money(price, "EUR"), paid=True, actor=CLERK)
    return book.promise(
        relationship,
        kind=Promise.DELIVERY,
        what=item,
        due=datetime.now(UTC) + timedelta(days=3),
        basis=number,
        actor=CLERK,
    )


def order(request: HttpRequest) -> HttpResponse:
    """``POST /orders``."""
    fields = ("number", "customer", "name", "item", "price")
    try:
        return JsonResponse({"promise": place(**{field: request.POST[field] for field in fields})})
    except RetainError as error:  # it says what was wrong and what to do next
        return JsonResponse({"detail": str(error)}, status=422)


def card(_: HttpRequest, customer: str) -> HttpResponse:
    """``GET /customers/<customer>``."""
    book = the_book()
    try:
        return HttpResponse(str(book.card(book.find(customer))), content_type="text/plain; charset=utf-8")
    except UnknownIdError as error:
        return JsonResponse({"detail": str(error)}, status=404)


urlpatterns = [path("orders", order), path("customers/<str:customer>", card)]


def make_tables() -> None:
    """The tables of the shop, where they are missing; the book makes its own."""
    if "orders" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Order)


if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    make_tables()
    execute_from_command_line(sys.argv)
