"""Which cadence an invoice has."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.cadences.assigned import of_customers
from paidup.cadences.models import InvoiceAssignment
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done
from paidup.web.customers.cadence_forms import OwnCadenceForm
from paidup.web.customers.changes import back
from paidup.web.customers.own_cadences import assign_to_invoice

from .views import find


@may(Module.INVOICES, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cadence(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Another cadence than the customer's, that one, or none at all."""
    invoice = find(request, invoice_id)
    customer = invoice.customer
    assert customer  # noqa: S101  found only with one
    of_customer = of_customers([customer.id])[customer.id]
    form = OwnCadenceForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        above=_("The customer's: %s") % (of_customer.name or _("none")),
        own=InvoiceAssignment.objects.visible(request.organization).filter(invoice=invoice).first(),
        removable=True,
    )
    page = reverse("invoice", args=[request.organization.slug, invoice.id])
    if form.is_valid() and done(form, lambda: assign_to_invoice(request, invoice, form)):
        messages.success(request, _("The cadence is changed."))
        here = (request.htmx.current_url_abs_path or "").partition("?")[0]
        record = reverse("customer", args=[request.organization.slug, customer.id])
        return back(request, customer) if here == record else redirect(page)
    context = {"form": form, "invoice": invoice, "cancel_url": page}
    status = 422 if form.is_bound else 200
    return render(request, "web/invoices/cadence.html", context, status=status)
