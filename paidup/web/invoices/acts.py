"""What staff do to an invoice."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.states import DisputeState
from paidup.organizations.states import Module
from paidup.payments.models import PayLink
from paidup.payments.operations import revoke_link
from paidup.ui.amounts import AmountField
from paidup.ui.asking import AskingForm
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done
from paidup.web.customers.unusual import promised_far_ahead

from .views import find


class DisputeForm(forms.Form):
    """How much of the invoice is contested, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, invoice: Invoice, **options: Any) -> None:
        """The amount is all that is open unless another is given."""
        super().__init__(*args, **options)
        self.fields["amount"] = AmountField(
            currency=invoice.currency,
            label=gettext_lazy("Disputed amount"),
            initial=invoice.open_amount,
        )
        self.order_fields(["amount", "reason"])


class PromiseForm(AskingForm):
    """How much will be paid by when."""

    promised_for = forms.DateField(
        label=gettext_lazy("Will be paid by"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, invoice: Invoice, on: date, **options: Any) -> None:
        """The amount is all that is open unless another is given."""
        super().__init__(*args, **options)
        self.on = on
        self.fields["amount"] = AmountField(
            currency=invoice.currency, label=gettext_lazy("Amount"), initial=invoice.open_amount
        )
        self.order_fields(["amount", "promised_for"])

    def questions(self) -> Iterator[str]:
        """About a day that looks mistyped."""
        return promised_far_ahead(self.cleaned_data["promised_for"], self.on)


@may(Module.INVOICES, EDIT)
def dispute(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Notes that the customer contests a part of the invoice."""
    invoice = find(request, invoice_id)
    form = DisputeForm(request.POST or None, invoice=invoice)
    if form.is_valid() and done(
        form,
        lambda: invoicing.open_dispute(
            invoice=invoice,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The disputed amount is no longer chased."))
        return redirect("invoice", request.organization.slug, invoice.id)
    return _form(request, form, invoice, "web/invoices/dispute.html")


@may(Module.INVOICES, EDIT)
def promise(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Notes a promise to pay."""
    invoice = find(request, invoice_id)
    form = PromiseForm(request.POST or None, invoice=invoice, on=request.on)
    if form.is_valid() and done(
        form,
        lambda: invoicing.record_promise(
            invoice=invoice,
            amount=form.cleaned_data["amount"],
            promised_for=form.cleaned_data["promised_for"],
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Reminders pause until that day."))
        return redirect("invoice", request.organization.slug, invoice.id)
    return _form(request, form, invoice, "web/invoices/promise.html")


@may(Module.INVOICES, EDIT)
@require_POST
def resolution(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Ends the open dispute."""
    invoice = find(request, invoice_id)
    for found in Dispute.objects.visible(request.organization).filter(
        invoice=invoice, state=DisputeState.OPEN
    ):
        invoicing.resolve_dispute(dispute=found, on=request.on, by=request.by, at=request.at)
        messages.success(request, _("The dispute is resolved; the whole invoice is chased again."))
    return redirect("invoice", request.organization.slug, invoice.id)


@may(Module.INVOICES, EDIT)
@require_POST
def release(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Lets cadences and autopay have a held invoice again."""
    invoice = find(request, invoice_id)
    invoicing.release_invoice(invoice=invoice, by=request.by, at=request.at)
    messages.success(request, _("The invoice is released."))
    return redirect("invoice", request.organization.slug, invoice.id)


@may(Module.PAYMENTS, EDIT)
def pay_link_revocation(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Makes the invoice's pay link lead nowhere, after a question."""
    invoice = find(request, invoice_id)
    if request.method != "POST":
        return _form(request, forms.Form(), invoice, "web/invoices/pay_link_revocation.html")
    for link in PayLink.objects.visible(request.organization).filter(
        invoice=invoice, revoked_at=None
    ):
        revoke_link(link=link, by=request.by, at=request.at)
    messages.success(request, _("The link is revoked; the next one you ask for is another."))
    return redirect("invoice", request.organization.slug, invoice.id)


def _form(request: StaffRequest, form: forms.Form, invoice: Invoice, template: str) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "invoice": invoice},
        status=422 if form.is_bound else 200,
    )
