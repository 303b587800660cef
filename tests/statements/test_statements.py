"""Statements: their figures are the ledger's, and what was sent stays as it was."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError

from paidup.communications.delivery.mail import envelope
from paidup.communications.models import Message
from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.ledger.models import Account, Transfer
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from paidup.statements.figures import Figures, figures
from paidup.statements.models import Statement
from paidup.statements.operations import StatementRefused, send_statement
from paidup.statements.states import StatementKind
from tests.documents.cast import words
from tests.lifecycle.cast import credit, customer_with_everything, merge, pay
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def said(
    books: Books,
    customer: Customer,
    to_on: date,
    *,
    since: date | None = None,
    currency: str = "USD",
) -> Figures:
    kind = StatementKind.BALANCE_FORWARD if since else StatementKind.OPEN_ITEM
    with tenant(books.id):
        return figures(
            Customer.objects.get(id=customer.id),
            kind=kind,
            currency=currency,
            from_on=since,
            to_on=to_on,
            on=books.on,
        )


def balance(books: Books, customer: Customer, on: date, currency: str = "USD") -> Decimal:
    """What the customer's accounts come to at the end of the day, transfer by transfer."""
    with tenant(books.id):
        own = set(
            Account.objects.filter(customer=customer, currency=currency).values_list(
                "id", flat=True
            )
        )
        moved = Decimal(0)
        for transfer in Transfer.objects.filter(effective_on__lte=on):
            moved += transfer.amount * ((transfer.debit_id in own) - (transfer.credit_id in own))
        return moved


def days(books: Books) -> Iterator[date]:
    for back in (0, 1, 3, 10, 33, 34, 60):
        yield books.on - timedelta(days=back)


def test_both_kinds_tie_to_the_ledger_on_every_day_also_after_a_merge(books: Books) -> None:
    customer = customer_with_everything(books)
    other = customer_with_everything(books, "Initech Ltd")
    with tenant(books.id):
        child = Customer.objects.get(parent=customer)
    childs = books.invoice(child, "44.00", due_in=-9)
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        wire = payments.record_payment(
            customer=customer,
            amount=Decimal("60.00"),
            currency="USD",
            kind=PaymentKind.WIRE,
            received_on=books.on - timedelta(days=3),
            to=[(childs.id, Decimal("44.00"))],
            **acts,
        )
        payments.refund_payment(
            payment=wire, amount=Decimal("6.00"), credit_invoices=False, reason="Too much", **acts
        )
    customer = merge(books, other, customer)
    for to_on in days(books):
        for currency in ("USD", "EUR"):
            derived = balance(books, customer, to_on, currency)
            items = said(books, customer, to_on, currency=currency)
            assert items.closing == derived
            assert sum(item.balance for item in items.items) == derived
            assert sum(items.buckets) + items.unapplied == derived
            since = to_on - timedelta(days=5)
            forward = said(books, customer, to_on, since=since, currency=currency)
            assert forward.opening == balance(books, customer, since - timedelta(days=1), currency)
            assert forward.opening + sum(item.amount for item in forward.items) == derived
            assert forward.closing == (
                forward.items[-1].balance if forward.items else forward.opening
            )
            assert forward.buckets == items.buckets
    with tenant(books.id):
        customer.refresh_from_db()
    today = said(books, customer, books.on)
    assert today.closing == customer.open_amount - customer.unapplied_amount
    assert today.unapplied == -customer.unapplied_amount


def test_it_tells_what_is_disputed_processed_and_unapplied(books: Books) -> None:
    customer = books.customer(email="ann@globex.example")
    contested = books.invoice(customer, "100.00", due_in=-40)
    charged = books.invoice(customer, "50.00", due_in=5)
    with tenant(books.id):
        invoicing.open_dispute(
            invoice=contested,
            amount=Decimal("30.00"),
            reason="Broken",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    books.claim(customer, charged)
    credit(books, customer, "7.00")
    found = said(books, customer, books.on)
    assert [(item.label, item.balance, item.remark) for item in found.items] == [
        (contested.number, Decimal(100), "Disputed"),
        (charged.number, Decimal(50), ""),
        (found.items[2].label, Decimal(-7), "Not applied yet"),
    ]
    assert (found.disputed, found.processing) == (Decimal(30), Decimal(50))
    assert found.buckets == [Decimal(50), 0, Decimal(100), 0, 0]
    assert said(books, customer, books.on - timedelta(days=1)).disputed == 0


def send(books: Books, customer: Customer, **others: Any) -> Statement:
    with tenant(books.id):
        details: dict[str, Any] = {
            "kind": StatementKind.BALANCE_FORWARD,
            "currency": "USD",
            "from_on": books.on - timedelta(days=60),
            "to_on": books.on,
            "subject": "Your statement",
            "text": "Please see the PDF.",
            "on": books.on,
            "by": books.by,
            "at": books.at,
        }
        return send_statement(customer=customer, **details | others)


def test_what_was_sent_is_kept_and_mailed_as_it_was(books: Books) -> None:
    customer = books.customer()
    ann = books.contact(customer, "ann@globex.example")
    invoice = books.invoice(customer, "100.00", due_in=-5)
    statement = send(books, customer, contacts=[ann])
    pay(books, customer, "40.00")
    with tenant(books.id):
        statement.refresh_from_db()
        [message] = Message.objects.filter(purpose="statement")
        mail = envelope(message, organization=books.organization, at=books.at)
        assert f"statement-{customer.number}-{books.on}.pdf".encode() in mail.data
        assert message.to_address == "ann@globex.example"
    drawn = words(bytes(statement.pdf))
    assert f"Invoice {invoice.number}" in drawn
    assert "Balance forward" in drawn
    assert "$100.00 open on March 2, 2026" in drawn
    assert statement.closing == Decimal(100) == Decimal(statement.figures["closing"])
    with pytest.raises(DatabaseError, match="does not change"), tenant(books.id):
        Statement.objects.filter(id=statement.id).update(closing=Decimal(60))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contacts": []}, "at least one contact"),
        ({"text": "  "}, "no text"),
        ({"to_on": date(2030, 1, 1)}, "a day to come"),
        ({"from_on": None}, "brought forward"),
        ({"from_on": date(2026, 3, 2), "to_on": date(2026, 3, 1)}, "ends before it begins"),
    ],
)
def test_a_wrong_one_is_refused_and_nothing_is_kept(
    books: Books, wrong: dict[str, Any], sentence: str
) -> None:
    customer = books.customer()
    ann = books.contact(customer, "ann@globex.example")
    with pytest.raises(StatementRefused, match=sentence):
        send(books, customer, **{"contacts": [ann]} | wrong)
    with tenant(books.id):
        assert not Statement.objects.exists()
