"""Deleting a customer: see what goes and what stays, type its name, and it is gone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paidup.lifecycle.deletion import delete_customer, preview
from paidup.web.access import StaffRequest, owner
from paidup.web.acting import done

from .lists import find
from .merging import TypedForm


@owner
def deletion(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Shows what deleting does, or what keeps it from being done, and does it."""
    customer = find(request, customer_id)
    form = TypedForm(request.POST if request.method == "POST" else None, name=customer.name)
    if form.is_valid() and done(
        form, lambda: delete_customer(customer=customer, by=request.by, at=request.at)
    ):
        # Not by its name, which is nowhere any more.
        messages.success(request, _("The customer is deleted."))
        return redirect("customers", request.organization.slug)
    shown = preview(customer)
    context = {
        "customer": customer,
        "form": form,
        "preview": shown,
        "erased": [(label, number) for label, number in shown.erased if number],
        "nameless": [(label, number) for label, number in shown.nameless if number],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/customers/deletion.html", context, status=status)
