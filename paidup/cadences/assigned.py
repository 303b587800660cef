"""Reading which cadence an invoice or a person goes by, and whose it is."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from paidup.customers.models import ContactLink
from paidup.invoicing.models import Invoice
from paidup.lib import tenancy

from .models import Assignment, Cadence, InvoiceAssignment, LinkAssignment
from .states import Origin


@dataclass(frozen=True)
class Assigned:
    """A cadence's name, empty for none, and whose it is."""

    name: str
    origin: Origin


def of_customers(customer_ids: Collection[UUID]) -> dict[UUID, Assigned]:
    """By customer, its own cadence or the default one."""
    organization_id = tenancy.current()
    rows = Assignment.objects.visible(organization_id).filter(customer__in=customer_ids)
    own = dict(rows.values_list("customer_id", "cadence__name"))
    default = Cadence.objects.of(organization_id).filter(default=True).first()
    usual = Assigned(default.name if default else "", Origin.DEFAULT)
    return {
        customer_id: Assigned(own[customer_id] or "", Origin.CUSTOMER)
        if customer_id in own
        else usual
        for customer_id in customer_ids
    }


def of_invoice(invoice: Invoice) -> Assigned:
    """What everybody goes by about an invoice who has no own cadence."""
    assert invoice.customer_id  # noqa: S101  a deleted customer's invoices can't be reached
    rows = InvoiceAssignment.objects.visible(invoice.organization_id).filter(invoice=invoice)
    if own := rows.select_related("cadence").first():
        return Assigned(own.cadence.name if own.cadence else "", Origin.OWN)
    return of_customers([invoice.customer_id])[invoice.customer_id]


def of_links(links: Collection[ContactLink]) -> dict[UUID, Assigned]:
    """By place, the person's own cadence there, else the customer's."""
    rows = LinkAssignment.objects.visible(tenancy.current()).filter(link__in=links)
    own = dict(rows.values_list("link_id", "cadence__name"))
    above = of_customers({link.customer_id for link in links})
    return {
        link.id: Assigned(own[link.id], Origin.OWN) if link.id in own else above[link.customer_id]
        for link in links
    }
