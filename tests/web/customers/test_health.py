"""Change Customer Health, and where the list and the record show it."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.customers.test_health import rate
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import customers_path, names, record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def owing(books: Books, name: str, score: int | None = None) -> Customer:
    customer = books.customer(name)
    books.invoice(customer)
    if score is not None:
        rate(books, customer, score)
    return customer


def test_it_is_changed_in_the_dialog(books: Books, client: Client) -> None:
    customer = owing(books, "Globex")
    path = record_path(books, customer, "health/")
    until = (books.on + timedelta(days=30)).isoformat()
    refused = client.post(path, {"score": "140", "reason": "", "until": until})
    assert refused.status_code == 422
    sent = {"score": "35", "reason": "Their bank called", "until": until}
    assert client.post(path, sent).status_code == 302
    record = shown(client, record_path(books, customer))
    assert '<span class="pill pill-bad"><strong>D</strong>35</span>' in record
    assert "Their bank called" in record
    told = shown(client, record_path(books, customer), tab="timeline")
    assert "Customer health set" in told
    again = shown(client, path)
    assert 'value="35"' in again
    assert "· owner<" in again, "who said so"
    assert client.post(path, {"clear": "1"}).status_code == 302
    assert "Their bank called" not in shown(client, record_path(books, customer))
    assert "Their bank called" in shown(client, path), "among what was so far"


def test_the_list_sorts_filters_and_exports_it(books: Books, client: Client) -> None:
    for name, score in (("Ada", 90), ("Bea", 0), ("Cid", None), ("Dan", 61), ("Eve", 79)):
        owing(books, name, score)
    path = customers_path(books)
    assert names(shown(client, path, sort="health")) == ["Bea", "Dan", "Eve", "Ada", "Cid"]
    assert names(shown(client, path, sort="-health")) == ["Cid", "Ada", "Eve", "Dan", "Bea"]
    page = shown(client, path, health="B", q="eve")
    assert names(page) == ["Eve"]
    assert names(shown(client, path, health="B")) == ["Dan", "Eve"]
    assert names(shown(client, path, health="X", sort="name")) == [
        "Ada",
        "Bea",
        "Cid",
        "Dan",
        "Eve",
    ]
    filters = shown(client, customers_path(books, "filters/"), health="B")
    assert '<option value="B" selected>' in filters
    answer = client.get(customers_path(books, "customers.csv"), {"health": "E"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(text))
    assert row[head.index("Health")] == "0"


def test_pages_of_the_order_go_on_where_they_stopped(books: Books, client: Client) -> None:
    for number in range(60):
        owing(books, f"C {number:02}", number % 3 * 40 if number % 4 else None)
    seen: list[str] = []
    page = shown(client, customers_path(books), sort="health")
    with tenant(books.id):
        total = Customer.objects.count()
    seen += names(page)
    after = page.partition("after=")[2].partition('"')[0].partition("&")[0]
    seen += names(shown(client, customers_path(books), sort="health", after=after))
    assert len(seen) == len(set(seen)) == total
