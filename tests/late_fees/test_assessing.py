"""For which invoice a fee is charged on which day, and how much."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from paidup.autopay.models import Interval
from paidup.autopay.operations import set_schedule
from paidup.customers import operations as customers
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice, InvoiceLine
from paidup.invoicing.operations import InvoiceRefused, Line
from paidup.invoicing.pdf import invoice_pdf
from paidup.invoicing.states import Hold
from paidup.late_fees import operations as late_fees
from paidup.late_fees.models import Fee
from paidup.late_fees.operations import RuleRefused, Terms
from paidup.late_fees.states import Kind
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import stop_automation
from paidup.payments import operations as payments
from paidup.payments.models import Credit
from paidup.payments.states import CreditReason
from tests.autopay.charging import payer, tick
from tests.support.books import Books, found_books
from tests.support.templates import edit

from .fining import amounts, assess, check, document, later, reasons, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return found_books()


def test_a_flat_fee_after_the_grace_days_once(books: Books) -> None:
    rule(books)
    invoice = books.invoice(books.customer(), due_in=-5)
    assert (assess(books), reasons(books)) == (0, {"grace": 1})
    later(books, 1)
    assert [assess(books), assess(books)] == [1, 0]
    fee = document(books, invoice)
    assert (fee.total, fee.issued_on, fee.due_on) == (Decimal(10), books.on, books.on)
    later(books, 400)
    assert (assess(books), reasons(books)) == (0, {"already": 1})
    with tenant(books.id):
        [line] = InvoiceLine.objects.filter(invoice=fee)
        assert line.description == (
            f"Late fee for invoice {invoice.number}: $100.00 is 6 days overdue"
        )
        assert invoice_pdf(fee).startswith(b"%PDF")
        told = Event.objects.get(kind="late_fee.charged", subject_id=fee.id)
        assert told.data["late"] == invoice.number
    check(books)


def test_a_percentage_again_and_again_up_to_a_most(books: Books) -> None:
    rule(books, Kind.PERCENT, grace_days=0, every_days=30, most=Decimal(25))
    invoice = books.invoice(books.customer(), "100.10", due_in=-1)
    charged = []
    for _ in range(5):
        charged.append(assess(books))
        later(books, 30)
    assert charged == [1, 1, 1, 0, 0]
    assert amounts(books, invoice) == [Decimal("10.01"), Decimal("10.01"), Decimal("4.98")]
    assert reasons(books) == {"capped": 1}
    check(books)


def test_interest_counts_the_days_and_a_period_missed_is_lost(books: Books) -> None:
    rule(books, Kind.PER_ANNUM, rate=Decimal("7.3"), every_days=30)
    invoice = books.invoice(books.customer(), "1000.00", due_in=-35)
    assert (assess(books), reasons(books)) == (0, {"grace": 1})
    later(books, 1)
    assert assess(books) == 1  # 35 days at $0.20, the grace days among them
    later(books, 59)
    assert assess(books) == 1  # a day before the third period, for the second
    later(books, 1)
    assert assess(books) == 1
    later(books, 95)  # two periods gone by in which nothing ran: the present one is charged alone
    assert assess(books) == 1
    assert amounts(books, invoice) == [Decimal(7), Decimal(6), Decimal(6), Decimal(6)]


def test_only_what_is_late_and_nobody_answers_for(books: Books) -> None:
    """Half disputed, a tenth promised, a tenth covered: three tenths are left to be fined."""
    rule(books, Kind.PERCENT)
    customer = books.customer()
    invoice = books.invoice(customer, "1000.00", due_in=-10)
    with tenant(books.id):
        acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
        invoicing.open_dispute(invoice=invoice, amount=Decimal(500), reason="Broken", **acts)
        invoicing.record_promise(
            invoice=invoice, amount=Decimal(100), promised_for=books.on, **acts
        )
        payments.grant_credit(
            customer=customer,
            amount=Decimal(100),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            **acts,
        )
    assert assess(books) == 1
    assert amounts(books, invoice) == [Decimal(30)]


def test_why_not(books: Books) -> None:
    """Each in the way of one invoice; the last has a fee, which no fee follows."""
    rule(books)
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    late = {
        name: books.invoice(books.customer(name), due_in=-10)
        for name in (
            "off",
            "inactive",
            "held",
            "disputed",
            "promised",
            "charged",
            "credited",
            "due",
        )
    }
    other = books.invoice(books.customer("other"), currency="EUR", due_in=-10)
    autopay = books.customer("autopay")
    books.invoice(autopay, due_in=-10)
    books.method(autopay)
    with tenant(books.id):
        set_schedule(customer=autopay, interval=Interval.DAILY, starts_on=books.on, **acts)
        customers.set_late_fees(customer=late["off"].customer, charged=False, **acts)
        customers.deactivate_customer(customer=late["inactive"].customer, **acts)
        invoicing.hold_invoices(invoice_ids=[late["held"].id], reason=Hold.RETURNED, **acts)
        invoicing.open_dispute(invoice=late["disputed"], reason="No", on=books.on, **acts)
        invoicing.record_promise(
            invoice=late["promised"], promised_for=books.on, on=books.on, **acts
        )
        payments.grant_credit(
            customer=late["credited"].customer,
            amount=Decimal(100),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            on=books.on,
            **acts,
        )
        charged = late["charged"].customer
    books.claim(charged, late["charged"])
    assert assess(books) == 1
    assert amounts(books, late["due"]) == [Decimal(10)]
    assert amounts(books, other) == []
    assert reasons(books) == {
        "switched_off": 1,
        "inactive": 1,
        "held": 1,
        "disputed": 1,
        "promised": 1,
        "under_way": 1,
        "covered": 1,
        "no_rule": 1,
        "autopay": 1,
        "already": 1,
    }
    later(books, 100)
    assert assess(books) == 1  # the promise is over
    with tenant(books.id):
        assert not Invoice.objects.filter(fee_for__fee_for__isnull=False).exists()
    check(books)


def test_money_of_a_parent_covers_what_it_would_pay(books: Books) -> None:
    """Of its 150, its own invoice needs 100: the child's 40 are covered, a second one's 60 not."""
    rule(books, Kind.PERCENT)
    parent = books.customer("Parent")
    child, other = (books.customer(name, parent=parent) for name in ("Child", "Other"))
    books.invoice(parent, "100.00", due_in=-10)
    covered = books.invoice(child, "40.00", due_in=-10)
    partly = books.invoice(other, "60.00", due_in=-10)
    stranger = books.invoice(books.customer("Stranger"), "60.00", due_in=-10)
    with tenant(books.id):
        payments.grant_credit(
            customer=parent,
            amount=Decimal(150),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert assess(books) == 2
    assert amounts(books, covered) == []
    assert amounts(books, partly) == [Decimal(1)]
    assert amounts(books, stranger) == [Decimal(6)]


def test_a_rule_begins_with_invoices_due_from_its_day_and_ends_when_switched_off(
    books: Books,
) -> None:
    books.invoice(books.customer(), due_in=-10)
    added = rule(books, starts_on=books.on - timedelta(days=9))
    assert (assess(books), reasons(books)) == (0, {"before": 1})
    invoice = books.invoice(books.customer(), due_in=-9)
    with tenant(books.id):
        late_fees.switch_rule(rule=added, on=False, by=books.by, at=books.at)
    assert assess(books) == 0
    with tenant(books.id):
        late_fees.switch_rule(rule=added, on=True, by=books.by, at=books.at)
        stop_automation(organization=books.organization, stopped=True, by=books.by, at=books.at)
    assert assess(books) == 0
    with tenant(books.id):
        stop_automation(organization=books.organization, stopped=False, by=books.by, at=books.at)
    assert assess(books) == 1
    # A shorter beat begins with the next fee: what was charged is not charged again.
    with tenant(books.id):
        terms = Terms(
            kind=Kind.FLAT,
            currency="USD",
            amount=Decimal(10),
            grace_days=0,
            every_days=7,
            starts_on=added.starts_on,
        )
        late_fees.edit_rule(rule=added, terms=terms, by=books.by, at=books.at)
    assert assess(books) == 0
    later(books, 7)
    assert assess(books) == 1
    assert len(amounts(books, invoice)) == 2


def test_terms_that_no_rule_can_have(books: Books) -> None:
    rule(books)
    common: dict[str, Any] = {"grace_days": 5, "starts_on": books.on}
    wrong = [
        Terms(kind=Kind.FLAT, currency="", amount=Decimal(5), **common),
        Terms(kind=Kind.FLAT, currency="EUR", **common),
        Terms(kind=Kind.PERCENT, currency="", rate=Decimal(0), **common),
        Terms(kind=Kind.PERCENT, currency="", rate=Decimal(2), most=Decimal(5), **common),
        Terms(kind=Kind.PER_ANNUM, currency="", rate=Decimal(8), **common),
        Terms(kind=Kind.PERCENT, currency="USD", rate=Decimal(2), **common),  # there is one
    ]
    with tenant(books.id):
        for terms in wrong:
            with pytest.raises(RuleRefused):
                late_fees.add_rule(terms=terms, by=books.by, at=books.at)


def test_what_came_by_a_charge_leaves_a_fee_to_its_payer(books: Books) -> None:
    """Autopay leaves it alone, and money goes to it last."""
    rule(books)
    customer = books.customer()
    invoice = books.invoice(customer, due_in=-10)
    assess(books)
    fee = document(books, invoice)
    newer = books.invoice(customer, due_in=5)
    books.method(customer)
    with tenant(books.id):
        set_schedule(
            customer=customer,
            interval=Interval.DAILY,
            starts_on=books.on,
            due_only=False,
            by=books.by,
            at=books.at,
        )
    assert tick(books) == {invoice.number, newer.number}
    with tenant(books.id):
        [credit] = [
            payments.grant_credit(
                customer=customer,
                amount=Decimal(205),
                currency="USD",
                reason=CreditReason.GOODWILL,
                description="Sorry",
                on=books.on,
                by=books.by,
                at=books.at,
            )
        ]
        assert Credit.objects.get(id=credit.id).unapplied_amount == 0
    assert books.again(fee).open_amount == Decimal(5)
    assert not books.again(newer).open_amount


def test_what_the_saved_method_may_not_pay_is_not_left_to_its_schedule(books: Books) -> None:
    rule(books)
    customer = payer(books)
    invoice = books.invoice(customer, due_in=-10)
    assert (assess(books), reasons(books)) == (0, {"autopay": 1})
    edit(books, customer, payment_kinds=["bank_debit"])
    assert tick(books) == set()
    assert assess(books) == 1
    assert amounts(books, invoice) == [Decimal(10)]


@pytest.mark.database
def test_the_database_knows_no_fee_for_a_fee_nor_two_for_a_period(books: Books) -> None:
    rule(books)
    invoice = books.invoice(books.customer(), due_in=-10)
    assess(books)
    fee = document(books, invoice)
    with tenant(books.id):
        with pytest.raises((IntegrityError, InvoiceRefused)), transaction.atomic():
            invoicing.issue_invoice(
                customer=fee.customer,
                lines=[Line(description="Fee", unit_price=Decimal(1))],
                issued_on=books.on,
                fee_for=fee,
                by=books.by,
                at=books.at,
            )
        twin = Fee.objects.get()
        twin.id, twin.document = invoice.id, invoice
        with pytest.raises(IntegrityError, match="one_fee_per_period"), transaction.atomic():
            twin.save(force_insert=True)
