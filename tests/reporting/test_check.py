"""The check of the books names whatever does not agree."""

import os
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from paidup.invoicing import operations as invoicing
from paidup.invoicing.states import Hold
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.states import CreditReason, PaymentKind
from paidup.reporting.check import differences
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    """Books in which everything has happened once."""
    made = found_books()
    customer = made.customer()
    disputed = made.invoice(customer, "100.00", due_in=-3)
    made.invoice(customer, "40.00", due_in=5)
    made.invoice(customer, "70.00", due_in=9, currency="EUR")
    made.claim(customer, made.invoice(customer, "15.00", due_in=20))
    acts: dict[str, Any] = {"on": made.on, "by": made.by, "at": made.at}
    with tenant(made.id):
        invoicing.open_dispute(invoice=disputed, amount=Decimal(10), reason="Broken", **acts)
        for currency in ("USD", "EUR"):
            payment = payments.record_payment(
                customer=customer,
                amount=Decimal(90),
                currency=currency,
                kind=PaymentKind.WIRE,
                received_on=made.on,
                **acts,
            )
        payments.refund_payment(
            payment=payment, amount=Decimal(30), credit_invoices=False, reason="Twice", **acts
        )
        payments.grant_credit(
            customer=customer,
            amount=Decimal(7),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            **acts,
        )
    return made


def test_books_that_agree(books: Books) -> None:
    assert differences(books.id) == ()


def test_a_dispute_outlives_money_that_comes_and_goes(books: Books) -> None:
    customer = books.customer("Doubter")
    invoice = books.invoice(customer, "100.00")
    with tenant(books.id):
        invoicing.open_dispute(
            invoice=invoice, reason="Broken", on=books.on, by=books.by, at=books.at
        )
        payment = payments.record_payment(
            customer=customer,
            amount=Decimal(60),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert books.again(invoice).disputed_amount == Decimal(40)
    with tenant(books.id):
        payments.reverse_payment(
            payment=payment,
            reason="Bounced",
            hold=Hold.RETURNED,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert books.again(invoice).disputed_amount == Decimal(100)
    assert differences(books.id) == ()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE invoicing_invoice SET open_amount = open_amount - 1 WHERE open_amount > 1",
            "invoice open amount",
        ),
        ("UPDATE customers_customer SET open_amount = open_amount + 1", "customer balance"),
        (
            "UPDATE customers_otherbalance SET unapplied_amount = unapplied_amount + 1",
            "customer unapplied amount",
        ),
        (
            "UPDATE customers_customer SET open_invoices = 9",
            "customer's number of open invoices",
        ),
        (
            "UPDATE customers_customer SET overdue_units = overdue_units + 1",
            "customer's overdue amount",
        ),
        (
            "UPDATE customers_customer SET oldest_due_on = '2020-01-01'",
            "customer's oldest due date",
        ),
        (
            (
                "UPDATE payments_payment SET unapplied_amount = unapplied_amount + 1"
                " WHERE unapplied_amount < amount"
            ),
            "payment unapplied amount",
        ),
        ("UPDATE payments_credit SET unapplied_amount = 0", "credit unapplied amount"),
        (
            "UPDATE invoicing_invoice SET disputed_amount = 11 WHERE disputed_amount = 10",
            "invoice disputed amount",
        ),
        ("UPDATE payments_claim SET live = false", "claim of a charge"),
        (
            "UPDATE payments_credit SET unapplied_amount = 6 WHERE unapplied_amount = 7",
            "customer's payments and credits left",
        ),
        (
            (
                "INSERT INTO ledger_transfer (id, organization_id, entity_id, currency, debit_id,"
                " credit_id, amount, cause_id, effective_on, recorded_at)"
                " SELECT gen_random_uuid(), organization_id, entity_id, currency, debit_id,"
                " credit_id, amount, cause_id, effective_on, recorded_at FROM ledger_transfer"
                " WHERE invoice_id IS NOT NULL"
            ),
            "transfer's invoice",
        ),
    ],
)
def test_a_wrong_figure_is_named(books: Books, change: str, named: str) -> None:
    where = "AND" if " WHERE " in change else "WHERE"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        changed = owner.execute(f"{change} {where} organization_id = %s", [books.id])
        assert changed.rowcount
    assert named in {difference.what for difference in differences(books.id)}
