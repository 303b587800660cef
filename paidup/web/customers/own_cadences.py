"""Cadences of single contacts and invoices, beside the customer's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.cadences import assigned
from paidup.cadences import operations as cadences
from paidup.cadences.models import LinkAssignment
from paidup.customers.models import ContactLink
from paidup.customers.queries import contacts_of
from paidup.invoicing.models import Invoice
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .act_forms import MOST
from .cadence_forms import NONE, AssignForm, OwnCadenceForm
from .changes import back, dialog
from .contacts import place_back
from .lists import find


@may(Module.CUSTOMERS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """A cadence for one of the contacts, or for one of the open invoices."""
    customer = find(request, customer_id)
    member, invoices = request.member, Invoice.objects.visible(request.organization)
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        links=contacts_of(customer.id).filter(gets_reminders=True)
        if member.may(Module.CONTACTS, EDIT)
        else (),
        invoices=invoices.open().of_customer(customer.id).oldest_first()[:MOST]
        if member.may(Module.INVOICES, EDIT)
        else (),
    )
    if form.is_valid() and done(form, lambda: _assign(request, form)):
        messages.success(request, _("The cadence is assigned."))
        return back(request, customer)
    return dialog(request, form, "web/customers/cadence_assignment.html", customer)


def _assign(request: StaffRequest, form: AssignForm) -> None:
    of = form.cleaned_data["of"]
    if link := form.links.get(of):
        cadences.change_contact_cadence(
            link=link, cadence=form.cadence(), by=request.by, at=request.at
        )
    else:
        assign_to_invoice(request, form.invoices[of], form)


def assign_to_invoice(
    request: StaffRequest, invoice: Invoice, form: OwnCadenceForm | AssignForm
) -> None:
    """What was chosen for it: a cadence, none of its own, or none at all."""
    if form.cleaned_data["cadence"] == NONE:
        cadences.remove_invoice_cadence(invoice=invoice, by=request.by, at=request.at)
    else:
        cadences.change_invoice_cadence(
            invoice=invoice, cadence=form.cadence(), by=request.by, at=request.at
        )


@may(Module.CONTACTS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def of_contact(request: StaffRequest, customer_id: UUID, link_id: UUID) -> HttpResponse:
    """Another cadence for a person at a customer, or that of the invoices there."""
    customer = find(request, customer_id)
    links = ContactLink.objects.visible(request.organization).select_related("contact", "customer")
    link = get_object_or_404(links, id=link_id, customer_id=customer.id)
    of_customer = assigned.of_customers([customer.id])[customer.id]
    form = OwnCadenceForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        above=_("That of the invoices; the customer's is %s") % (of_customer.name or _("none")),
        own=LinkAssignment.objects.visible(request.organization).filter(link=link).first(),
    )
    if form.is_valid() and done(
        form,
        lambda: cadences.change_contact_cadence(
            link=link, cadence=form.cadence(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The cadence is changed."))
        return place_back(request, link)
    context = {
        "form": form,
        "customer": customer,
        "contact": link.contact,
        "cancel_url": reverse("customer", args=[request.organization.slug, customer.id]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/contact_cadence.html", context, status=status)
