"""Money of a customer who was deleted: what comes after, at the gateway and at the bank."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold, InvoiceState
from paidup.ledger.models import Transfer
from paidup.lib.tenancy import tenant
from paidup.organizations.models import DirectoryEntry
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import FactKind, Outage, Rejected
from paidup.payments.jobs import forget_erased, forget_method
from paidup.payments.models import Allocation, ErasedMethod, Intent, Payment
from paidup.payments.operations import AllocationRefused, PaymentRefused, RefundRefused
from paidup.reporting.check import differences
from paidup.todos.models import Todo
from tests.support.books import SANDBOX, Books, found_books, jobs_of

from .cast import delete, pay

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def test_the_gateway_is_asked_until_it_has_erased_the_methods(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = books.customer()
    removed, kept = books.method(customer), books.method(customer, last4="4444")
    with tenant(books.id):
        payments.remove_method(method=removed, by=books.by, at=books.at)
        payments.balance_link(customer=customer, at=books.at)
        payments.method_link(customer=customer, at=books.at)
    links = DirectoryEntry.objects.filter(
        organization=books.organization, kind__in=("pay_link", "method_link")
    )
    assert links.count() == 2
    delete(books, customer)
    assert not links.exists()
    asked = jobs_of(books.id, "paidup.payments.jobs.forget_erased")
    assert len(asked) == 2
    with monkeypatch.context() as patch:
        patch.setattr(SANDBOX.__class__, "forget", staticmethod(out_of_order))
        with pytest.raises(Outage):
            forget_erased(**asked[0])
    with tenant(books.id):
        assert ErasedMethod.objects.count() == 2
        payments.chase_stuck(on=books.on, by=books.by, at=books.at + timedelta(hours=7))
        assert Todo.objects.open().filter(kind="erasure_stuck").count() == 2
    for arguments in jobs_of(books.id, "paidup.payments.jobs.forget_erased"):
        forget_erased(**arguments)
    forget_method(organization_id=str(books.id), method_id=str(removed.id))
    with tenant(books.id):
        assert not ErasedMethod.objects.exists()
        payments.chase_stuck(on=books.on, by=books.by, at=books.at + timedelta(hours=8))
        assert not Todo.objects.open().filter(kind="erasure_stuck").exists()
    for method in (removed, kept):
        with pytest.raises(Rejected):
            SANDBOX.describe(method.token)


def out_of_order(token: str) -> None:
    raise Outage(token)


def test_what_the_bank_takes_back_later_is_bad_debt(books: Books) -> None:
    parent = books.customer("Holding")
    child = books.customer("Branch", parent=parent)
    intent = books.claim(parent, books.invoice(parent, "60.00"), books.invoice(child, "40.00"))
    books.run(intent)
    delete(books, parent)
    take_back(books, intent)
    assert differences(books.id) == ()
    with tenant(books.id):
        assert Invoice.objects.get(customer=None).state == InvoiceState.PAID
        opened = Invoice.objects.get(customer=child)
        assert (opened.open_amount, opened.hold) == (Decimal(40), Hold.RETURNED)
        assert balance(books, "bad_debt") == Decimal(60)
        assert Payment.objects.get().reversed_on == books.on
        [todo] = Todo.objects.filter(kind="payment_of_nobody")
    assert todo.title == (
        "$100.00 that a deleted customer had paid was taken back; it is bad debt now"
    )


def test_what_paid_for_a_customer_deleted_since_is_given_back(books: Books) -> None:
    parent = books.customer("Holding")
    child = books.customer("Branch", parent=parent)
    wire = pay(books, parent, "100.00")
    with tenant(books.id):
        bill = books.invoice(child, "90.00")
        payments.allocate(
            source=wire, to=[(bill.id, Decimal(90))], on=books.on, by=books.by, at=books.at
        )
    delete(books, child)
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        payments.refund_payment(
            payment=wire, amount=Decimal(30), credit_invoices=True, reason="Too much", **acts
        )
    assert differences(books.id) == ()
    with tenant(books.id):
        assert balance(books, "bad_debt") == Decimal(20), "10 were unapplied"
        fresh = Payment.objects.get(id=wire.id)
        payments.reverse_payment(payment=fresh, reason="Bounced", hold=Hold.RETURNED, **acts)
        assert balance(books, "bad_debt") == Decimal(90)
        assert Invoice.objects.get().open_amount == 0
    assert differences(books.id) == ()


def take_back(books: Books, intent: Intent) -> None:
    """The payer's bank does, of which the gateway tells."""
    [fact] = books.facts(intent)
    returned = replace(fact, id="evt_returned", kind=FactKind.RETURNED, reason="R10")
    with tenant(books.id):
        payments.record_facts(intent_id=intent.id, facts=[returned], at=books.at)


def balance(books: Books, kind: str) -> Decimal:
    """What was debited of the entity's account less what was credited."""
    debits = Transfer.objects.filter(debit__kind=kind).values_list("amount", flat=True)
    credits_ = Transfer.objects.filter(credit__kind=kind).values_list("amount", flat=True)
    return sum(debits, Decimal(0)) - sum(credits_, Decimal(0))


def test_nothing_is_done_by_hand_with_money_of_a_deleted_customer(books: Books) -> None:
    customer = books.customer()
    books.invoice(customer, "50.00")
    wire = pay(books, customer, "50.00")
    delete(books, customer)
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        wire = Payment.objects.get(id=wire.id)
        with pytest.raises(AllocationRefused, match="was deleted"):
            payments.undo_allocation(allocation=Allocation.objects.get(), **acts)
        with pytest.raises(PaymentRefused, match="was deleted"):
            payments.reverse_payment(payment=wire, reason="", hold=Hold.RETURNED, **acts)
        with pytest.raises(RefundRefused, match="was deleted"):
            payments.refund_payment(
                payment=wire, amount=Decimal(1), credit_invoices=False, reason="", **acts
            )
