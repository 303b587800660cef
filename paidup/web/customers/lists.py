"""The customers list, its quick panel and its export."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.batches.states import Action
from paidup.cadences.queries import standing
from paidup.customers import listing, queries, search
from paidup.customers.listing import Summary
from paidup.customers.models import Customer
from paidup.customers.states import Category, Grade
from paidup.customers.tags import tags
from paidup.invoicing.queries import collection_statuses
from paidup.organizations.models import Entity, Member
from paidup.organizations.saved_views import views_for
from paidup.organizations.states import FieldSubject, Module
from paidup.reporting.aging import aging
from paidup.ui.paging import page_urls
from paidup.web.access import EDIT, VIEW, Gone, Moved, StaffRequest, may
from paidup.web.field_filters import controls

from . import columns, export
from .batches import may_ask_for
from .selection import AGES, LIST, Asked, elsewhere, listed
from .timeline import events_for, told

LATEST_EVENTS = 5
MOST_FOUND = 20
MOST_LOOKED_AT = 100  # customers that match; those of other entities are left out


@may(Module.CUSTOMERS, VIEW)
@require_safe
def customers(request: StaffRequest) -> HttpResponse:
    """The customers of a category, found by a search, narrowed by filters.

    Unless a search found few, what they are together comes a moment after the rows: it may take
    longer than all else, and nobody waits for it to read on.
    """
    asked = Asked.of(request.GET, request.member)
    selection = asked.selection(request.on)
    found = selection.hits
    summary = listing.summarize(selection) if found and found.best_first else None
    shown = listing.customers_page(
        summary.selection if summary else selection,
        asked.sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    if found and not shown.rows:
        summary = summary or listing.summarize(selection)
    mine = columns.chosen(request.member)
    context = {
        "asked": asked,
        "q": asked.q,
        "sort": asked.sort,
        "sort_is_usual": "sort" not in asked.said,
        "columns": mine,
        "rows": columns.table_rows(
            listed(
                shown.rows,
                request.on,
                columns.field_ids(mine),
                with_cadences=columns.with_cadences(mine),
            ),
            mine,
            path=request.path,
            expands=request.member.may(Module.INVOICES, VIEW),
            with_boxes=request.member.may(Module.CUSTOMERS, EDIT),
        ),
        **_together(summary),
        "totals_stay": bool(summary is None and request.htmx),
        "elsewhere": list(elsewhere(summary)) if summary and not shown.rows else (),
        "owners": _owners(request, asked),
        "ages": AGES,
        "batch_actions": [action for action in Action if may_ask_for(request, action)],
        "views": list(views_for(request.member, of=LIST)),
        "search_label": _("Name, number, contact, e-mail, phone"),
        "may_edit": request.member.may(Module.CUSTOMERS, EDIT),
        **page_urls(request, shown),
    }
    return render(request, "web/customers/list.html", context)


def _owners(request: StaffRequest, asked: Asked) -> QuerySet[Member]:
    """Whose customers can be asked for: the active members', and that of the owner asked for."""
    named = Q(active=True) | Q(id=asked.owner) if asked.owner else Q(active=True)
    return Member.objects.of(request.organization).filter(named).order_by("name")


def _together(summary: Summary | None) -> dict[str, Any]:
    """What the list says of all its customers; of nobody's a number where it isn't known."""
    counted = summary.categories if summary else None
    return {
        "summary": summary,
        "categories": [(each, counted[each] if counted else None) for each in Category],
    }


@may(Module.CUSTOMERS, VIEW)
@require_safe
def totals(request: StaffRequest) -> HttpResponse:
    """How many customers the list is about, in each category, and what they owe."""
    asked = Asked.of(request.GET, request.member)
    summary = listing.summarize(asked.selection(request.on))
    context = {"asked": asked, **_together(summary)}
    return render(request, "web/customers/totals.html", context)


@may(Module.CUSTOMERS, VIEW)
@require_safe
def filters(request: StaffRequest) -> HttpResponse:
    """The filters that are asked for seldom, with what is chosen of them."""
    asked = Asked.of(request.GET, request.member)
    return render(
        request,
        "web/customers/filters.html",
        {
            "asked": asked,
            "tags": tags(),
            "grades": Grade,
            "statuses": collection_statuses(),
            "fields": controls(asked.fields, FieldSubject.CUSTOMER),
            "cadences": standing(request.organization),
            "entities": Entity.objects.of(request.organization).order_by("name"),
        },
    )


@may(Module.CUSTOMERS, VIEW)
@require_safe
def panel(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """What the list shows beside itself of a customer."""
    customer = find(request, customer_id)
    events = events_for(request).about_customer(*queries.ids_of(customer.id))
    return render(
        request,
        "web/customers/panel.html",
        {
            "customer": customer,
            "links": queries.contacts_of(customer.id)[:3]
            if request.member.may(Module.CONTACTS, VIEW)
            else (),
            "agings": aging(request.on, customer_id=customer.id),
            "events": told(request.organization, list(events[:LATEST_EVENTS])),
        },
    )


@may(Module.CUSTOMERS, VIEW)
@require_safe
def csv(request: StaffRequest) -> StreamingHttpResponse:
    """Exactly the rows and columns that the list shows, all pages of them."""
    asked = Asked.of(request.GET, request.member)
    return StreamingHttpResponse(
        export.lines(request.member, asked, columns.chosen(request.member), on=request.on),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="customers-{request.on.isoformat()}.csv"'
        },
    )


def find(request: StaffRequest, customer_id: UUID) -> Customer:
    """This organization's customer of that id, with its entity, or 404.

    Raises Moved for one that was merged into another, Gone for one that was deleted.
    """
    rows = Customer.objects.visible(request.organization)
    found = rows.select_related("entity", "invoice_template").filter(id=customer_id).first()
    if found:
        found.organization = request.organization
        return found
    if merged_into := queries.merged_into(customer_id):
        raise Moved(customer_id, merged_into)
    if request.member.limit:
        raise Http404  # whose customer it had been, nobody knows any more
    if deleted_at := queries.deleted_at(customer_id):
        raise Gone(deleted_at)
    raise Http404


def others_alike(q: str, customer: Customer) -> list[Customer]:
    """Those of the same entity that a search finds, with whom something can be exchanged."""
    found = search.alike(q, most=MOST_LOOKED_AT, but=customer.id)
    return [row for row in found if row.entity_id == customer.entity_id][:MOST_FOUND]


def find_named(request: StaffRequest, parameter: str) -> Customer | None:
    """The customer that a parameter of the address names; None without one, 404 for no such."""
    named = request.GET.get(parameter, "")
    if not named:
        return None
    try:
        return find(request, UUID(named))
    except ValueError:
        raise Http404 from None
