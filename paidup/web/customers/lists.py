"""The customers list, its quick panel and its export."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.batches.states import Action
from paidup.customers import queries
from paidup.customers.models import Customer
from paidup.customers.states import Category
from paidup.history.models import Event
from paidup.organizations.models import Entity, Member
from paidup.organizations.saved_views import views_for
from paidup.reporting.aging import aging
from paidup.web.access import Gone, Moved, StaffRequest, viewer
from paidup.web.paging import page_urls

from . import columns, export
from .selection import AGES, Asked, elsewhere, listed
from .timeline import told

LATEST_EVENTS = 5


@viewer
@require_safe
def customers(request: StaffRequest) -> HttpResponse:
    """The customers of a category, found by a search, narrowed by filters."""
    asked = Asked.of(request.GET)
    summary = queries.summarize(asked.selection(request.on))
    shown = queries.customers_page(
        summary.selection,
        asked.sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    mine = columns.chosen(request.member)
    context = {
        "asked": asked,
        "q": asked.q,
        "sort": asked.sort,
        "columns": mine,
        "rows": columns.table_rows(
            listed(shown.rows, request.on),
            mine,
            path=request.path,
            with_boxes=request.member.may_edit,
        ),
        "summary": summary,
        "categories": [
            (category, summary.categories[category] if summary.categories else None)
            for category in Category
        ],
        "elsewhere": () if shown.rows else list(elsewhere(summary)),
        "owners": Member.objects.of(request.organization).filter(active=True).order_by("name"),
        "ages": AGES,
        "batch_actions": Action,
        "views": list(views_for(request.member, of=columns.LIST)),
        "search_label": _("Name, number, contact, e-mail, phone"),
        "may_edit": request.member.may_edit,
        "may_delete": request.member.may_delete,
        **page_urls(request, shown),
    }
    return render(request, "web/customers/list.html", context)


@viewer
@require_safe
def filters(request: StaffRequest) -> HttpResponse:
    """The filters that are asked for seldom, with what is chosen of them."""
    return render(
        request,
        "web/customers/filters.html",
        {
            "asked": Asked.of(request.GET),
            "tags": queries.tags(),
            "entities": Entity.objects.of(request.organization).order_by("name"),
        },
    )


@viewer
@require_safe
def panel(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """What the list shows beside itself of a customer."""
    customer = find(request, customer_id)
    events = Event.objects.of(request.organization.id).about_customer(*queries.ids_of(customer.id))
    return render(
        request,
        "web/customers/panel.html",
        {
            "customer": customer,
            "links": queries.contacts_of(customer.id)[:3],
            "agings": aging(request.on, customer_id=customer.id),
            "events": told(request.organization, list(events[:LATEST_EVENTS])),
        },
    )


@viewer
@require_safe
def csv(request: StaffRequest) -> StreamingHttpResponse:
    """Exactly the rows and columns that the list shows, all pages of them."""
    asked = Asked.of(request.GET)
    return StreamingHttpResponse(
        export.lines(request.organization.id, asked, columns.chosen(request.member), on=request.on),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="customers-{request.on.isoformat()}.csv"'
        },
    )


def find(request: StaffRequest, customer_id: UUID) -> Customer:
    """This organization's customer of that id, with its people and its entity, or 404.

    Raises Moved for one that was merged into another, Gone for one that was deleted.
    """
    rows = Customer.objects.of(request.organization).select_related(
        "entity", "parent", "billing_owner", "account_manager", "sales_rep", "manager"
    )
    found = rows.filter(id=customer_id).first()
    if found is None and (merged_into := queries.merged_into(customer_id)):
        raise Moved(customer_id, merged_into)
    if found is None and (deleted_at := queries.deleted_at(customer_id)):
        raise Gone(deleted_at)
    if found is None:
        raise Http404
    return found
