"""A customer's saved payment methods: the link to enter one, entering it for the customer, the
authority to charge it, and which one is charged."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from paidup.organizations.states import Module
from paidup.payments import links, queries
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Outage, Rejected
from paidup.payments.gateways.registry import GATEWAY, NotOffered, gateway, is_offered
from paidup.payments.models import PaymentMethod
from paidup.payments.operations import MethodRefused
from paidup.web.access import EDIT, StaffRequest, may, may_calling_out
from paidup.web.acting import done

from .changes import back
from .lists import find
from .method_forms import AuthorityForm, EntryForm


@may(Module.PAYMENTS, EDIT)
@require_POST
def link(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """The link with which the customer enters a method, to copy or send."""
    customer = find(request, customer_id)
    url = links.url(payments.method_link(customer=customer, at=request.at), request.organization)
    context = {
        "customer": customer,
        "url": url,
        "revocation": "customer_method_link_revocation",
        "about": "payment_method",
    }
    return render(request, "web/customers/method_link.html", context)


@may_calling_out(Module.PAYMENTS, EDIT)
def entry(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Enters a method for the customer, in the gateway's own fields."""
    with tenant(request.organization.id):
        customer = find(request, customer_id)
        form = EntryForm(request.POST or None, customer=customer)
        if not form.is_valid():
            return _entry_page(request, customer, form)
    try:
        method = payments.keep_method(
            customer=customer,
            token=form.cleaned_data["token"],
            authority=form.authority(),
            vendor=gateway(GATEWAY),
            by=request.by,
            at=request.at,
        )
    except MethodRefused as refusal:
        form.add_error(None, str(refusal))
    except Rejected:
        form.add_error(None, _("These details can't be used. Please enter them once more."))
    except (Outage, NotOffered):
        form.add_error(None, _("Nothing can be saved right now. Please try again later."))
    else:
        messages.success(request, _("%s is saved, and is the default now.") % method)
        return redirect("customer", request.organization.slug, customer.id)
    with tenant(request.organization.id):
        return _entry_page(request, customer, form)


@may(Module.PAYMENTS, EDIT)
@require_POST
def default(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Makes one of them the default, which is charged."""
    customer = find(request, customer_id)
    method = method_asked_for(request, customer)
    try:
        payments.make_default(method=method, by=request.by, at=request.at)
    except MethodRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%s is the default now.") % method)
    return back(request, customer)


@may(Module.PAYMENTS, EDIT)
def authority(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Records that a saved method may be charged, as somebody said or wrote."""
    customer = find(request, customer_id)
    method = method_asked_for(request, customer)
    form = AuthorityForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: payments.give_mandate(
            method=method, authority=form.authority(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The authority to charge %s is recorded.") % method)
        return back(request, customer)
    context = {
        "form": form,
        "method": method,
        "cancel_url": reverse(
            "customer_payment_settings", args=[request.organization.slug, customer.id]
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/authority.html", context, status=status)


def method_asked_for(request: StaffRequest, customer: Customer) -> PaymentMethod:
    """The customer's saved method that the address names; 404 for none. No other takes its place:
    the default may be another by the time a question about it is answered."""
    named = request.GET.get("method", "")
    for method in queries.saved_methods(customer):
        if str(method.id) == named:
            return method
    raise Http404


def _entry_page(request: StaffRequest, customer: Customer, form: EntryForm) -> HttpResponse:
    context = {"customer": customer, "form": form}
    kinds = queries.kinds_to_save(customer)
    if kinds and is_offered(GATEWAY):
        context["frame_url"] = gateway(GATEWAY).hosted_form_url(kinds=kinds)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/customers/method_entry.html", context, status=status)
