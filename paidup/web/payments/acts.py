"""What staff do with money received."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.lib import formatting
from paidup.organizations.states import Module
from paidup.payments import operations, queries
from paidup.payments.models import Allocation, Credit, Payment, Proposal, Refund
from paidup.payments.operations.refund import refundable
from paidup.ui.amounts import AmountField
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .views import find


class AllocationForm(forms.Form):
    """Which open invoice the money is put to, and how much of it."""

    def __init__(self, *args: Any, source: Payment | Credit, **options: Any) -> None:
        """The invoices are the payer's and its sub-accounts', the oldest first."""
        super().__init__(*args, **options)
        self.open = {
            str(invoice.id): invoice
            for invoice in Invoice.objects.visible(source.organization_id)
            .open()
            .filter(
                customer_id__in=queries.payable_customers(source.customer_id),
                currency=source.currency,
                entity_id=source.entity_id,
            )
            .oldest_first()[:500]
        }
        self.fields["invoice"] = forms.ChoiceField(
            label=gettext_lazy("Invoice"),
            choices=[(key, self._words(invoice)) for key, invoice in self.open.items()],
        )
        self.fields["amount"] = AmountField(
            currency=source.currency,
            label=gettext_lazy("Amount"),
            initial=source.unapplied_amount,
        )

    @staticmethod
    def _words(invoice: Invoice) -> str:
        amount = formatting.money(invoice.open_amount, invoice.currency)
        return _("%(number)s, due %(day)s, %(amount)s open") % {
            "number": invoice.number,
            "day": formatting.day(invoice.due_on),
            "amount": amount,
        }


class RefundForm(forms.Form):
    """How much is given back, and what becomes of the invoices it had paid."""

    invoices = forms.ChoiceField(
        label=gettext_lazy("Invoices it had paid"),
        choices=[
            ("reopen", gettext_lazy("Reopen and hold them")),
            ("credit", gettext_lazy("Credit them, so that they stay paid")),
        ],
        widget=forms.RadioSelect,
        initial="reopen",
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, payment: Payment, **options: Any) -> None:
        """At most what has not been given back yet."""
        super().__init__(*args, **options)
        self.fields["amount"] = AmountField(
            currency=payment.currency, label=gettext_lazy("Amount"), initial=refundable(payment)
        )
        self.order_fields(["amount", "invoices", "reason"])


class ReversalForm(forms.Form):
    """Why the payment turns out not to be one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Such as: the check bounced, it was the wrong customer, a typo."),
    )


@may(Module.PAYMENTS, EDIT)
def allocation(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Puts unapplied money to an invoice."""
    payment = find(request, payment_id)
    form = AllocationForm(request.POST or None, source=payment)
    if form.is_valid() and done(
        form,
        lambda: operations.allocate(
            source=payment,
            to=[(form.open[form.cleaned_data["invoice"]].id, form.cleaned_data["amount"])],
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Applied."))
        return redirect("payment", request.organization.slug, payment.id)
    return _form(request, form, payment, "web/payments/allocation.html")


@may(Module.PAYMENTS, EDIT)
def refund(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Gives money back, over one's limit once somebody approves it."""
    payment = find(request, payment_id)
    form = RefundForm(request.POST or None, payment=payment)
    made: list[Refund | Proposal] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            operations.refund_or_propose(
                payment=payment,
                new=operations.NewRefund(
                    amount=form.cleaned_data["amount"],
                    credit_invoices=form.cleaned_data["invoices"] == "credit",
                    reason=form.cleaned_data["reason"],
                ),
                on=request.on,
                by=request.by,
                at=request.at,
            )
        ),
    ):
        if isinstance(made[0], Proposal):
            messages.info(request, _("It is over your limit and waits for a colleague's approval."))
        else:
            messages.success(request, _("The refund is on its way."))
        return redirect("payment", request.organization.slug, payment.id)
    return _form(request, form, payment, "web/payments/refund.html")


@may(Module.PAYMENTS, EDIT)
def reversal(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Takes a payment back; what it paid comes open again and is held."""
    payment = find(request, payment_id)
    form = ReversalForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: operations.reverse_payment(
            payment=payment,
            reason=form.cleaned_data["reason"],
            hold=Hold.REVERSED,
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Reversed. The invoices it had paid are open again, and held."))
        return redirect("payment", request.organization.slug, payment.id)
    return _form(request, form, payment, "web/payments/reversal.html")


@may(Module.PAYMENTS, EDIT)
@require_POST
def undoing(request: StaffRequest, allocation_id: UUID) -> HttpResponse:
    """Takes money off an invoice again."""
    of = request.organization
    found = get_object_or_404(
        Allocation.objects.visible(of).filter(
            Q(payment__in=Payment.objects.visible(of)) | Q(credit__in=Credit.objects.visible(of))
        ),
        id=allocation_id,
    )
    try:
        operations.undo_allocation(allocation=found, on=request.on, by=request.by, at=request.at)
        messages.success(request, _("Taken off the invoice; the money is unapplied now."))
    except operations.AllocationRefused as refusal:
        messages.error(request, str(refusal))
    if found.credit_id:
        return redirect("credit", of.slug, found.credit_id)
    return redirect("payment", of.slug, found.payment_id)


def _form(request: StaffRequest, form: forms.Form, payment: Payment, template: str) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "payment": payment},
        status=422 if form.is_bound else 200,
    )
