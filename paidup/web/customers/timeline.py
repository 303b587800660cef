"""What happened to a customer, told in words with who did it and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.autopay.models import Interval
from paidup.communications.delivery.record import APPROVAL, FAILED, UNKNOWN
from paidup.communications.models import MessageCustomer
from paidup.customers.models import Contact, ContactLink, Customer, Note
from paidup.customers.states import ContactRole
from paidup.customers.visibility import seen_customers
from paidup.history.actors import ActorKind
from paidup.history.models import Event, EventQuerySet, PersonalData
from paidup.invoicing.states import Hold
from paidup.lib import formatting
from paidup.organizations.models import Member, Organization
from paidup.organizations.states import LimitedAction, SendingMode
from paidup.payments.states import Channel, CreditReason, PaymentKind
from paidup.ui.names import LANGUAGES, country, reason
from paidup.web.access import StaffRequest
from paidup.web.fields import kept_in_words

from .sentences import SENTENCES, out_of_sight

# Parts of the system that do things, by the names they act under.
SYSTEMS: dict[str, str | Promise] = {
    "autopay": gettext_lazy("Auto Pay"),
    "cadences": gettext_lazy("Cadences"),
    "correspondence": gettext_lazy("Correspondence"),
    "delivery": gettext_lazy("E-mail delivery"),
    "export": gettext_lazy("Export"),
    "gateway": gettext_lazy("Payment gateway"),
    "health": gettext_lazy("Customer health"),
    "import": gettext_lazy("Import"),
    "invoicing": gettext_lazy("Invoices"),
    "late_fees": gettext_lazy("Late fees"),
    "payments": gettext_lazy("Payments"),
    "portal": gettext_lazy("Customer portal"),
    "promises": gettext_lazy("Promises"),
}
_OF_MESSAGES = (APPROVAL, FAILED, UNKNOWN)
_DAYS = {"due_on", "promised_for", "starts_on", "snoozed_until", "on", "as_of", "health_until"}
_AMOUNTS = {"amount", "total"}
_PEOPLE = {"account_manager", "sales_rep", "manager", "assignee"}
# What stands for another customer, who may not be for everybody's eyes.
_CUSTOMERS = ("parent", "method_of")
_WITH_REASON = {"customer.health_set", "dispute.opened", "payment.reversed"}
# What stands in an event as a value, in words; by kind and figure, or by figure alone.
_LABELS: dict[str, dict[str, str | Promise]] = {
    "payment.received.kind": dict(PaymentKind.choices),
    "payment.recorded.kind": dict(PaymentKind.choices),
    "invoice.held.reason": dict(Hold.choices),
    "credit.granted.reason": dict(CreditReason.choices),
    "mandate.given.channel": dict(Channel.choices),
    "organization.payment_kinds_set.before": dict(PaymentKind.choices),
    "organization.payment_kinds_set.after": dict(PaymentKind.choices),
    "organization.sending_mode_set.after": dict(SendingMode.choices),
    "interval": dict(Interval.choices),
    "role": dict(ContactRole.choices),
    "action": dict(LimitedAction.choices),
    "language": LANGUAGES,
    "payment_kinds": dict(PaymentKind.choices),
}


# Fields of which the model itself says no name.
_FIELDS: dict[str, str | Promise] = {
    "account_manager": gettext_lazy("Account Manager"),
    "cadence": gettext_lazy("Cadence"),
    "manager": gettext_lazy("Manager"),
    "method_of": gettext_lazy("Payment method of"),
    "parent": gettext_lazy("Parent customer"),
    "role": gettext_lazy("Role"),
    "sales_rep": gettext_lazy("Sales Rep"),
    "tags": gettext_lazy("Tags"),
}


@dataclass(frozen=True)
class Change:
    """What was changed, from what to what."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """An event as the timeline shows it."""

    icon: str
    tone: str
    text: str
    by: str
    at: datetime
    body: str = ""
    changes: list[Change] = field(default_factory=list)


def events_for(request: StaffRequest) -> EventQuerySet:
    """Those that whoever asks may read of, by their role's modules and the customers they see.

    A mail that is about several customers is told of where all of them are seen.
    """
    events = Event.objects.of(request.organization.id)
    seen = seen_customers()
    if seen is not None:
        about = MessageCustomer.objects.of(request.organization).filter(
            message_id=OuterRef("subject_id")
        )
        events = events.filter(Q(customer_id=None) | Q(customer_id__in=seen)).exclude(
            Exists(about.exclude(customer__in=seen))
        )
    # What became of a message is told by the message itself, not by its to-do again.
    events = events.exclude(kind__in=("todo.added", "todo.done"), data__kind__in=_OF_MESSAGES)
    unread = out_of_sight(request.member.role.views)
    return events.exclude(kind__in=unread) if unread else events


def told(organization: Organization, events: Sequence[Event]) -> list[Told]:
    """The events in words; what they name is looked up for all of them at once."""
    words = _Words(organization, events)
    return [words.tell(event) for event in events]


class _Words:
    """The names that a number of events need."""

    def __init__(self, organization: Organization, events: Sequence[Event]) -> None:
        personal = PersonalData.objects.filter(
            organization_id=organization.id, event_id__in=[event.id for event in events]
        )
        self.personal = dict(personal.values_list("event_id", "data"))
        self.members = {
            str(member_id): name
            for member_id, name in Member.objects.of(organization).values_list("id", "name")
        }
        authors = {event.actor_id for event in events if event.actor_kind == ActorKind.CONTACT}
        self.notes = _found(Note.objects.visible(organization), _subjects(events, "note."), "text")
        self.contacts = _found(
            Contact.objects.visible(organization), _subjects(events, "contact.") | authors, "name"
        )
        others = {
            UUID(value)
            for event in events
            for name in _CUSTOMERS
            for value in _changed(event.data, name)
        }
        self.customers = _found(Customer.objects.visible(organization), others, "name")

    def tell(self, event: Event) -> Told:
        """One event."""
        sentence = SENTENCES[event.kind]
        data = event.data | self.personal.get(event.id, {})
        figures = _Figures(
            {name: self._figures(event.kind, name, value, data) for name, value in data.items()}
            | {"contact": self.contacts.get(event.subject_id, _("somebody"))}
        )
        return Told(
            icon=sentence.icon,
            tone=sentence.tone,
            text=str(sentence.words) % figures,
            by=self._who(event),
            at=event.at,
            body=self.notes.get(event.subject_id, "") or self._reason(event.kind, data),
            changes=self._changes(event),
        )

    def _figures(self, kind: str, name: str, value: Any, data: Mapping[str, Any]) -> str:
        values = value if isinstance(value, list) else [value]
        return ", ".join(self._figure(kind, name, one, data) for one in values)

    def _figure(self, kind: str, name: str, value: Any, data: Mapping[str, Any]) -> str:
        labels = _LABELS.get(f"{kind}.{name}") or _LABELS.get(name)
        if labels:
            return str(labels.get(value, value))
        if name in _AMOUNTS and "currency" in data:
            return formatting.money(Decimal(value), data["currency"])
        if name in _DAYS and value:
            return formatting.day(date.fromisoformat(value))
        if name in _PEOPLE:
            return self.members.get(value, "–")
        if name == "reason":
            return reason(value or "") or "–"
        return "–" if value == "" else str(value)

    def _reason(self, kind: str, data: Mapping[str, Any]) -> str:
        return reason(data.get("reason", "")) if kind in _WITH_REASON else ""

    def _who(self, event: Event) -> str:
        match event.actor_kind:
            case ActorKind.STAFF:
                return self.members.get(str(event.actor_id), "")
            case ActorKind.CONTACT:
                return str(self.contacts.get(event.actor_id) or _("By link"))
            case _:
                return str(SYSTEMS.get(event.actor_name, event.actor_name))

    def _changes(self, event: Event) -> list[Change]:
        if event.kind == "customer.owner_changed":
            before, after = (self.members.get(event.data[at], "–") for at in ("before", "after"))
            return [Change(_("Billing owner"), before, after)]
        personal = self.personal.get(event.id, {})
        changes = event.data.get("changes", {}) | personal.get("changes", {})
        details = [
            Change(_label(event.kind, name), self._value(name, before), self._value(name, after))
            for name, (before, after) in changes.items()
            if name not in _CUSTOMERS or self._sees(before, after)
        ]
        return [*details, *(_field_change(**field) for field in personal.get("fields", ()))]

    def _sees(self, *others: str | None) -> bool:
        """Whether whoever looks sees the customers of which a change tells."""
        return all(UUID(one) in self.customers for one in others if one)

    def _value(self, name: str, value: Any) -> str:
        match value:
            case bool():
                return _("Yes") if value else _("No")
            case list():
                return ", ".join(self._in_words(name, one) for one in value)
            case None | "":
                return ""
            case _:
                return self._in_words(name, value)

    def _in_words(self, name: str, value: Any) -> str:
        if name in _CUSTOMERS:
            return self.customers.get(UUID(value), "–")
        if name == "billing_country":
            return country(value)
        if name in _DAYS:
            return formatting.day(date.fromisoformat(value))
        known = self.members if name in _PEOPLE else _LABELS.get(name, {})
        return str(known.get(value, value))


class _Figures(dict[str, str]):
    """What a sentence names and an old event doesn't have, it leaves open."""

    def __missing__(self, name: str) -> str:
        return "–"


def _field_change(*, label: str, kind: str, before: str, after: str, **_others: str) -> Change:
    return Change(label, kept_in_words(kind, before), kept_in_words(kind, after))


def _found(rows: QuerySet[Any], ids: set[Any], column: str) -> dict[UUID | None, str]:
    """By id, what stands in a column; no query where nothing is asked for."""
    return dict(rows.filter(id__in=ids).values_list("id", column)) if ids else {}


def _subjects(events: Sequence[Event], kinds: str) -> set[UUID | None]:
    return {event.subject_id for event in events if event.kind.startswith(kinds)}


def _changed(data: Mapping[str, Any], name: str) -> list[str]:
    return [value for value in data.get("changes", {}).get(name, []) if value]


def _label(kind: str, name: str) -> str:
    if name in _FIELDS:
        return str(_FIELDS[name])
    model: type[Model] = (
        Customer
        if kind.startswith("customer.")
        else ContactLink
        if kind == "contact.place_changed"
        else Contact
    )
    field = model._meta.get_field(name)  # noqa: SLF001  documented model API
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # none of them is a reverse one
