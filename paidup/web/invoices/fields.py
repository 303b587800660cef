"""Filling in an invoice's custom fields: all of them, or one where it stands."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.invoicing.models import Invoice, InvoiceValue
from paidup.invoicing.operations import fill_in_invoice
from paidup.organizations.field_values import values_of
from paidup.organizations.states import FieldSubject, Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done
from paidup.web.fields import FieldsForm
from paidup.web.in_place import Detail, custom_details, find_detail

from .views import find


@may(Module.INVOICES, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """All of them."""
    invoice = find(request, invoice_id)
    form = _form(request, invoice)
    if form.is_valid() and _filled_in(request, invoice, form):
        messages.success(request, _("Saved."))
        return redirect("invoice", request.organization.slug, invoice.id)
    return render(
        request,
        "web/invoices/fields.html",
        {"form": form, "invoice": invoice},
        status=422 if form.is_bound else 200,
    )


@may(Module.INVOICES, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: StaffRequest, invoice_id: UUID, name: str) -> HttpResponse:
    """One of them to be edited, or, with `shown`, as it stands; after a change as it stands now."""
    invoice = find(request, invoice_id)
    known = _known(invoice, name)
    if "shown" in request.GET:
        return _answer(request, invoice, known)
    form = _form(request, invoice, only=name)
    form.fields[name].widget.attrs["autofocus"] = True
    if form.is_valid() and _filled_in(request, invoice, form):
        return _answer(request, invoice, _known(invoice, name))
    return render(
        request,
        "web/invoices/detail_form.html",
        {"detail": known, "form": form, "invoice": invoice},
        status=422 if form.is_bound else 200,
    )


def _form(request: StaffRequest, invoice: Invoice, *, only: str = "") -> FieldsForm:
    form = FieldsForm(
        request.POST if request.method == "POST" else None,
        auto_id="detail_%s" if only else "id_%s",  # beside a dialog with the same fields
    )
    known = values_of(InvoiceValue, [invoice.id])[invoice.id]
    form.add_custom_fields(FieldSubject.INVOICE, known)
    if only:
        form.fields = {only: form.fields[only]}
    return form


def _filled_in(request: StaffRequest, invoice: Invoice, form: FieldsForm) -> bool:
    return done(
        form,
        lambda: fill_in_invoice(invoice=invoice, fields=form.given(), by=request.by, at=request.at),
    )


def _known(invoice: Invoice, name: str) -> Detail:
    return find_detail(custom_details(InvoiceValue, invoice.id), name)


def _answer(request: StaffRequest, invoice: Invoice, known: Detail) -> HttpResponse:
    context = {"detail": known, "invoice": invoice, "focused": True}
    return render(request, "web/invoices/detail.html", context)
