"""A fee is taken back: waived, or because the invoice turns out to have been paid in time."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from paidup.history.actors import staff
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.late_fees import operations as late_fees
from paidup.late_fees.operations import WaiverRefused
from paidup.late_fees.states import Kind
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Credit, Payment, Proposal
from paidup.payments.operations import ProposalRefused
from paidup.payments.states import CreditReason
from tests.payments.test_proposals import with_limits
from tests.support.books import Books, found_books

from .fining import amounts, assess, check, document, later, pay, rule, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return found_books()


def fined(books: Books, kind: Kind = Kind.FLAT) -> tuple[Invoice, Invoice]:
    """An invoice of 100 that is six days late, and the fee of 10 for it."""
    rule(books, kind)
    invoice = books.invoice(books.customer(), due_in=-6)
    assert assess(books) == 1
    return invoice, document(books, invoice)


def test_what_came_in_time_and_was_booked_late_cancels_the_fee(
    books: Books, work_off: Callable[[], int]
) -> None:
    invoice, fee = fined(books)
    later(books, 3)
    payment = pay(books, invoice, "110.00", days_ago=4, to=None)  # the last day of grace
    assert not books.again(fee).open_amount  # it had paid the fee too
    work_off()
    assert books.again(fee).state == InvoiceState.PAID
    with tenant(books.id):
        credit = Credit.objects.get()
        assert (credit.amount, credit.unapplied_amount) == (Decimal(10), Decimal(0))
        assert credit.reason == CreditReason.LATE_FEE
        assert Payment.objects.get(id=payment.id).unapplied_amount == Decimal(10)
        told = Event.objects.get(kind="late_fee.taken_back")
        assert told.data == {"number": fee.number, "amount": "10.0000", "currency": "USD"}
    assert take_back(books) == []
    later(books, 100)
    assert assess(books) == 0
    check(books)


def test_what_came_a_day_later_cancels_nothing(books: Books) -> None:
    invoice, fee = fined(books)
    later(books, 3)
    pay(books, invoice, "100.00", days_ago=3)
    assert take_back(books) == []
    assert books.again(fee).open_amount == Decimal(10)


def test_what_came_while_a_promise_kept_the_fee_off_cancels_it(books: Books) -> None:
    """The period began long ago; the fee is charged once the promise is over."""
    rule(books)
    invoice = books.invoice(books.customer(), due_in=-30)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice, promised_for=books.on, on=books.on, by=books.by, at=books.at
        )
    assert assess(books) == 0
    later(books, 3)
    assert assess(books) == 1
    pay(books, invoice, "100.00", days_ago=1)
    assert take_back(books) == [Decimal(10)]
    check(books)


def test_a_part_in_time_cancels_a_part_of_a_percentage(books: Books) -> None:
    invoice, fee = fined(books, Kind.PERCENT)
    pay(books, invoice, "30.00", days_ago=1)
    assert take_back(books) == [Decimal(3)]
    pay(books, invoice, "40.00", days_ago=2)
    assert take_back(books) == [Decimal(4)]
    assert books.again(fee).open_amount == Decimal(3)
    assert amounts(books, invoice) == [Decimal(10)]
    check(books)


def test_a_credit_that_was_taken_off_its_fee_is_not_given_again(books: Books) -> None:
    invoice, fee = fined(books)
    pay(books, invoice, "100.00", days_ago=1)
    assert take_back(books) == [Decimal(10)]
    with tenant(books.id):
        taken_off = Allocation.objects.get(invoice=fee)
        payments.undo_allocation(allocation=taken_off, on=books.on, by=books.by, at=books.at)
    take_back(books)
    with tenant(books.id):
        assert Credit.objects.get().unapplied_amount == Decimal(10)
    check(books)


def test_what_no_part_would_change_is_not_looked_at_again(books: Books) -> None:
    """A part in time leaves a flat fee as it was; of a percentage its part is taken back once."""
    flat, _ = fined(books)
    rule(books, Kind.PERCENT, currency="EUR")
    other = books.invoice(books.customer(), due_in=-6, currency="EUR")
    assess(books)
    pay(books, flat, "30.00", days_ago=1)
    pay(books, other, "30.00", days_ago=1, currency="EUR")
    assert take_back(books) == [Decimal(3)]
    with tenant(books.id):
        assert late_fees.paid_in_time() == []


def test_a_fee_that_was_refunded_and_credited_is_not_given_back_once_more(books: Books) -> None:
    invoice, fee = fined(books)
    other = books.invoice(fee.customer)
    paid = pay(books, fee, "10.00")
    with tenant(books.id):
        payments.refund_payment(
            payment=paid,
            amount=Decimal(10),
            credit_invoices=True,
            reason="Sorry",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    pay(books, invoice, "100.00", days_ago=1)
    assert take_back(books) == []
    assert books.again(fee).state == InvoiceState.PAID
    assert books.again(other).open_amount == Decimal(100)
    check(books)


def test_a_fee_is_waived_once(books: Books) -> None:
    invoice, fee = fined(books)

    def waive() -> Credit | Proposal:
        with tenant(books.id):
            return late_fees.waive_fee(
                document=fee, reason="Goodwill", on=books.on, by=books.by, at=books.at
            )

    credit = waive()
    assert isinstance(credit, Credit)
    assert (credit.amount, credit.reason) == (Decimal(10), CreditReason.LATE_FEE)
    assert books.again(fee).state == InvoiceState.PAID
    with pytest.raises(WaiverRefused, match="Nothing is open"):
        waive()
    # What was waived isn't taken back once more, nor charged again.
    pay(books, invoice, "100.00", days_ago=1)
    assert take_back(books) == []
    with tenant(books.id):
        assert Credit.objects.count() == 1
        with pytest.raises(WaiverRefused, match="no late fee"):
            late_fees.waive_fee(
                document=invoice, reason="No", on=books.on, by=books.by, at=books.at
            )
    check(books)


def test_a_fee_being_paid_is_not_waived_meanwhile(books: Books) -> None:
    _, fee = fined(books)
    with tenant(books.id):
        customer = fee.customer
    books.claim(customer, fee)
    with tenant(books.id), pytest.raises(WaiverRefused, match="under way"):
        late_fees.waive_fee(document=fee, reason="No", on=books.on, by=books.by, at=books.at)


def test_a_waiver_over_ones_limit_waits_for_somebody_else(books: Books) -> None:
    _, fee = fined(books)
    junior = with_limits(books, "Junior", "9")
    with tenant(books.id):
        proposal = late_fees.waive_fee(
            document=fee, reason="A friend", on=books.on, by=staff(junior.id), at=books.at
        )
    assert isinstance(proposal, Proposal)
    assert books.again(fee).open_amount == Decimal(10)
    with tenant(books.id), pytest.raises(ProposalRefused, match="waits for approval already"):
        late_fees.waive_fee(
            document=fee, reason="Once more", on=books.on, by=staff(junior.id), at=books.at
        )
    with tenant(books.id):
        payments.grant_proposal(proposal=proposal, on=books.on, by=books.by, at=books.at)
    assert not books.again(fee).open_amount
