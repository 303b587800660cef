"""What a row of the list shows below itself: the customer's invoices."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from paidup.invoicing.models import Invoice
from paidup.invoicing.queries import all_statuses
from paidup.organizations.states import Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may

from .columns import chosen
from .lists import find
from .selection import Asked, due_range

MOST = 10


@may(Module.INVOICES, VIEW)
@require_safe
def invoices(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Those that the list's address asks for: the open ones of the age and of the collection
    status, the oldest first; of a customer who owes nothing the latest ones."""
    customer = find(request, customer_id)
    asked = Asked.of(request.GET, request.member)
    rows = Invoice.objects.visible(request.organization).of_customer(customer.id)
    if asked.aging or asked.collection or customer.open_invoices:
        due_from, due_to = due_range(asked.aging, request.on)
        rows = rows.open().order_by("due_on", "id")
        rows = rows.filter(due_on__gte=due_from) if due_from else rows
        rows = rows.filter(due_on__lte=due_to) if due_to else rows
        rows = rows.of_status(UUID(asked.collection)) if asked.collection else rows
    else:
        rows = rows.order_by("-issued_on", "-id")
    found = list(rows[: MOST + 1])
    return render(
        request,
        "web/customers/inner.html",
        {
            "customer": customer,
            "invoices": found[:MOST],
            "statuses": all_statuses(),
            "are_more": len(found) > MOST,
            # Beside them, the box, the name and the menu.
            "width": len(chosen(request.member)) + 2 + request.member.may(Module.CUSTOMERS, EDIT),
        },
    )
