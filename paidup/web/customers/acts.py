"""What staff do about a customer's money."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paidup.autopay.models import Schedule
from paidup.autopay.operations import remove_schedule, set_schedule
from paidup.customers import operations as customers
from paidup.invoicing import operations as invoicing
from paidup.organizations.states import Module
from paidup.payments import links
from paidup.payments import operations as payments
from paidup.payments.models import Credit, Proposal
from paidup.payments.operations import NewCredit, balance_link
from paidup.payments.states import CreditReason, PaymentKind
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .act_forms import (
    CreditForm,
    DisputeForm,
    InvoiceForm,
    PaymentForm,
    PromiseForm,
    line_forms,
    one_more,
)
from .changes import back, dialog
from .lists import find
from .schedule_forms import ScheduleForm


@may(Module.PAYMENTS, EDIT)
def payment(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Records money that came in by check, wire or cash."""
    customer = find(request, customer_id)
    form = PaymentForm(request.POST or None, customer=customer, on=request.on)
    if form.is_valid() and done(
        form,
        lambda: payments.record_payment(
            customer=customer,
            amount=form.cleaned_data["amount"],
            currency=customer.currency,
            kind=PaymentKind(form.cleaned_data["kind"]),
            reference=form.cleaned_data["reference"],
            received_on=form.cleaned_data["received_on"],
            to=form.to(),
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The payment is recorded."))
        return back(request, customer)
    return dialog(request, form, "web/customers/payment.html", customer)


@may(Module.PAYMENTS, EDIT)
def credit(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Adds a credit; the balance decreases at once, over one's limit once somebody approves it."""
    customer = find(request, customer_id)
    form = CreditForm(request.POST or None, customer=customer)
    made: list[Credit | Proposal] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            payments.credit_or_propose(
                customer=customer,
                new=NewCredit(
                    amount=form.cleaned_data["amount"],
                    currency=customer.currency,
                    reason=CreditReason(form.cleaned_data["reason"]),
                    description=form.cleaned_data["description"],
                    leave_unapplied=form.cleaned_data["leave_unapplied"],
                    to=form.to(),
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
            messages.success(request, _("The credit is added."))
        return back(request, customer)
    return dialog(request, form, "web/customers/credit.html", customer)


@may(Module.INVOICES, EDIT)
def invoice(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Issues an invoice. Its form's own button asks for a line more."""
    customer = find(request, customer_id)
    sent = request.POST or None
    form, lines = InvoiceForm(sent, customer=customer, on=request.on), line_forms(sent)
    if sent and "add" in sent:
        form, lines = InvoiceForm(again=sent, customer=customer, on=request.on), one_more(sent)
    elif form.is_valid() & lines.is_valid() and done(
        form,
        lambda: invoicing.issue_invoice(
            customer=customer,
            lines=[line.line() for line in lines if line.has_changed()],
            fields=form.given(),
            by=request.by,
            at=request.at,
            **form.own_data(),
        ),
    ):
        messages.success(request, _("The invoice is issued."))
        return back(request, customer)
    status = 422 if form.is_bound else 200
    context = {"form": form, "lines": lines, "customer": customer}
    return render(request, "web/customers/invoice.html", context, status=status)


@may(Module.INVOICES, EDIT)
def promise(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Notes a promise to pay one of the open invoices."""
    customer = find(request, customer_id)
    form = PromiseForm(request.POST or None, customer=customer, on=request.on)
    if form.is_valid() and done(
        form,
        lambda: invoicing.record_promise(
            **form.cleaned_data, on=request.on, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Reminders pause until that day."))
        return back(request, customer)
    return dialog(request, form, "web/customers/promise.html", customer)


@may(Module.INVOICES, EDIT)
def dispute(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Notes that the customer contests one of the open invoices."""
    customer = find(request, customer_id)
    form = DisputeForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: invoicing.open_dispute(
            **form.cleaned_data, on=request.on, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The disputed amount is no longer chased."))
        return back(request, customer)
    return dialog(request, form, "web/customers/dispute.html", customer)


@may(Module.PAYMENTS, EDIT)
@require_POST
def pay_link(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """The link with which the customer can pay what is open, to copy."""
    customer = find(request, customer_id)
    url = links.url(balance_link(customer=customer, at=request.at), request.organization)
    context = {
        "customer": customer,
        "url": url,
        "revocation": "customer_pay_link_revocation",
        "about": "account",
    }
    return render(request, "web/customers/pay_link.html", context)


@may(Module.PAYMENTS, EDIT)
@require_POST
def auto_payments(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Allows auto payments, or stops them."""
    customer = find(request, customer_id)
    allowed = not customer.auto_payments
    customers.set_auto_payments(customer=customer, allowed=allowed, by=request.by, at=request.at)
    messages.success(
        request, _("Auto payments are enabled.") if allowed else _("Auto payments are disabled.")
    )
    return back(request, customer)


@may(Module.PAYMENTS, EDIT)
def schedule(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """When the customer's open invoices are charged; the form's second button ends that."""
    customer = find(request, customer_id)
    standing = (
        Schedule.objects.visible(request.organization)
        .filter(customer=customer, ended=False)
        .first()
    )
    if "remove" in request.POST:
        remove_schedule(customer=customer, by=request.by, at=request.at)
        messages.success(request, _("The auto pay schedule is removed."))
        return back(request, customer)
    form = ScheduleForm(request.POST or None, customer=customer, on=request.on, schedule=standing)
    if form.is_valid() and done(
        form,
        lambda: set_schedule(customer=customer, **form.details(), by=request.by, at=request.at),
    ):
        messages.success(request, _("The auto pay schedule is set."))
        return back(request, customer)
    return dialog(request, form, "web/customers/schedule.html", customer)
