"""A customer's files: shared with it, saved, removed."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment
from paidup.customers.models import Customer, Note
from paidup.organizations.states import Module
from paidup.ui.files import ShareForm, to_be_saved
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .changes import back, dialog
from .lists import find


@may(Module.CUSTOMERS, EDIT)
def sharing(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Takes files that the customer will see."""
    customer = find(request, customer_id)
    form = ShareForm(request.POST or None, request.FILES or None)
    shared: list[Attachment] = []
    if form.is_valid() and done(
        form,
        lambda: shared.extend(
            attachments.share_files(
                customer=customer,
                files=[(file.name, file) for file in form.cleaned_data["attached"]],
                by=request.by,
                at=request.at,
            )
        ),
    ):
        # By the names they are kept under: whatever a file calls itself, its content decides.
        names = ", ".join(map(str, shared))
        messages.success(request, _("Shared with the customer: %s") % names)
        return back(request, customer, tab="attachments")
    return dialog(request, form, "web/customers/sharing.html", customer)


@may(Module.CUSTOMERS, VIEW)
@require_safe
def download(request: StaffRequest, customer_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """The file, to be saved."""
    found = _find(request, find(request, customer_id), attachment_id)
    return to_be_saved(found)


@may(Module.CUSTOMERS, EDIT)
def removal(request: StaffRequest, customer_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Removes a file, after a question."""
    customer = find(request, customer_id)
    found = _find(request, customer, attachment_id)
    if request.method == "POST":
        attachments.remove_file(attachment=found, by=request.by, at=request.at)
        messages.success(request, _("The file is removed."))
        return back(request, customer, tab="notes" if found.note_id else "attachments")
    context = {"customer": customer, "attachment": found, "form": forms.Form()}
    return render(request, "web/customers/attachment_removal.html", context)


def attach_to(notes: Sequence[Note]) -> None:
    """Gives each of these notes its files, as `files`."""
    by_note: dict[UUID, list[Attachment]] = defaultdict(list)
    if notes:
        rows = Attachment.objects.visible(notes[0].organization_id).filter(note__in=notes)
        for row in rows.order_by("added_at", "id"):
            assert row.note_id  # noqa: S101  as asked for
            by_note[row.note_id].append(row)
    for note in notes:
        note.files = by_note[note.id]  # type: ignore[attr-defined]  # for the template


def _find(request: StaffRequest, customer: Customer, attachment_id: UUID) -> Attachment:
    rows = Attachment.objects.visible(request.organization).filter(customer=customer)
    found = rows.filter(id=attachment_id).first()
    if found is None:
        raise Http404
    return found
