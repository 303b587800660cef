"""Files in the portal: shared by the organization, and by the people of the customer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment
from paidup.attachments.operations import FileRefused
from paidup.customers.models import Customer
from paidup.lib import keyset
from paidup.lib.keyset import Order
from paidup.ui.files import ShareForm, to_be_saved
from paidup.ui.paging import page_urls

from .access import InsideRequest, signed_in
from .accounts import account, page
from .limits import UPLOADS_OF_PERSON

_LATEST_FIRST = Order(F("added_at"), datetime.fromisoformat, descending=True)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: InsideRequest, customer_id: UUID) -> HttpResponse:
    """The files that both sides shared, the latest first, and the form that shares others."""
    customer = account(request, customer_id)
    form = ShareForm(request.POST, request.FILES) if request.method == "POST" else ShareForm()
    if form.is_valid() and (shared := _shared(request, customer, form)):
        messages.success(
            request,
            _("%(name)s can see it now: %(files)s")
            % {"name": request.organization.name, "files": ", ".join(map(str, shared))},
        )
        return redirect("portal_files", customer.id)
    shown = keyset.page(
        _files(customer).select_related("contact"),
        _LATEST_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "files": shown.rows, **page_urls(request, shown)}
    status = 422 if form.errors else 200
    return page(request, "portal/files.html", customer, "portal_files", context, status=status)


@signed_in
@require_safe
def download(request: InsideRequest, customer_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """A file, to be saved."""
    return to_be_saved(get_object_or_404(_files(account(request, customer_id)), id=attachment_id))


def _files(customer: Customer) -> QuerySet[Attachment]:
    rows = Attachment.objects.visible(customer.organization_id)
    return rows.filter(customer=customer).shared()


def _shared(request: InsideRequest, customer: Customer, form: ShareForm) -> list[Attachment]:
    """The files as they were taken; with none the form says why."""
    if UPLOADS_OF_PERSON.is_over(f"{request.organization.id}:{request.contact.id}"):
        form.add_error("attached", _("You have shared files very often. Try again in an hour."))
        return []
    try:
        return attachments.receive_files(
            customer=customer,
            contact=request.contact,
            files=[(file.name, file) for file in form.cleaned_data["attached"]],
            at=request.at,
        )
    except FileRefused as refusal:
        form.add_error("attached", str(refusal))
        return []
