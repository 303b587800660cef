"""Changing an invoice's collection status, where it stands."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import StatusRefused, set_collection_status
from paidup.invoicing.queries import all_statuses
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may

from .views import find


@may(Module.INVOICES, EDIT)
@require_POST
def collection_status(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Gives the invoice the chosen status. In a table it is shown anew in its place; the invoice's
    own page as a whole, which tells of it elsewhere too."""
    invoice = find(request, invoice_id)
    refusal = _give(request, invoice)
    page = reverse("invoice", args=[request.organization.slug, invoice.id])
    if request.htmx and request.htmx.current_url_abs_path != page:
        invoice.refresh_from_db()
        context = {"invoice": invoice, "statuses": all_statuses(), "refusal": refusal}
        status = 422 if refusal else 200
        return render(request, "web/invoices/collection_status.html", context, status=status)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("The collection status is changed."))
    return redirect(page)


def _give(request: StaffRequest, invoice: Invoice) -> str:
    """Does it; else says why not."""
    chosen = request.POST.get("status", "")
    known = {str(status.id): status for status in all_statuses()}
    if chosen and chosen not in known:
        return _("Choose one of the statuses.")
    try:
        set_collection_status(
            invoice=invoice, status=known.get(chosen), by=request.by, at=request.at
        )
    except StatusRefused as refused:
        return str(refused)
    return ""
