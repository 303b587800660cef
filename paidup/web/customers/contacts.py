"""The people at the customers: their list, one of them, and changing them."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from paidup.customers import operations as customers
from paidup.customers import queries, search
from paidup.customers.models import Contact, ContactLink
from paidup.history.models import Event
from paidup.lib import keyset
from paidup.lib.keyset import Order
from paidup.organizations.models import Entity
from paidup.reporting.customer_file import default_cadence
from paidup.web.access import StaffRequest, editor, viewer
from paidup.web.acting import done
from paidup.web.paging import page_urls

from .changes import back, dialog
from .forms import ContactForm, PlaceForm
from .lists import find
from .sentences import GROUPS, Group, kinds
from .timeline import told


@viewer
@require_safe
def contacts(request: StaffRequest) -> HttpResponse:
    """Everybody, by name, or whom a search finds."""
    q = request.GET.get("q", "").strip()[:100]
    hits = search.find_contacts(q)
    page = queries.contacts_page(
        hits, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    links = queries.customers_of([contact.id for contact in page.rows])
    return render(
        request,
        "web/customers/contacts.html",
        {
            "q": q,
            "count": hits.count if hits else queries.count_contacts(),
            "rows": [(contact, links.get(contact.id, [])) for contact in page.rows],
            "search_label": _("Search by name, e-mail or phone"),
            "may_edit": request.member.may_edit,
            **page_urls(request, page),
        },
    )


@viewer
@require_safe
def contact(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """One person: where it is a contact, and what happened there."""
    person = get_object_or_404(Contact.objects.of(request.organization), id=contact_id)
    links = queries.customers_of([person.id]).get(person.id, [])
    show = request.GET.get("show", "")
    events = Event.objects.of(request.organization.id).filter(
        customer_id__in=[link.customer_id for link in links]
    )
    if show in GROUPS:
        events = events.filter(kind__in=kinds(Group(show)))
    page = keyset.page(
        events,
        Order(F("at"), datetime.fromisoformat, descending=True),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=30,
    )
    return render(
        request,
        "web/customers/contact.html",
        {
            "contact": person,
            "links": links,
            "cadence": default_cadence(),
            "events": told(request.organization, page.rows),
            "show": show,
            "shown": {"": _("Everything"), **GROUPS},
            "may_edit": request.member.may_edit,
            **page_urls(request, page),
        },
    )


@editor
def edit(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """Changes a person, wherever it is a contact."""
    person = get_object_or_404(Contact.objects.of(request.organization), id=contact_id)
    form = ContactForm(request.POST or None, contact=person, region=_region(request))
    if form.is_valid() and done(
        form,
        lambda: customers.edit_contact(
            contact=person, details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("contact", request.organization.slug, person.id)
    return dialog(request, form, "web/customers/contact_form.html")


@editor
def add(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """A new person at a customer."""
    customer = find(request, customer_id)
    form = PlaceForm(request.POST or None, region=customer.entity.country)
    if form.is_valid() and done(
        form,
        lambda: customers.add_contact(
            customer=customer,
            **form.details(),
            **form.link_details(),
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The contact is added."))
        return back(request, customer)
    return dialog(request, form, "web/customers/contact_form.html", customer)


@editor
def place(request: StaffRequest, customer_id: UUID, link_id: UUID) -> HttpResponse:
    """Changes a person and its place at a customer."""
    customer, link = find(request, customer_id), _link(request, customer_id, link_id)
    form = PlaceForm(request.POST or None, link=link, region=customer.entity.country)
    if form.is_valid() and done(
        form,
        lambda: customers.edit_contact(
            contact=link.contact,
            details=form.details(),
            link=link,
            link_details=form.link_details(),
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("Saved."))
        return back(request, customer)
    context = {"form": form, "customer": customer, "link": link}
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/contact_form.html", context, status=status)


@editor
@require_POST
def removal(request: StaffRequest, customer_id: UUID, link_id: UUID) -> HttpResponse:
    """The person is no contact of this customer any more."""
    customer, link = find(request, customer_id), _link(request, customer_id, link_id)
    customers.unlink_contact(link=link, by=request.by, at=request.at)
    messages.success(request, _("%s is no contact of this customer any more.") % link.contact.name)
    return back(request, customer)


def _link(request: StaffRequest, customer_id: UUID, link_id: UUID) -> ContactLink:
    links = ContactLink.objects.of(request.organization).select_related("contact")
    return get_object_or_404(links, id=link_id, customer_id=customer_id)


def _region(request: StaffRequest) -> str:
    """Where a phone number without a country code is at home."""
    return Entity.objects.of(request.organization).order_by("name")[0].country
