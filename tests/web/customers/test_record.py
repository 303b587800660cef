"""The customer record: its facts, its tabs and its menu."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from paidup.autopay.models import Interval
from paidup.autopay.operations import set_schedule
from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph
from paidup.communications.operations import NewMessage
from paidup.communications.states import Purpose
from paidup.customers import operations as customers
from paidup.invoicing import operations as invoicing
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.roles import RoleDetails, add_role
from paidup.organizations.states import Level, Module
from paidup.payments import operations as payments
from paidup.payments.states import CreditReason, PaymentKind
from paidup.todos.operations import add_todo
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

from .people import customers_path, names, queries, record_path, shown

pytestmark = pytest.mark.usefixtures("db")

TABS = ("notes", "communication", "todo", "transactions", "attachments", "timeline")
MENU = [
    "Edit",
    "Payment method link",
    "Pay Balance Link",
    "Send Invoices",
    "Take a payment and apply it to an open invoice",
    "Add Credit",
    "Notate a Promise to Pay",
    "Dispute an invoice",
    "Payment Settings",
    "Disable Auto Payments",
    "Enable Auto Pay Schedule",
    "Disable Late Fees",
    "Change Cadence",
    "Send an Invitation",
    "Change Customer Health",
    "Assign a task",
    "Change Owner",
    "Timeline",
    "Generate Statement",
    "Export data",
    "Merge",
    "Deactivate",
    "Archive",
    "Delete",
]


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def menu(page: str) -> list[str]:
    """The entries of the Actions menu."""
    whole = page.partition('id="actions" popover>')[2].partition("</div>")[0]
    return re.findall(r"</svg>([^<]+)</(?:a|button)>", whole)


def test_the_facts(books: Books, client: Client) -> None:
    customer = books.customer("Globex", email="ann@globex.example")
    books.invoice(customer, "120.00", due_in=-3)
    books.invoice(customer, "30.00", due_in=5)
    with tenant(books.id):
        customers.edit_customer(
            customer=customer,
            phone="+12125550702",
            billing_address="1 Main Street\nSpringfield",
            billing_country="US",
            tags=["wholesale"],
            by=books.by,
            at=books.at,
        )
        payments.record_payment(
            customer=customer,
            amount=Decimal("20.00"),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            to=[],
            on=books.on,
            by=books.by,
            at=books.at,
        )
    page = shown(client, record_path(books, customer))
    for expected in (
        "Outstanding Balance",
        "$150.00",
        "2 open invoices",
        "$120.00",  # overdue, and 1 to 30 days late
        "Unapplied Credits",
        "$20.00",
        "Last Payment",
        "ann@globex.example",
        "+1 212-555-0702",
        "1 Main Street<br>Springfield",
        "United States of America",
        "wholesale",
        "None on file",
        "Billing Owner",
        "Account Manager",
        "Sales Rep",
    ):
        assert expected in page, expected


def test_a_saved_method_and_a_schedule(books: Books, client: Client) -> None:
    customer = books.customer()
    books.method(customer, last4="4242")
    with tenant(books.id):
        set_schedule(
            customer=customer,
            interval=Interval.MONTHLY,
            days=[1, 15],
            starts_on=books.on,
            by=books.by,
            at=books.at,
        )
    page = shown(client, record_path(books, customer))
    assert "•••• 4242" in page
    assert "No authority" not in page
    assert "Monthly: day 1, 15" in page
    assert "Edit Auto Pay Schedule" in menu(page)


def test_what_one_may_do_is_in_the_menu(books: Books, client: Client) -> None:
    customer = books.customer()
    books.invoice(customer)
    assert menu(shown(client, record_path(books, customer))) == MENU
    assert menu(shown(onlooker(books), record_path(books, customer))) == [
        "Payment Settings",
        "Timeline",
        "Generate Statement",
    ]


def test_the_menu_of_one_who_owes_nothing_or_is_away(books: Books, client: Client) -> None:
    customer = books.customer()
    entries = menu(shown(client, record_path(books, customer)))
    assert "Pay Balance Link" not in entries
    assert "Dispute an invoice" not in entries
    with tenant(books.id):
        customers.deactivate_customer(customer=customer, by=books.by, at=books.at)
    assert menu(shown(client, record_path(books, customer)))[-3:] == [
        "Reactivate",
        "Archive",
        "Delete",
    ]
    with tenant(books.id):
        customers.archive_customer(customer=customer, by=books.by, at=books.at)
    entries = menu(shown(client, record_path(books, customer)))
    assert entries[-2:] == ["Reactivate", "Delete"]
    assert "Disable Auto Payments" not in entries


def test_notes_to_dos_and_messages(books: Books, client: Client) -> None:
    customer = books.customer(email="ann@globex.example")
    with tenant(books.id):
        customers.add_note(customer=customer, text="Called twice.", by=books.by, at=books.at)
        add_todo(kind="task", title="Call again", customer=customer, by=books.by, at=books.at)
        communications.queue_message(
            customer=customer,
            contact=None,
            to_address="ann@globex.example",
            purpose=Purpose.INVITATION,
            subject="Your portal",
            blocks=[Paragraph("Welcome")],
            intent_key="invitation",
            by=books.by,
            at=books.at,
        )
    for tab, expected in (
        ("notes", "Called twice."),
        ("todo", "Call again"),
        ("communication", "Your portal"),
        ("timeline", "Called twice."),
        ("timeline", "E-mail “Your portal” to ann@globex.example queued"),
    ):
        assert expected in shown(client, record_path(books, customer), tab=tab)


def test_transactions_of_all_kinds_in_one_order(books: Books, client: Client) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "100.00", due_in=10)
    with tenant(books.id):
        payment = payments.record_payment(
            customer=customer,
            amount=Decimal("60.00"),
            currency="USD",
            kind=PaymentKind.CHECK,
            reference="1042",
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
        credit = payments.grant_credit(
            customer=customer,
            amount=Decimal("5.00"),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            on=books.on,
            by=books.by,
            at=books.at,
        )
        payments.refund_payment(
            payment=payment,
            amount=Decimal("10.00"),
            credit_invoices=True,
            reason="Broken",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    path = record_path(books, customer)
    page = shown(client, path)
    for expected in (invoice.number, "1042", credit.number, "Broken", "−$60.00", "$100.00"):
        assert expected in page
    assert credit.number not in shown(client, path, show="payments")
    assert "1042" not in shown(client, path, show="invoices")
    assert f"/payments/{payment.id}/" in shown(client, path, show="refunds")
    assert names(shown(client, path, show="open")) == [invoice.number]


def test_many_transactions_come_in_pages(books: Books, client: Client) -> None:
    customer = books.customer()
    for number in range(30):
        books.invoice(customer, "10.00", due_in=number % 3)
    path = record_path(books, customer)
    first = shown(client, path)
    [after] = re.findall(r'href="[^"]*after=([^"&]+)"', first)
    second = shown(client, path, after=after)
    numbers = [*names(first), *names(second)]
    assert len(numbers) == len(set(numbers)) == 30
    [before] = re.findall(r'href="[^"]*before=([^"&]+)"', second)
    assert names(shown(client, path, before=before)) == names(first)


def test_the_timeline_names_who_and_what_changed(books: Books, client: Client) -> None:
    customer = books.customer("Globex")
    with tenant(books.id):
        customers.edit_customer(
            customer=customer, name="Globex Ltd", terms_days=45, by=books.by, at=books.at
        )
    page = shown(client, record_path(books, customer), tab="timeline", show="changes")
    plain = re.sub(r"<[^>]+>", "", page)
    assert "Display name: Globex → Globex Ltd" in plain
    assert "Payment terms in days: 30 → 45" in plain
    assert books.owner.name in plain


def test_the_timeline_can_be_narrowed(books: Books, client: Client) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice,
            promised_for=books.on + timedelta(days=3),
            on=books.on,
            by=books.by,
            at=books.at,
        )
    path = record_path(books, customer)
    assert "Promise to pay" in shown(client, path, tab="timeline", show="invoices")
    assert "Promise to pay" not in shown(client, path, tab="timeline", show="payments")


@pytest.mark.parametrize("tab", TABS)
def test_the_number_of_queries_does_not_grow(books: Books, client: Client, tab: str) -> None:
    customer = books.customer(email="ann@globex.example")
    for number in range(12):
        books.invoice(customer, due_in=number)
        with tenant(books.id):
            customers.add_note(customer=customer, text=f"{number}", by=books.by, at=books.at)
            add_todo(kind="task", title="x", customer=customer, by=books.by, at=books.at)
    assert queries(client, record_path(books, customer), tab=tab) <= 15


def test_a_customer_of_several_currencies(books: Books, client: Client) -> None:
    customer = books.customer()
    books.invoice(customer, "100.00")
    books.invoice(customer, "70.00", currency="EUR")
    page = shown(client, record_path(books, customer))
    assert "Aging summary EUR" in page
    assert "€70.00" in page
    assert "€70.00" in shown(client, customers_path(books, "totals/"))


def test_a_message_that_waits_is_told_once(books: Books, client: Client) -> None:
    customer = books.customer(email="ann@globex.example")
    with tenant(books.id):
        [message] = communications.queue_messages(
            [
                NewMessage(
                    purpose=Purpose.INVOICE,
                    to_address="ann@globex.example",
                    subject="Your invoice",
                    blocks=[Paragraph("Here")],
                    intent_key="once",
                    customer_ids=[customer.id],
                    awaits_approval=True,
                )
            ],
            by=books.by,
            at=books.at,
        )
        add_todo(kind="task", title="Call Ann", customer=customer, by=books.by, at=books.at)
    page = shown(client, record_path(books, customer), tab="timeline")
    assert page.count("Your invoice") == 1
    assert "waits for approval" in page
    assert "Call Ann" in page
    with tenant(books.id):
        communications.approve_message(message=message, by=books.by, at=books.at)
    tasks = shown(client, record_path(books, customer), tab="timeline", show="todos")
    assert "Call Ann" in tasks
    assert "Your invoice" not in tasks


def test_a_parent_shows_what_all_below_it_owe_as_far_as_they_are_seen(
    books: Books, client: Client
) -> None:
    parent = books.customer("Globex")
    east = books.customer("Globex East", parent=parent)
    hidden = books.customer("Globex West", parent=parent)
    below_east = books.customer("Globex Far East", parent=east)
    for customer, amount in ((parent, "100"), (east, "20"), (hidden, "3000"), (below_east, "4")):
        books.invoice(customer, amount)
    books.invoice(below_east, "7.00", currency="EUR")
    page = shown(client, record_path(books, parent))
    for text in ("Rolled-up balance", "$3,124.00", "€7.00", "Globex East", "Globex West"):
        assert text in page
    assert "Globex Far East" not in page, "it is below a sub-account"
    levels = dict.fromkeys(Module, Level.EDIT) | {Module.ACCOUNT: Level.NONE}
    with tenant(books.id):
        details = RoleDetails(name="Limited", limited=True, levels=levels)
        role = add_role(details=details, by=books.by, at=books.at)
    member = member_with(books, role)
    with tenant(books.id):
        for customer in (parent, east):
            customers.edit_customer(customer=customer, manager=member, by=books.by, at=books.at)
    page = shown(client_of(member.user), record_path(books, parent))
    assert "$120.00" in page
    assert "Globex West" not in page
    assert "3,124" not in page
