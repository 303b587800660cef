"""Charging the late fees of a day.

Two runs at once, a crash at any line, a run late or twice: one fee for an invoice and period.
Each customer's invoices are judged again under its lock, and a fee is stored together with the
document that bills it, in the transaction that holds the lock; behind it stands a unique index.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import override

from paidup.customers.models import Customer
from paidup.history.actors import system
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import Line
from paidup.late_fees.judge import Due, Scope, due
from paidup.late_fees.models import Fee, Rule
from paidup.late_fees.wording import line_of
from paidup.lib import tenancy
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

LATE_FEES = system("late_fees")
BATCH = 100  # customers locked together; while it lasts nobody else takes an invoice's number


def assess(*, organization_id: UUID, at: datetime) -> int:
    """Charges what the rules that are switched on ask for on the organization's day; how many fees.

    Opens its own transactions, one for every hundred customers, so that locks are held shortly.
    """
    with tenant(organization_id):
        organization = Organization.objects.get(id=organization_id)
        on = organization.day(at)
        rules = Rule.objects.of(organization_id).filter(switched_on=True)
        rows = due(Scope(on)) if rules.exists() and not organization.automation_stopped else []
    customer_ids = sorted({row.customer_id for row in rows if row.amount})
    charged = 0
    for start in range(0, len(customer_ids), BATCH):
        with tenant(organization_id):
            charged += _charge(customer_ids[start : start + BATCH], on=on, at=at)
    return charged


def _charge(customer_ids: Sequence[UUID], *, on: date, at: datetime) -> int:
    lock(customer_ids)
    # From here on nobody else changes what these customers owe.
    if Organization.objects.get(id=tenancy.current()).automation_stopped:
        return 0
    rows = [row for row in due(Scope(on, customer_ids)) if row.amount]
    invoices = (
        Invoice.objects.of(tenancy.current())
        .select_related("customer")
        .in_bulk([row.invoice_id for row in rows])
    )
    for row in rows:
        _issue(row, invoices[row.invoice_id], on=on, at=at)
    return len(rows)


def lock(customer_ids: Collection[UUID]) -> None:
    """Locks these customers in id order; one that was merged or deleted meanwhile has no invoices
    to judge any more."""
    rows = Customer.objects.of(tenancy.current()).filter(id__in=customer_ids).locked()
    list(rows.values_list("id"))


def _issue(row: Due, late: Invoice, *, on: date, at: datetime) -> None:
    with override(row.language):
        description = line_of(row, on)
    document = invoicing.issue_invoice(
        customer=late.customer,
        lines=[Line(description=description, unit_price=row.amount)],
        issued_on=on,
        due_on=on,
        currency=row.currency,
        fee_for=late,
        by=LATE_FEES,
        at=at,
    )
    Fee.objects.create(
        organization_id=late.organization_id,
        rule_id=row.rule_id,
        invoice=late,
        document=document,
        period_on=row.period_on,
        days=row.days,
        kind=row.kind,
        rate=row.rate,
        base=row.base,
        amount=row.amount,
        most=row.most,
        charged_on=on,
        recorded_at=at,
    )
