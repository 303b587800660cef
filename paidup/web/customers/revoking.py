"""What staff take back of a customer's ways to pay: the links, the authority, the saved method."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.organizations.states import Module
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.models import MethodLink, PayLink
from paidup.web.access import EDIT, StaffRequest, may

from .changes import back
from .lists import find
from .methods import method_asked_for


@may(Module.PAYMENTS, EDIT)
def pay_link(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Makes the Pay Balance Link lead nowhere, after a question."""
    customer = find(request, customer_id)

    def revoke() -> None:
        for link in PayLink.objects.visible(request.organization).filter(
            customer=customer, invoice=None, revoked_at=None
        ):
            payments.revoke_link(link=link, by=request.by, at=request.at)
        messages.success(request, _("The link is revoked; the next one you ask for is another."))

    return _asked(request, customer, "web/customers/pay_link_revocation.html", revoke)


@may(Module.PAYMENTS, EDIT)
def method_link(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Makes the payment method link lead nowhere, after a question."""
    customer = find(request, customer_id)

    def revoke() -> None:
        for link in MethodLink.objects.visible(request.organization).filter(
            customer=customer, revoked_at=None
        ):
            payments.revoke_method_link(link=link, by=request.by, at=request.at)
        messages.success(request, _("The link is revoked; the next one you ask for is another."))

    return _asked(request, customer, "web/customers/method_link_revocation.html", revoke)


@may(Module.PAYMENTS, EDIT)
def authority(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Ends the authority to charge a saved method, after a question."""
    customer = find(request, customer_id)
    method = method_asked_for(request, customer)
    mandate = queries.live_mandate(method)

    def revoke() -> None:
        if mandate:
            payments.revoke_mandate(mandate=mandate, by=request.by, at=request.at)
        messages.success(request, _("The authority is revoked; nothing more is charged by it."))

    template = "web/customers/authority_revocation.html"
    return _asked(request, customer, template, revoke, method=method, mandate=mandate)


@may(Module.PAYMENTS, EDIT)
def method(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Removes a saved method, here and at the gateway, after a question."""
    customer = find(request, customer_id)
    found = method_asked_for(request, customer)

    def remove() -> None:
        payments.remove_method(method=found, by=request.by, at=request.at)
        messages.success(request, _("The payment method is removed."))

    return _asked(request, customer, "web/customers/method_removal.html", remove, method=found)


def _asked(
    request: StaffRequest,
    customer: Customer,
    template: str,
    act: Callable[[], None],
    **context: object,
) -> HttpResponse:
    """Asks first; who says yes has it done."""
    if request.method == "POST":
        act()
        return back(request, customer)
    return render(request, template, {"customer": customer, "form": forms.Form(), **context})
