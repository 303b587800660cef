"""Collection statuses: the list of them, and giving them to invoices."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.invoicing.jobs import establish
from paidup.invoicing.models import CollectionStatus, Invoice
from paidup.invoicing.operations import StatusRefused
from paidup.invoicing.operations.collection import ESCALATION
from paidup.invoicing.queries import collection_statuses, customers_with_status
from paidup.lib.tenancy import tenant
from paidup.organizations.states import ReadyRole
from paidup.todos.models import Todo
from tests.accounting_sync.ledgers import bring_in, line, write
from tests.lifecycle.cast import pay
from tests.support.books import Books, found_books, jobs_of
from tests.web.staff import member_with

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


def add(books: Books, name: str, *, default: bool = False, notifies: bool = False) -> Any:
    with tenant(books.id):
        return invoicing.add_status(
            name=name, default=default, notifies=notifies, by=books.by, at=books.at
        )


def give(books: Books, invoice: Invoice, status: CollectionStatus | None) -> None:
    with tenant(books.id):
        invoicing.set_collection_status(invoice=invoice, status=status, by=books.by, at=books.at)


def names(books: Books) -> list[str]:
    with tenant(books.id):
        return [status.name for status in collection_statuses()]


def open_todos(books: Books) -> list[tuple[str, str]]:
    with tenant(books.id):
        rows = Todo.objects.open().filter(kind=ESCALATION).order_by("id")
        return list(rows.values_list("title", "assignee__name"))


def test_a_new_organization_gets_some_to_begin_with_once(books: Books) -> None:
    [job] = jobs_of(books.id, "paidup.invoicing.jobs.establish")
    for _ in range(2):
        establish(**job)
    assert names(books) == ["In contact", "Promised", "Escalated", "Agency", "Legal"]


def test_the_list_is_the_organizations_own(books: Books) -> None:
    first = add(books, " In  contact ", default=True)
    second = add(books, "Legal", notifies=True)
    with tenant(books.id):
        for wrong in ("legal", "  "):
            with pytest.raises(StatusRefused):
                invoicing.add_status(
                    name=wrong, default=False, notifies=False, by=books.by, at=books.at
                )
        invoicing.move_status(status=second, up=True, by=books.by, at=books.at)
        invoicing.move_status(status=second, up=True, by=books.by, at=books.at)
        changed: dict[str, Any] = {"name": "Lawyers", "default": True, "notifies": True}
        invoicing.edit_status(status=second, **changed, by=books.by, at=books.at)
        invoicing.edit_status(status=second, **changed, by=books.by, at=books.at)
        edited = Event.objects.get(kind="collection_status.edited")
        rows = collection_statuses()
        assert [(one.name, one.default) for one in rows] == [
            ("Lawyers", True),
            ("In contact", False),
        ]
    assert edited.data["changes"] == {"name": ["Legal", "Lawyers"], "default": [False, True]}
    assert first.id == rows[1].id


def test_new_invoices_and_imported_ones_have_the_default(books: Books, tmp_path: Path) -> None:
    customer = books.customer("Globex")
    before = books.invoice(customer)
    status = add(books, "New", default=True)
    after = books.invoice(customer)
    assert books.again(before).collection_status_id is None
    assert books.again(after).collection_status_id == status.id
    lines = [line("1001"), line("1002", SettledDate="6/20/2013")]
    bring_in(books, write(tmp_path / "ledger.csv", lines))
    with tenant(books.id):
        known = dict(Invoice.objects.values_list("number", "collection_status_id"))
    assert known["1001"] == status.id
    assert known["1002"] is None, "what is settled needs none"


def test_a_change_tells_before_and_after(books: Books) -> None:
    invoice = books.invoice(books.customer("Globex"))
    contact, legal = add(books, "In contact"), add(books, "Legal")
    for status in (contact, contact, legal, None):
        give(books, invoice, status)
    with tenant(books.id):
        events = Event.objects.filter(kind="invoice.collection_status_changed").order_by("id")
        told = [(event.data["before"], event.data["after"]) for event in events]
    assert told == [("", "In contact"), ("In contact", "Legal"), ("Legal", "")]
    assert open_todos(books) == []


def test_one_that_notifies_is_a_to_do_of_the_manager(books: Books) -> None:
    customer = books.customer("Globex")
    first, second = books.invoice(customer), books.invoice(customer)
    legal, agency, contact = (
        add(books, "Legal", notifies=True),
        add(books, "Agency", notifies=True),
        add(books, "In contact"),
    )
    give(books, first, legal)
    assert open_todos(books) == [(f"Invoice {first.number} is “Legal” now", books.owner.name)]
    manager = member_with(books, ReadyRole.AR_MANAGER, "Mia Manager")
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(manager=manager)
    give(books, first, agency)
    give(books, second, legal)
    assert open_todos(books) == [
        (f"Invoice {first.number} is “Agency” now", "Mia Manager"),
        (f"Invoice {second.number} is “Legal” now", "Mia Manager"),
    ]
    give(books, first, contact)
    assert [title for title, _name in open_todos(books)] == [
        f"Invoice {second.number} is “Legal” now"
    ]


def test_a_settled_invoice_and_a_removed_status_are_refused(books: Books) -> None:
    customer = books.customer("Globex")
    paid, unpaid = books.invoice(customer, "10.00", due_in=-9), books.invoice(customer)
    used, unused = add(books, "In contact"), add(books, "Legal")
    give(books, paid, used)
    give(books, unpaid, used)
    pay(books, customer, "10.00")
    with pytest.raises(StatusRefused, match="not open any more"):
        give(books, paid, unused)
    with tenant(books.id):
        invoicing.remove_status(status=unused, by=books.by, at=books.at)
        with pytest.raises(StatusRefused, match="1 open invoice is “In contact”"):
            invoicing.remove_status(status=used, by=books.by, at=books.at)
        with pytest.raises(DatabaseError), transaction.atomic():
            CollectionStatus.objects.filter(id=used.id).delete()
    with pytest.raises(StatusRefused, match="removed meanwhile"):
        give(books, unpaid, unused)
    give(books, unpaid, None)
    with tenant(books.id):  # the settled one doesn't keep it
        invoicing.remove_status(status=used, by=books.by, at=books.at)
    assert names(books) == []
    add(books, "Legal")  # the name is free again
    assert names(books) == ["Legal"]


def test_customers_with_an_open_invoice_of_a_status(books: Books) -> None:
    status = add(books, "Legal")
    for name in ("Both", "Paid", "Neither"):
        customer = books.customer(name)
        invoice = books.invoice(customer, "10.00", due_in=-9)
        books.invoice(customer, "20.00")
        if name != "Neither":
            give(books, invoice, status)
        if name == "Paid":
            pay(books, customer, "10.00")
    with tenant(books.id):
        found = Customer.objects.filter(id__in=customers_with_status(status.id))
        assert [customer.name for customer in found] == ["Both"]
