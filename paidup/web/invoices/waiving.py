"""Waiving a late fee."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.invoicing.models import Invoice
from paidup.late_fees import operations as late_fees
from paidup.organizations.states import Module
from paidup.payments.models import Credit, Proposal
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .views import find


class WaiverForm(forms.Form):
    """Why the customer needn't pay it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("The customer can read it: it describes the credit."),
    )


@may(Module.PAYMENTS, EDIT)
def waiver(request: StaffRequest, invoice_id: UUID) -> HttpResponse:
    """Waives what is open of a late fee; over one's limit once somebody approves it."""
    document = find(request, invoice_id)
    form = WaiverForm(request.POST or None)
    made: list[Credit | Proposal] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            late_fees.waive_fee(
                document=document,
                reason=form.cleaned_data["reason"],
                on=request.on,
                by=request.by,
                at=request.at,
            )
        ),
    ):
        if isinstance(made[0], Proposal):
            messages.info(request, _("It is over your limit and waits for a colleague's approval."))
        else:
            messages.success(request, _("The late fee is waived."))
        return redirect(_opened_from(request, document))
    return render(
        request,
        "web/invoices/waiver.html",
        {"form": form, "invoice": document},
        status=422 if form.is_bound else 200,
    )


def _opened_from(request: StaffRequest, document: Invoice) -> str:
    """The customer's record, when the dialog was opened there; else the fee's own page."""
    here: str = request.htmx.current_url_abs_path or ""
    slug = request.organization.slug
    if here.partition("?")[0] == reverse("customer", args=[slug, document.customer_id]):
        return here
    return reverse("invoice", args=[slug, document.id])
