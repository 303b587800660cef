"""Reminders that were not sent in time: send them now, or skip them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from paidup.cadences import operations as cadences
from paidup.cadences.operations import PendingRefused
from paidup.customers.models import Customer
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may

from .selection import back, find


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def send(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Sends the customer's reminders that wait."""
    try:
        number = cadences.send_pending(
            customer=_customer(request, todo_id), by=request.by, at=request.at
        )
        messages.success(
            request,
            ngettext("%(number)s reminder leaves now.", "%(number)s reminders leave now.", number)
            % {"number": number},
        )
    except PendingRefused as refusal:
        messages.error(request, str(refusal))
    return back(request)


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def skip(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Skips them; the next steps come as ever."""
    cadences.skip_pending(customer=_customer(request, todo_id), by=request.by, at=request.at)
    messages.success(request, _("Skipped; the next step comes as ever."))
    return back(request)


def _customer(request: StaffRequest, todo_id: UUID) -> Customer:
    """The customer whose reminders a to-do is about, or 404."""
    rows = Customer.objects.visible(request.organization)
    return get_object_or_404(rows, id=find(request, todo_id).customer_id)
