"""Statements for many: to each reader once a day, and in words why somebody got none."""

from collections.abc import Callable

import pytest

from paidup.batches import queries
from paidup.batches.models import Batch, BatchRow
from paidup.communications.models import Message
from paidup.communications.states import MessageState
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.roles import RoleDetails
from paidup.organizations.states import Level, Module
from paidup.statements.models import Statement
from tests.lifecycle.cast import pay
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, signed_in

pytestmark = pytest.mark.usefixtures("db")
WorkOff = Callable[[], int]


@pytest.fixture
def books() -> Books:
    """Globex owes in two currencies and has two readers; Initech owes and has one who gets none;
    Hooli owes nothing."""
    books = found_books(at=clock.now())
    globex, initech = books.customer("Globex"), books.customer("Initech")
    books.customer("Hooli", email="cy@hooli.example")
    for name in ("ann", "bob"):
        books.contact(globex, f"{name}@globex.example")
    books.contact(initech, "eve@initech.example")
    with tenant(books.id):
        ContactLink.objects.filter(customer=initech).update(gets_statements=False)
    books.invoice(globex, "100.00", due_in=-3)
    books.invoice(globex, "70.00", currency="EUR")
    books.invoice(initech, "55.00")
    return books


def send(books: Books, work_off: WorkOff, **said: str) -> dict[str, tuple[str, str]]:
    """What became of each customer."""
    page = f"/o/{books.organization.slug}/customers/batches/new/send_statement/?"
    with tenant(books.id):
        ids = Customer.objects.values_list("id", flat=True)
        page += "&".join(f"customer={customer_id}" for customer_id in ids)
    client = signed_in(books)
    assert "contacts who receive statements" in client.get(page).content.decode()
    assert client.post(page, {"typed": "2", **said}).status_code == 422
    assert client.post(page, {"typed": "3", **said}).status_code == 302
    work_off()
    with tenant(books.id):
        batch = Batch.objects.latest("asked_at", "id")
        return {
            customer.name: (row.state, row.reason)
            for row, customer in queries.results(batch)
            if customer
        }


def sent(books: Books) -> list[tuple[str, str]]:
    with tenant(books.id):
        messages = Message.objects.filter(purpose="statement")
        statements = Statement.objects.in_bulk()
        return sorted(
            (
                one.to_address,
                next(s.currency for s in statements.values() if str(s.id) in str(one.attachments)),
            )
            for one in messages
        )


def test_each_reader_gets_a_statement_in_each_currency_once_a_day(
    books: Books, work_off: WorkOff
) -> None:
    assert send(books, work_off) == {
        "Globex": ("done", ""),
        "Initech": (
            "refused",
            "No contact gets statements at an address that takes mail; choose one who does.",
        ),
        "Hooli": ("refused", "Nothing is open."),
    }
    both = [(f"{name}@globex.example", one) for name in ("ann", "bob") for one in ("EUR", "USD")]
    assert sent(books) == both
    with tenant(books.id):
        words = Message.objects.filter(purpose="statement")[0].blocks[0]["text"]
    assert "attached is your statement" in words

    again = send(books, work_off)
    assert again["Globex"] == ("unchanged", "")
    assert sent(books) == both

    assert send(books, work_off, again="on")["Globex"] == ("done", "")
    assert sent(books) == sorted(both * 2)


def test_who_came_later_or_was_not_reached_gets_it_by_the_second(
    books: Books, work_off: WorkOff
) -> None:
    send(books, work_off)
    with tenant(books.id):
        globex = Customer.objects.get(name="Globex")
        ann = Contact.objects.get(email="ann@globex.example")
        Message.objects.filter(contact=ann).update(state=MessageState.WITHDRAWN)
    books.contact(globex, "cora@globex.example")
    pay(books, globex, "70.00", currency="EUR")
    assert send(books, work_off)["Globex"] == ("done", "")
    added = sent(books)
    for had in [
        (f"{name}@globex.example", one) for name in ("ann", "bob") for one in ("EUR", "USD")
    ]:
        added.remove(had)
    assert added == [("ann@globex.example", "USD"), ("cora@globex.example", "USD")]


def test_who_may_not_send_or_see_invoices_sends_none(books: Books) -> None:
    home = f"/o/{books.organization.slug}/customers/"
    for module in (Module.COMMUNICATIONS, Module.INVOICES):
        levels = {Module.CUSTOMERS: Level.EDIT, module: Level.EDIT}
        with tenant(books.id):
            details = RoleDetails(name=f"Only {module}", limited=False, levels=levels)
            role = roles.add_role(details=details, by=books.by, at=books.at)
        client = client_of(member_with(books, role).user)
        assert client.get(f"{home}batches/new/send_statement/?all=1").status_code == 403
        assert "Send statement" not in client.get(home).content.decode()
    with tenant(books.id):
        assert not BatchRow.objects.exists()
