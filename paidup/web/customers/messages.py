"""The messages of a customer: how far one is, and what it says."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from paidup.communications.models import Message
from paidup.communications.rendering import render as render_message
from paidup.organizations.states import Module
from paidup.ui.middleware import shows_mail
from paidup.web.access import VIEW, StaffRequest, may

from .lists import find


@may(Module.COMMUNICATIONS, VIEW)
@require_safe
def message(request: StaffRequest, customer_id: UUID, message_id: UUID) -> HttpResponse:
    """A message: to whom, from whom, and the mail itself in a frame."""
    customer = find(request, customer_id)
    found = _find(request, customer_id, message_id)
    context = {"customer": customer, "message": found, "files": len(found.attachments)}
    return render(request, "web/customers/message.html", context)


@may(Module.COMMUNICATIONS, VIEW)
@require_safe
@shows_mail
@xframe_options_sameorigin
def mail(request: StaffRequest, customer_id: UUID, message_id: UUID) -> HttpResponse:
    """The mail as its reader gets it."""
    found = _find(request, customer_id, message_id)
    return HttpResponse(render_message(found, organization=request.organization).html)


@may(Module.COMMUNICATIONS, VIEW)
@require_safe
def state(request: StaffRequest, customer_id: UUID, message_id: UUID) -> HttpResponse:
    """How far a message is; asked again while it can still be undone."""
    customer = find(request, customer_id)
    found = _find(request, customer_id, message_id)
    context = {"customer": customer, "message": found}
    return render(request, "web/customers/message_state.html", context)


def _find(request: StaffRequest, customer_id: UUID, message_id: UUID) -> Message:
    rows = Message.objects.visible(request.organization).about_customer(customer_id)
    return get_object_or_404(rows.select_related("contact", "sent_by"), id=message_id)
