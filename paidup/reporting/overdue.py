"""What customers owe past its due day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.lib.among import among


def overdue_amounts(customer_ids: Iterable[UUID], on: date) -> dict[tuple[UUID, str], Decimal]:
    """By customer and currency, what was due before this day and is still open."""
    rows = (
        Invoice.objects.visible(tenancy.current())
        .overdue(on)
        .filter(among("customer_id", customer_ids))
        .order_by()
        .values_list("customer_id", "currency")
        .annotate(Sum("open_amount"))
    )
    return {(customer_id, currency): amount for customer_id, currency, amount in rows}
