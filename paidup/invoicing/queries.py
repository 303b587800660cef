"""Reads of invoices and of what they are called."""

from typing import Any
from uuid import UUID

from paidup.lib import tenancy

from .models import CollectionStatus, Invoice


def collection_statuses() -> list[CollectionStatus]:
    """Those the organization works with, in their order."""
    return [status for status in all_statuses() if not status.removed]


def all_statuses() -> list[CollectionStatus]:
    """Also those that were removed, which invoices of then still have."""
    rows = CollectionStatus.objects.of(tenancy.current())
    return list(rows.order_by("position", "id"))


def default_status_id() -> UUID | None:
    """The collection status that new invoices have, where one was chosen for them."""
    rows = CollectionStatus.objects.of(tenancy.current()).filter(default=True)
    return rows.values_list("id", flat=True).first()


def customers_with_status(status_id: UUID) -> Any:
    """Those who have an open invoice of the status, as a subquery that an index answers by
    itself."""
    return Invoice.objects.visible(tenancy.current()).of_status(status_id).values("customer_id")
