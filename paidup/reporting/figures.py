"""The figures of the home page."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.organizations.models import TenantQuerySet
from paidup.payments.models import Payment

DSO_DAYS = 90


@dataclass(frozen=True)
class Collected:
    """What came in of one currency in a span of days, reversed payments left out."""

    currency: str
    amount: Decimal


def received_lately(on: date, *, days: int = 30) -> TenantQuerySet[Payment]:
    """The payments received in the days up to `on`, those left out that were reversed since."""
    return Payment.objects.visible(tenancy.current()).filter(
        received_on__gt=on - timedelta(days=days), received_on__lte=on, reversed_on__isnull=True
    )


def collected(on: date, *, days: int = 30) -> tuple[Collected, ...]:
    """What was received in the days up to `on`, by currency."""
    rows = (
        received_lately(on, days=days)
        .values("currency")
        .annotate(sum=Sum("amount"))
        .order_by("currency")
    )
    return tuple(Collected(row["currency"], row["sum"]) for row in rows)


def days_sales_outstanding(on: date, *, receivable: Decimal, currency: str) -> Decimal | None:
    """DSO in days: receivable ÷ credit sales of the last 90 days × 90; None without sales.

    The standard formula of the Credit Research Foundation (not the count-back method).
    """
    sold = (
        Invoice.objects.visible(tenancy.current())
        .filter(issued_on__gt=on - timedelta(days=DSO_DAYS), issued_on__lte=on, currency=currency)
        .aggregate(sum=Sum("total"))["sum"]
    )
    return (receivable / sold * DSO_DAYS).quantize(Decimal("0.1")) if sold else None
