"""The people at the customers: their list, one of them, and changing them."""

from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from paidup.cadences import assigned
from paidup.customers import operations as customers
from paidup.customers import queries, search
from paidup.customers.models import Contact, ContactLink
from paidup.organizations.models import Entity
from paidup.organizations.states import Module
from paidup.ui.names import language
from paidup.ui.paging import page_urls
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .changes import back, dialog
from .contact_forms import LinkForm, NewContactForm, NewPlaceForm
from .contact_history import SHOWN, history_page, told_once
from .forms import ContactForm, PlaceForm
from .lists import find
from .portal import with_standings


@may(Module.CONTACTS, VIEW)
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
            "rows": [
                (contact, links.get(contact.id, []), f"{request.path}{contact.id}/")
                for contact in page.rows
            ],
            "search_label": _("Search by name, e-mail or phone"),
            "may_edit": request.member.may(Module.CONTACTS, EDIT),
            **page_urls(request, page),
        },
    )


@may(Module.CONTACTS, VIEW)
@require_safe
def contact(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """One person: where it is a contact, and what happened there."""
    person = _person(request, contact_id)
    if person.id != contact_id:
        return redirect("contact", request.organization.slug, person.id)
    links = with_standings(queries.customers_of([person.id]).get(person.id, []))
    merged = queries.contacts_merged_into(person)
    show = request.GET.get("show", "")
    names = {link.customer_id: link.customer.name for link in links}
    cadences = assigned.of_links(links)
    page = history_page(request, [person, *merged], list(names), show)
    return render(
        request,
        "web/customers/contact.html",
        {
            "contact": person,
            "links": [(link, cadences[link.id]) for link in links],
            "merged": merged,
            "speaks": language(person.language),
            "events": told_once(request, page.rows, names),
            "show": show,
            "shown": SHOWN,
            "may_edit": request.member.may(Module.CONTACTS, EDIT),
            **page_urls(request, page),
        },
    )


@may(Module.CONTACTS, EDIT)
def edit(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """Changes a person, wherever it is a contact."""
    person = _person(request, contact_id)
    if person.id != contact_id:
        return redirect("contact_edit", request.organization.slug, person.id)
    form = ContactForm(request.POST or None, contact=person, region=_region(request))
    if form.is_valid() and done(
        form,
        lambda: customers.edit_contact(
            contact=person, details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(contact_url(request, person.id))
    return contact_dialog(request, form, "web/customers/contact_form.html", person)


@may(Module.CONTACTS, EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """A new person at a customer that is named with it."""
    form = NewContactForm(
        request.POST or None,
        organization=request.organization,
        region=_region(request),
        initial={"language": request.organization.language},
    )
    added: list[Contact] = []
    if form.is_valid() and done(
        form,
        lambda: added.append(
            customers.add_contact(
                customer=form.cleaned_data["customer"],
                **form.details(),
                **form.link_details(),
                by=request.by,
                at=request.at,
            )
        ),
    ):
        messages.success(request, _("The contact is added."))
        return redirect(contact_url(request, added[0].id))
    return contact_dialog(request, form, "web/customers/contact_new.html")


@may(Module.CONTACTS, EDIT)
def link(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """Makes a person a contact of one more customer."""
    person = _person(request, contact_id)
    if person.id != contact_id:
        return redirect("contact_link", request.organization.slug, person.id)
    form = LinkForm(request.POST or None, organization=request.organization)
    if form.is_valid() and done(
        form,
        lambda: customers.link_contact(
            customer=form.cleaned_data["customer"],
            contact=person,
            **form.link_details(),
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(
            request,
            _("%(contact)s is a contact of %(customer)s now.")
            % {"contact": person.name, "customer": form.cleaned_data["customer"].name},
        )
        return redirect(contact_url(request, person.id))
    return contact_dialog(request, form, "web/customers/contact_link.html", person)


@may(Module.CONTACTS, EDIT)
@require_safe
def merging(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """Leads to merging this person with others."""
    person = _person(request, contact_id)
    address = reverse("contact_merging", args=[request.organization.slug])
    return redirect(f"{address}?contact={person.id}")


@may(Module.CONTACTS, EDIT)
def add(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """A new person at a customer."""
    customer = find(request, customer_id)
    form = NewPlaceForm(
        request.POST or None,
        organization=request.organization,
        region=customer.entity.country,
        initial={"language": customer.language},
    )
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


@may(Module.CONTACTS, EDIT)
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
        return place_back(request, link)
    context = {"form": form, "customer": customer, "link": link}
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/contact_form.html", context, status=status)


@may(Module.CONTACTS, EDIT)
@require_POST
def removal(request: StaffRequest, customer_id: UUID, link_id: UUID) -> HttpResponse:
    """The person is no contact of this customer any more."""
    link = _link(request, customer_id, link_id)
    customers.unlink_contact(link=link, by=request.by, at=request.at)
    messages.success(request, _("%s is no contact of this customer any more.") % link.contact.name)
    return place_back(request, link)


def contact_url(request: StaffRequest, contact_id: UUID) -> str:
    """Where a person's page is."""
    return reverse("contact", args=[request.organization.slug, contact_id])


def contact_dialog(
    request: StaffRequest, form: BaseForm, template: str, person: Contact | None = None
) -> HttpResponse:
    """The form, also with what is wrong with it; Cancel leads to the person or to the list."""
    context = {
        "form": form,
        "contact": person,
        "cancel_url": contact_url(request, person.id)
        if person
        else reverse("contacts", args=[request.organization.slug]),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _person(request: StaffRequest, contact_id: UUID) -> Contact:
    """This organization's contact of that id, or the one it was merged into, or 404."""
    people = Contact.objects.visible(request.organization).filter(merged_into=None)
    if found := people.filter(id=contact_id).first():
        return found
    # Who was merged has no place at a customer any more; who is seen is the one that stays.
    merged = Contact.objects.of(request.organization).filter(id=contact_id)
    return get_object_or_404(people, id__in=merged.values("merged_into"))


def place_back(request: StaffRequest, link: ContactLink) -> HttpResponse:
    """To the person's page where the dialog was opened there, else to the customer."""
    page = contact_url(request, link.contact_id)
    here = request.htmx.current_url_abs_path or ""
    people = Contact.objects.visible(request.organization)
    if here.partition("?")[0] == page and people.filter(id=link.contact_id).exists():
        return redirect(here)
    return back(request, link.customer)


def _link(request: StaffRequest, customer_id: UUID, link_id: UUID) -> ContactLink:
    links = ContactLink.objects.visible(request.organization).select_related("contact", "customer")
    return get_object_or_404(links, id=link_id, customer_id=customer_id)


def _region(request: StaffRequest) -> str:
    """Where a phone number without a country code is at home."""
    return Entity.objects.of(request.organization).order_by("name")[0].country
