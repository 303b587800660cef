"""The verbs of a test about late fees, over its books."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from paidup.invoicing.models import Invoice
from paidup.late_fees import operations as late_fees
from paidup.late_fees.judge import Scope, why_not
from paidup.late_fees.models import Fee, Rule
from paidup.late_fees.operations import Terms
from paidup.late_fees.operations.run import LATE_FEES
from paidup.late_fees.states import Kind
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.states import PaymentKind
from paidup.reporting.check import differences
from tests.support.books import Books


def rule(books: Books, kind: Kind = Kind.FLAT, **terms: Any) -> Rule:
    """A rule that is switched on: $10.00, or 10 %, after five days, once, for whatever is late."""
    of_kind = {"amount": Decimal(10)} if kind is Kind.FLAT else {"rate": Decimal(10)}
    given = {
        "currency": "USD",
        "grace_days": 5,
        "starts_on": books.on - timedelta(days=1000),
        **of_kind,
        **terms,
    }
    with tenant(books.id):
        added = late_fees.add_rule(terms=Terms(kind=kind, **given), by=books.by, at=books.at)
        late_fees.switch_rule(rule=added, on=True, by=books.by, at=books.at)
    return added


def assess(books: Books) -> int:
    """How many fees this run has charged."""
    return late_fees.assess(organization_id=books.id, at=books.at)


def amounts(books: Books, invoice: Invoice) -> list[Decimal]:
    """The fees charged for an invoice so far."""
    with tenant(books.id):
        fees = Fee.objects.filter(invoice=invoice).order_by("period_on")
        return list(fees.values_list("amount", flat=True))


def reasons(books: Books) -> dict[str, int]:
    """Why no fee is charged for how many invoices, as a dry run tells."""
    with tenant(books.id):
        found = why_not(Scope(books.on, rehearsed=True))
        return {
            str(reason): sum(invoices for invoices, _ in by_currency.values())
            for reason, by_currency in found.items()
        }


def later(books: Books, days: int) -> None:
    """So many days go by."""
    books.at += timedelta(days=days)


def pay(books: Books, invoice: Invoice, amount: str, *, days_ago: int = 0, **how: Any) -> Payment:
    """A payment of the invoice, booked now, that came some days ago."""
    with tenant(books.id):
        return payments.record_payment(
            amount=Decimal(amount),
            kind=PaymentKind.CHECK,
            received_on=books.on - timedelta(days=days_ago),
            on=books.on,
            by=books.by,
            at=books.at,
            **{
                "customer": invoice.customer,
                "currency": "USD",
                "to": [(invoice.id, Decimal(amount))],
                **how,
            },
        )


def take_back(books: Books) -> list[Decimal]:
    """What the sweep takes back."""
    with tenant(books.id):
        return [
            late_fees.take_back_fee(fee_id=fee_id, on=books.on, by=LATE_FEES, at=books.at)
            for fee_id in late_fees.paid_in_time()
        ]


def document(books: Books, invoice: Invoice) -> Invoice:
    """The document of the invoice's only fee."""
    with tenant(books.id):
        return Invoice.objects.select_related("customer").get(fee_for=invoice)


def check(books: Books) -> None:
    """The books agree."""
    assert differences(books.id) == ()
