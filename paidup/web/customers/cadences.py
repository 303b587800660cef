"""Which cadence a customer has."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.cadences import operations as cadences
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .cadence_forms import CadenceForm
from .changes import back, dialog
from .lists import find


@may(Module.CUSTOMERS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Another cadence, or the default one."""
    customer = find(request, customer_id)
    form = CadenceForm(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: cadences.change_cadences(
            customer_ids=[customer.id],
            cadence=form.cadence(),
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The cadence is changed."))
        return back(request, customer)
    return dialog(request, form, "web/customers/cadence.html", customer)


@may(Module.CUSTOMERS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Nobody there is reminded any more, after a question."""
    customer = find(request, customer_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        cadences.remove_cadences(customer_ids=[customer.id], by=request.by, at=request.at)
        messages.success(request, _("%s has no cadence any more.") % customer.name)
        return back(request, customer)
    return dialog(request, form, "web/customers/cadence_removal.html", customer)
