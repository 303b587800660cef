"""Invoices when their customer is deleted."""

from collections.abc import Collection
from uuid import UUID

from paidup.customers.models import Customer
from paidup.invoicing.models import Dispute, Invoice, InvoiceLine, InvoiceValue, Promise


def erase(*, customer: Customer, contact_ids: Collection[UUID]) -> set[UUID]:
    """Leaves of the customer's invoices numbers, dates and amounts, and of what these people
    promised elsewhere that it was promised. Gives the ids of the invoices.

    None of them is open: the database refuses an open invoice of nobody.
    """
    organization_id = customer.organization_id
    invoices = Invoice.objects.of(organization_id).filter(customer=customer)
    ids = set(invoices.values_list("id", flat=True))
    for table in (Dispute, InvoiceValue, Promise):
        table.objects.of(organization_id).filter(invoice__customer=customer).delete()
    Promise.objects.of(organization_id).filter(contact__in=contact_ids).update(contact=None)
    lines = InvoiceLine.objects.of(organization_id).filter(invoice__customer=customer)
    lines.update(description="")
    invoices.update(customer=None, bill_to="", note="", po_number="")
    return ids
