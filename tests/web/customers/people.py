"""Addresses and answers, for the tests of customers' pages."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from paidup.customers.models import Customer
from tests.support.books import Books


def customers_path(books: Books, rest: str = "") -> str:
    """An address below the customers list."""
    return f"/o/{books.organization.slug}/customers/{rest}"


def record_path(books: Books, customer: Customer, rest: str = "") -> str:
    """An address below a customer's record."""
    return customers_path(books, f"{customer.id}/{rest}")


def shown(client: Client, address: str, **query: Any) -> str:
    """What a page that stands says."""
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def queries(client: Client, address: str, **query: Any) -> int:
    """How many times a page asks the database for rows; opening a scope asks for none."""
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    none = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")
    return sum(not asked["sql"].startswith(none) for asked in captured.captured_queries)


def names(page: str) -> list[str]:
    """The rows of a list, in order."""
    rows = page.split('class="row-link"')[1:]
    return [row.partition(">")[2].partition("<")[0].strip() for row in rows]
