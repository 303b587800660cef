"""Late fees where others work: reminders, merging, deleting."""

from decimal import Decimal

import pytest

from paidup.communications.blocks import InvoiceTable, from_json
from paidup.communications.models import Message
from paidup.customers import operations as customers
from paidup.invoicing.models import Invoice, InvoiceLine
from paidup.late_fees.models import Fee
from paidup.lib.tenancy import tenant
from paidup.payments.models import Payment
from paidup.statements.figures import figures
from paidup.statements.states import StatementKind
from tests.cadences.chasing import chasing_books, only_group, planned, run, sent, why_not
from tests.lifecycle.cast import delete, merge, settle
from tests.portal.payer import Payer, words
from tests.support.books import found_books

from .fining import amounts, assess, check, document, later, pay, rule, take_back

pytestmark = pytest.mark.django_db


def test_a_reminder_tells_of_a_fee_beside_its_invoice_and_alone_once_that_is_paid() -> None:
    books = chasing_books()
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-2)
    rule(books, grace_days=0)
    assert run(books).messages == sent(books) == 1
    assess(books)
    fee = document(books, invoice)
    later(books, 2)  # four days late: no step of the invoice is due, and the fee sets none off
    assert planned(books).will_send == ()
    assert run(books).messages == 0
    assert {reason.value: count for reason, count in why_not(books).items()} == {
        "already": 1,
        "beside": 1,
    }
    later(books, 6)  # now one is
    assert {item.number: item.due_step for item in only_group(books).items} == {
        invoice.number: True,
        fee.number: False,
    }
    assert run(books).messages == sent(books) == 1
    with tenant(books.id):
        [_first, told] = Message.objects.order_by("id")
        [table] = [block for block in from_json(told.blocks) if isinstance(block, InvoiceTable)]
    assert [row.status for row in table.rows] == [
        "10 days overdue",
        "Late fee · 8 days overdue",
    ]
    pay(books, invoice, "100.00")
    later(books, 30)
    assert [item.number for item in only_group(books).items] == [fee.number]


def test_a_merged_customers_invoices_keep_their_fees_and_the_stricter_wish_wins() -> None:
    books = found_books()
    rule(books)
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    invoice = books.invoice(source, due_in=-10)
    assess(books)
    with tenant(books.id):
        customers.set_late_fees(customer=source, charged=False, by=books.by, at=books.at)
    target = merge(books, source, target)
    assert not target.late_fees
    with tenant(books.id):
        customers.set_late_fees(customer=target, charged=True, by=books.by, at=books.at)
    assert assess(books) == 0
    assert amounts(books, invoice) == [Decimal(10)]
    check(books)


def test_a_statement_calls_a_fee_and_its_taking_back_by_their_names() -> None:
    books = found_books()
    rule(books)
    customer = books.customer("Globex")
    invoice = books.invoice(customer, due_in=-10)
    assess(books)
    fee = document(books, invoice)

    def said(kind: StatementKind) -> dict[str, tuple[Decimal, str]]:
        with tenant(books.id):
            found = figures(
                customer,
                kind=kind,
                currency="USD",
                from_on=books.on if kind is StatementKind.BALANCE_FORWARD else None,
                to_on=books.on,
                on=books.on,
            )
        return {item.label: (item.amount, item.remark) for item in found.items}

    assert said(StatementKind.OPEN_ITEM) == {
        invoice.number: (Decimal(100), ""),
        fee.number: (Decimal(10), "Late fee"),
    }
    pay(books, invoice, "100.00", days_ago=8)
    assert take_back(books) == [Decimal(10)]
    assert said(StatementKind.OPEN_ITEM) == {}
    assert said(StatementKind.BALANCE_FORWARD) == {
        f"Late fee {fee.number}": (Decimal(10), ""),
        "Late fee taken back, credit CR-00001": (Decimal(-10), ""),
    }


def test_a_payer_reads_that_it_is_a_late_fee() -> None:
    books = found_books()
    rule(books)
    customer = books.customer("Globex")
    invoice = books.invoice(customer, due_in=-10)
    assess(books)
    fee, payer = document(books, invoice), Payer(books)
    link = payer.invoice_link(fee)
    assert f"Late fee {fee.number}" in words(payer.see(link))
    assert "Late fee · Due" in words(payer.see(payer.balance_link(customer)))
    # Who opened the page before the fee was taken back, pays nothing for it.
    pay(books, invoice, "100.00", days_ago=8)
    assert take_back(books) == [Decimal(10)]
    payer.pay(link, "10.00")
    with tenant(books.id):
        assert Payment.objects.count() == 1


def test_a_deleted_customers_fee_says_nothing_of_it() -> None:
    books = found_books()
    rule(books)
    customer = books.customer("Globex")
    invoice = books.invoice(customer, due_in=-10)
    assess(books)
    fee = document(books, invoice)
    settle(books, customer)
    delete(books, customer)
    with tenant(books.id):
        assert Invoice.objects.get(id=fee.id).customer_id is None
        assert InvoiceLine.objects.get(invoice=fee).description == ""
        assert Fee.objects.get().amount == Decimal(10)
    check(books)
