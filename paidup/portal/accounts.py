"""The customers that are open to whoever is signed in, and the pages of one of them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from paidup.customers.models import Customer

from .access import InsideRequest

# What an account has, by the names of the addresses.
TABS = {
    "portal_invoices": gettext_lazy("Invoices"),
    "portal_payments": gettext_lazy("Payments"),
    "portal_statements": gettext_lazy("Statements"),
    "portal_files": gettext_lazy("Files"),
}


def account(request: InsideRequest, customer_id: UUID) -> Customer:
    """The customer of that id, if it is open to this person."""
    for customer in request.customers:
        if customer.id == customer_id:
            return customer
    raise Http404


def page(
    request: InsideRequest,
    template: str,
    customer: Customer,
    tab: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page about the customer, with the ways to the others and to its other pages."""
    shown = {
        "organization": request.organization,
        "issuer": customer.entity,
        "customer": customer,
        "customers": request.customers,
        "contact": request.contact,
        "tabs": TABS.items(),
        "tab": tab,
    }
    return render(request, template, shown | context, status=status)
