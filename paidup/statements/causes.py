"""What moved money, in the words of a statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.payments.models import Allocation, Credit, Payment, Refund
from paidup.payments.states import CreditReason


@dataclass(frozen=True, kw_only=True)
class Cause:
    """An invoice, payment, credit, allocation or refund. `source_id` is the payment or credit whose
    money it moved, itself where it is one."""

    taken: str  # what it is called where it lessens what is owed
    added: str  # and where it adds to it
    source_id: UUID
    on: date
    amount: Decimal
    due_on: date | None = None

    def words(self, amount: Decimal) -> str:
        """What to call it where it moved that much."""
        return self.added if amount > 0 else self.taken


def causes_of(ids: Collection[UUID]) -> dict[UUID, Cause]:
    """All of these, by their ids, in as many queries as there are kinds."""
    organization_id = tenancy.current()
    found: dict[UUID, Cause] = {}
    for invoice in Invoice.objects.of(organization_id).filter(id__in=ids):
        name = _("Late fee %(number)s") if invoice.is_late_fee else _("Invoice %(number)s")
        words = name % {"number": invoice.number}
        found[invoice.id] = Cause(
            taken=words,
            added=words,
            source_id=invoice.id,
            on=invoice.issued_on,
            amount=invoice.total,
            due_on=invoice.due_on,
        )
    for payment in Payment.objects.of(organization_id).filter(id__in=ids):
        named = {"name": payment.reference or payment.get_kind_display()}
        found[payment.id] = Cause(
            taken=_("Payment, %(name)s") % named,
            added=_("Payment returned, %(name)s") % named,
            source_id=payment.id,
            on=payment.received_on,
            amount=payment.amount,
        )
    for credit in Credit.objects.of(organization_id).filter(id__in=ids):
        name = (
            _("Late fee taken back, credit %(number)s")
            if credit.reason == CreditReason.LATE_FEE
            else _("Credit %(number)s")
        )
        words = name % {"number": credit.number}
        found[credit.id] = Cause(
            taken=words,
            added=words,
            source_id=credit.id,
            on=credit.granted_on,
            amount=credit.amount,
        )
    return found | _between(ids)


def _between(ids: Collection[UUID]) -> dict[UUID, Cause]:
    """Money put to invoices, of others where a balance changes by it, and money given back."""
    organization_id = tenancy.current()
    found: dict[UUID, Cause] = {}
    rows = Allocation.objects.of(organization_id).filter(id__in=ids).select_related("invoice")
    for allocation in rows:
        named = {"number": allocation.invoice.number}
        source_id = allocation.payment_id or allocation.credit_id
        assert source_id  # noqa: S101  the database keeps one of the two
        found[allocation.id] = Cause(
            taken=_("Invoice %(number)s paid for by another account") % named,
            added=_("Applied to another account"),
            source_id=source_id,
            on=allocation.effective_on,
            amount=allocation.amount,
        )
    for refund in Refund.objects.of(organization_id).filter(id__in=ids):
        found[refund.id] = Cause(
            taken=_("Refund"),
            added=_("Refund"),
            source_id=refund.payment_id,
            on=refund.refunded_on,
            amount=refund.amount,
        )
    return found
