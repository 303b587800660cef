"""Invoices when their customer is merged into another."""

from datetime import datetime

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice

from .balance import summarize


def merge(*, source: Customer, target: Customer, at: datetime) -> None:
    """Gives the source's invoices to the target; whom each was billed to stays as issued."""
    Invoice.objects.of(source.organization_id).filter(customer=source).update(customer=target)
    summarize([target.id], at=at)
