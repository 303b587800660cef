"""Lists of customers and contacts for the tests, and the verb that brings them in."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from paidup.accounting_sync.lists.operations import import_file
from paidup.accounting_sync.lists.outcome import Outcome
from paidup.accounting_sync.states import ListKind
from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from tests.support.books import Books

CUSTOMERS, CONTACTS = ListKind.CUSTOMERS, ListKind.CONTACTS


def written(*lines: Sequence[str], delimiter: str = ",") -> bytes:
    """A file of these lines, the first of which is the header."""
    file = StringIO()
    csv.writer(file, delimiter=delimiter).writerows(lines)
    return file.getvalue().encode()


def bring_in(books: Books, content: bytes, kind: ListKind = CUSTOMERS, **options: Any) -> Outcome:
    """Imports a list into these books."""
    with tenant(books.id):
        _columns, outcome = import_file(
            kind=kind,
            content=content,
            organization=books.organization,
            by=books.by,
            at=books.at,
            **options,
        )
    return outcome


def counts(outcome: Outcome) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Customers and contacts: created, updated, unchanged."""
    customers, contacts = (
        (each.created, each.updated, each.unchanged)
        for each in (outcome.customers, outcome.contacts)
    )
    return customers, contacts


def errors(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Line, column and reason of all that is wrong."""
    return [(problem.line, problem.column, problem.reason) for problem in outcome.errors]


def customer(books: Books, number: str) -> Customer:
    """The customer of that account number."""
    with tenant(books.id):
        return Customer.objects.select_related("parent").get(number=number)
