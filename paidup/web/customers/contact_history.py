"""What happened at a contact's customers, and to the contact itself wherever it was one."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.communications.models import Message
from paidup.customers.models import Contact
from paidup.history.models import Event
from paidup.lib import keyset
from paidup.lib.keyset import Order, Page
from paidup.web.access import StaffRequest

from .sentences import Group, kinds
from .timeline import Told, told

SHOWN: dict[str, str | Promise] = {
    "": _("Everything"),
    Group.EMAILS: _("Email"),
    Group.NOTES: _("Notes"),
    Group.TODOS: _("Tasks"),
    Group.PAYMENTS: _("Payments"),
    Group.INVOICES: _("Invoices"),
    Group.CHANGES: _("Changes"),
}
_NEWEST_FIRST = Order(F("at"), datetime.fromisoformat, descending=True)


def history_page(
    request: StaffRequest, people: Sequence[Contact], customer_ids: Sequence[UUID], show: str
) -> Page[Event]:
    """A page of it, the latest first; `people` are the contact and those merged into it."""
    events = Event.objects.of(request.organization.id)
    if show in SHOWN and show:
        events = events.filter(kind__in=kinds(Group(show)))
    elsewhere = events.filter(Q(customer_id=None) | ~Q(customer_id__in=customer_ids))
    messages = Message.objects.of(request.organization).filter(contact__in=people)
    return keyset.page_of(
        [
            events.filter(customer_id__in=customer_ids),
            elsewhere.filter(subject_id__in=[one.id for one in people]),
            elsewhere.filter(subject_id__in=messages.values("id")),
        ],
        _NEWEST_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=30,
    )


def told_once(request: StaffRequest, events: Sequence[Event]) -> list[Told]:
    """In words. What is on the timeline of several of the customers is told once."""
    return [line for line, _again in groupby(told(request.organization, events))]
