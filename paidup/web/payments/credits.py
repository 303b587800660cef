"""One credit: what it was given for, what it went to, and putting the rest to an invoice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.organizations.states import Module
from paidup.payments import operations
from paidup.payments.models import Allocation, Credit
from paidup.web.access import EDIT, VIEW, Gone, StaffRequest, may
from paidup.web.acting import done
from paidup.web.customers.timeline import events_for, told

from .acts import AllocationForm

MOST_EVENTS = 200


@may(Module.PAYMENTS, VIEW)
@require_safe
def credit(request: StaffRequest, credit_id: UUID) -> HttpResponse:
    """All there is to say of it."""
    found = find(request, credit_id)
    events = events_for(request).filter(subject_id=found.id).order_by("-at", "-id")
    return render(
        request,
        "web/payments/credit.html",
        {
            "credit": found,
            "customer": found.customer,
            "allocations": Allocation.objects.visible(request.organization)
            .standing()
            .filter(credit=found)
            .select_related("invoice")
            .order_by("recorded_at", "id"),
            "events": told(request.organization, list(events[:MOST_EVENTS])),
            "may_edit": request.member.may(Module.PAYMENTS, EDIT),
        },
    )


@may(Module.PAYMENTS, EDIT)
def allocation(request: StaffRequest, credit_id: UUID) -> HttpResponse:
    """Puts what is left of it to an invoice."""
    found = find(request, credit_id)
    form = AllocationForm(request.POST or None, source=found)
    if form.is_valid() and done(
        form,
        lambda: operations.allocate(
            source=found,
            to=[(form.open[form.cleaned_data["invoice"]].id, form.cleaned_data["amount"])],
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Applied."))
        return redirect("credit", request.organization.slug, found.id)
    context = {"form": form, "credit": found}
    status = 422 if form.is_bound else 200
    return render(request, "web/payments/allocation.html", context, status=status)


def find(request: StaffRequest, credit_id: UUID) -> Credit:
    """This organization's credit of that id, or 404. Raises Gone for a deleted customer's."""
    rows = Credit.objects.visible(request.organization).select_related("customer")
    found = get_object_or_404(rows, id=credit_id)
    if found.customer is None:
        raise Gone
    return found
