"""What happened at a contact's customers, and to the contact itself wherever it was one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
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

from .event_groups import GROUPS, Group
from .sentences import kinds
from .timeline import Told, events_for, told

ALL = "all"
# What was said, agreed and paid; not who changed which field.
_ACTIVITY = (Group.EMAILS, Group.NOTES, Group.TODOS, Group.PAYMENTS)
_AGREED = ("promise.", "dispute.")
SHOWN: dict[str, str | Promise] = {
    "": _("Activity"),
    **{str(group): label for group, label in GROUPS.items()},
    ALL: _("Everything"),
}
_NEWEST_FIRST = Order(F("at"), datetime.fromisoformat, descending=True)


def history_page(
    request: StaffRequest, people: Sequence[Contact], customer_ids: Sequence[UUID], show: str
) -> Page[Event]:
    """A page of it, the latest first; `people` are the contact and those merged into it."""
    events = events_for(request)
    if show != ALL:
        events = events.filter(kind__in=kinds(Group(show)) if show in GROUPS else _activity())
    elsewhere = events.filter(Q(customer_id=None) | ~Q(customer_id__in=customer_ids))
    messages = Message.objects.visible(request.organization).filter(contact__in=people)
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


def _activity() -> list[str]:
    agreed = [kind for kind in kinds(Group.INVOICES) if kind.startswith(_AGREED)]
    return [*(kind for group in _ACTIVITY for kind in kinds(group)), *agreed]


def told_once(
    request: StaffRequest, events: Sequence[Event], customers: Mapping[UUID, str]
) -> list[Told]:
    """In words, with the customer's name where there are several of them.

    What is on the timeline of more than one is told once, and names none.
    """
    pairs = zip(told(request.organization, events), events, strict=True)
    lines = []
    for line, same in groupby(pairs, key=itemgetter(0)):
        about = [customers.get(event.customer_id, "") for _line, event in same if event.customer_id]
        named = about[0] if len(customers) > 1 and len(about) == 1 else ""
        lines.append(replace(line, by=" · ".join(filter(None, [named, line.by]))))
    return lines
