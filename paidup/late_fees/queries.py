"""Reading the rules, the fees of an invoice, and what a day would charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from paidup.lib import tenancy

from . import judge
from .judge import Due, NotCharged, Scope
from .models import Fee, Rule
from .states import Reason


@dataclass(frozen=True)
class Rehearsal:
    """What would be charged on a day if every rule were switched on, and why nothing for the
    rest."""

    due: Sequence[Due]
    why_not: dict[Reason, dict[str, tuple[int, Decimal]]]  # by currency, invoices and what is open
    not_charged: Sequence[NotCharged]  # those of the reason asked for

    @property
    def totals(self) -> dict[str, Decimal]:
        """The fees by currency."""
        totals: dict[str, Decimal] = {}
        for row in self.due:
            totals[row.currency] = totals.get(row.currency, Decimal(0)) + row.amount
        return totals


def rules() -> list[Rule]:
    """The organization's rules, the one for all other currencies last."""
    standing = Rule.objects.of(tenancy.current()).standing()
    return sorted(standing, key=lambda rule: (not rule.currency, rule.currency))


def rehearse(on: date, *, reason: Reason | None, limit: int) -> Rehearsal:
    """What would be charged on a day, and so many of the invoices for which nothing would, for this
    reason. Changes nothing."""
    scope = Scope(on, rehearsed=True)
    rows = judge.due(scope)
    why_not = judge.why_not(scope)
    tiny = [row for row in rows if not row.amount]
    for row in tiny:
        invoices, amount = why_not.setdefault(Reason.TOO_SMALL, {}).get(
            row.currency, (0, Decimal(0))
        )
        why_not[Reason.TOO_SMALL][row.currency] = (invoices + 1, amount + row.base)
    if reason is Reason.TOO_SMALL:
        shown: Sequence[NotCharged] = [_not_charged(row) for row in tiny[:limit]]
    else:
        shown = judge.not_charged(scope, reason, limit=limit) if reason else ()
    return Rehearsal([row for row in rows if row.amount], why_not, shown)


def fees_about(invoice_id: UUID) -> list[Fee]:
    """The fees charged for an invoice, or, of a fee's document, that fee; with both documents."""
    fees = Fee.objects.visible(tenancy.current()).select_related("document", "invoice")
    about = Q(invoice_id=invoice_id) | Q(document_id=invoice_id)
    return list(fees.filter(about).order_by("period_on", "id"))


def _not_charged(row: Due) -> NotCharged:
    return NotCharged(
        row.invoice_id,
        row.number,
        row.customer_id,
        row.customer,
        row.currency,
        row.due_on,
        row.base,
    )
