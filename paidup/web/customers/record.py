"""The customer record: its facts and its tabs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from paidup.attachments.models import Attachment
from paidup.autopay.models import Interval
from paidup.communications.models import Message
from paidup.customers import queries
from paidup.customers.models import ContactLink, Customer, Note
from paidup.invoicing.queries import all_statuses
from paidup.lib import keyset
from paidup.lib.keyset import Order, Page
from paidup.organizations.states import Module
from paidup.reporting.aging import Aging, aging
from paidup.reporting.customer_file import MANY, CustomerFile, customer_file
from paidup.reporting.family import family
from paidup.reporting.transactions import transactions
from paidup.todos.models import Todo
from paidup.ui.paging import page_urls
from paidup.web.access import EDIT, VIEW, StaffRequest, may

from . import details
from .actions import menu
from .attachments import attach_to
from .event_groups import Group
from .lists import find
from .portal import with_standings
from .sentences import groups, kinds
from .timeline import events_for, told

SHOWN: dict[str, str | Promise] = {
    "": gettext_lazy("All"),
    "open": gettext_lazy("Open invoices"),
    "invoices": gettext_lazy("Invoices"),
    "payments": gettext_lazy("Payments"),
    "credits": gettext_lazy("Credits"),
    "refunds": gettext_lazy("Refunds"),
    "statements": gettext_lazy("Statements"),
}
UNPAID = ("open", "invoices", "statements")  # what shows without the module of payments


@dataclass(frozen=True)
class Tab:
    """A part of the record below its figures."""

    key: str
    label: str | Promise
    read: Callable[[StaffRequest, Customer, CustomerFile], dict[str, Any]]
    module: Module
    count: str = ""  # of the customer's file

    @property
    def template(self) -> str:
        return f"web/customers/tab_{self.key}.html"


@dataclass(frozen=True)
class Counted:
    """A tab's link, as the template of tabs takes it."""

    key: str
    label: str | Promise
    count: str | None


@may(Module.CUSTOMERS, VIEW)
@require_safe
def customer(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """All that is known of a customer, and one tab of what happened."""
    found = find(request, customer_id)
    on_file = customer_file(found.id)
    tabs = _tabs(request)
    tab = tabs.get(request.GET.get("tab", ""), tabs.get("transactions", TABS["notes"]))
    agings = of_customer(found, aging(request.on, customer_id=found.id))
    return render(
        request,
        "web/customers/record.html",
        {
            "customer": found,
            "agings": agings,
            "own": agings[0],
            "file": on_file,
            "family": family(found.id, agings) if on_file.has_sub_accounts else None,
            "links": _with_cadences(with_standings(queries.contacts_of(found.id)), on_file)
            if request.member.may(Module.CONTACTS, VIEW)
            else (),
            "tabs": _counted(tabs, on_file),
            "tab": tab.key,
            "tab_template": tab.template,
            "actions": menu(request, found, on_file),
            "details": [*details.details(found), *details.custom(found)],
            "owners": details.owners(found),
            "addresses": details.addresses(found),
            "paying": details.paying(found),
            "schedule": schedule_in_words(on_file),
            "may_edit": request.member.may(Module.CUSTOMERS, EDIT),
            **tab.read(request, found, on_file),
        },
    )


def of_customer(customer: Customer, agings: tuple[Aging, ...]) -> list[Aging]:
    """Its aging by currency, its own currency first, also where there is nothing."""
    own = [one for one in agings if one.currency == customer.currency]
    others = [one for one in agings if one.currency != customer.currency]
    return [*(own or [Aging(customer.currency)]), *others]


def _with_cadences(links: list[ContactLink], on_file: CustomerFile) -> list[ContactLink]:
    """The places, each with the name of the person's own cadence, as `own_cadence`."""
    names = {own.id: own.cadence for own in on_file.own_cadences}
    for link in links:
        link.own_cadence = names.get(link.id)  # type: ignore[attr-defined]  # for the templates
    return links


def schedule_in_words(on_file: CustomerFile) -> str:
    """The Auto Pay Schedule in words; empty where there is none."""
    days = on_file.schedule_days or []
    match on_file.schedule_interval:
        case Interval.DAILY:
            return _("Daily")
        case Interval.WEEKLY:
            return _("Weekly: %s") % ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)
        case Interval.MONTHLY:
            return _("Monthly: day %s") % ", ".join(map(str, days))
        case Interval.EVERY_N_DAYS:
            return ngettext("Every %s day", "Every %s days", days[0]) % days[0]
        case _:
            return ""


def _notes(request: StaffRequest, customer: Customer, _file: CustomerFile) -> dict[str, Any]:
    rows = (
        Note.objects.visible(request.organization)
        .filter(customer=customer)
        .select_related("author")
    )
    page = _page(request, rows, "written_at")
    attach_to(page["rows"])
    return page


def _attachments(request: StaffRequest, customer: Customer, _file: CustomerFile) -> dict[str, Any]:
    rows = Attachment.objects.visible(request.organization).filter(customer=customer).shared()
    return _page(request, rows.select_related("added_by", "contact"), "added_at")


def _communication(
    request: StaffRequest, customer: Customer, _file: CustomerFile
) -> dict[str, Any]:
    rows = Message.objects.visible(request.organization).about_customer(customer.id)
    return _page(request, rows.select_related("contact", "sent_by"), "queued_at")


def _todos(request: StaffRequest, customer: Customer, _file: CustomerFile) -> dict[str, Any]:
    rows = Todo.objects.visible(request.organization).filter(customer=customer)
    return _page(request, rows.select_related("assignee"), "created_at")


def _transactions(request: StaffRequest, customer: Customer, _file: CustomerFile) -> dict[str, Any]:
    show = request.GET.get("show", "")
    paid = request.member.may(Module.PAYMENTS, VIEW)
    shown = SHOWN if paid else {key: SHOWN[key] for key in UNPAID}
    show = show if show in shown else next(iter(shown))
    page = transactions(
        customer.id,
        show=show,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return {
        "rows": page.rows,
        "show": show,
        "shown": shown,
        "statuses": all_statuses(),
        **page_urls(request, page),
    }


def _timeline(request: StaffRequest, customer: Customer, on_file: CustomerFile) -> dict[str, Any]:
    show = request.GET.get("show", "")
    events = events_for(request).about_customer(customer.id, *on_file.merged_ids)
    shown = groups(request.member.role.views)
    if show in shown:
        events = events.filter(kind__in=kinds(Group(show)))
    page = _paged(request, events, "at")
    return {
        "events": told(request.organization, page.rows),
        "show": show,
        "shown": {"": _("Everything"), **shown},
        **page_urls(request, page),
    }


def _page(request: StaffRequest, rows: Any, column: str) -> dict[str, Any]:
    page = _paged(request, rows, column)
    return {"rows": page.rows, **page_urls(request, page)}


def _paged(request: StaffRequest, rows: Any, column: str) -> Page[Any]:
    """The latest first."""
    return keyset.page(
        rows,
        Order(F(column), datetime.fromisoformat, descending=True),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=30,
    )


def _tabs(request: StaffRequest) -> dict[str, Tab]:
    views = request.member.role.views
    return {key: tab for key, tab in TABS.items() if tab.module in views}


def _counted(tabs: Mapping[str, Tab], on_file: CustomerFile) -> list[Counted]:
    return [
        Counted(tab.key, tab.label, _written(getattr(on_file, tab.count)) if tab.count else None)
        for tab in tabs.values()
    ]


def _written(count: int) -> str | None:
    return f"{MANY - 1}+" if count >= MANY else str(count) if count else None


TABS = {
    tab.key: tab
    for tab in (
        Tab("notes", gettext_lazy("Notes"), _notes, Module.CUSTOMERS, "notes"),
        Tab(
            "communication",
            gettext_lazy("Communication"),
            _communication,
            Module.COMMUNICATIONS,
            "messages",
        ),
        Tab("todo", gettext_lazy("To-Do"), _todos, Module.TODOS, "open_todos"),
        Tab(
            "transactions",
            gettext_lazy("Transactions"),
            _transactions,
            Module.INVOICES,
            "transactions",
        ),
        Tab(
            "attachments",
            gettext_lazy("Attachments"),
            _attachments,
            Module.CUSTOMERS,
            "attachments",
        ),
        Tab("timeline", gettext_lazy("Timeline"), _timeline, Module.CUSTOMERS),
    )
}
