"""Reading messages, templates and hours."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib import tenancy
from paidup.organizations.models import Organization

from .hours import Hours
from .models import DeliveryWindow, Message, MessageCustomer
from .states import Purpose

PAGE = 50

_WISHES = {
    Purpose.REMINDER: "gets_reminders",
    Purpose.RECEIPT: "gets_receipts",
    Purpose.CHARGE_FAILED: "gets_receipts",
    Purpose.INVOICE: "gets_invoices",
    Purpose.STATEMENT: "gets_statements",
}


@dataclass(frozen=True)
class Approval:
    """A message that waits for approval, and the customers it is about."""

    message: Message
    customers: tuple[Customer, ...]


def recipients(customer_id: UUID, purpose: Purpose) -> list[Contact]:
    """The customer's people who get such messages and have a working address, one per address."""
    people = (
        Contact.objects.of(tenancy.current())
        .filter(
            id__in=_linked(customer_id, purpose),
            bounced_at=None,
        )
        .exclude(email="")
        .order_by("id")
    )
    if purpose == Purpose.REMINDER:
        people = people.filter(reminders_refused_at=None)
    by_address: dict[str, Contact] = {}
    for person in people:
        by_address.setdefault(person.email.lower(), person)
    return list(by_address.values())


def messages_of_customer(
    customer_id: UUID, *, before: UUID | None = None, limit: int = PAGE
) -> list[Message]:
    """What was written to a customer, the latest first; a page begins before the id of the last."""
    about = MessageCustomer.objects.visible(tenancy.current()).filter(customer_id=customer_id)
    if before:
        about = about.filter(message_id__lt=before)
    ids = list(about.order_by("-message_id").values_list("message_id", flat=True)[:limit])
    messages = Message.objects.visible(tenancy.current()).select_related("contact", "approved_by")
    return list(messages.filter(id__in=ids).order_by("-id"))


def awaiting_approval(*, after: UUID | None = None, limit: int = PAGE) -> list[Approval]:
    """What waits for a person's approval, the oldest first; a page begins after the id of the last.

    Each with the customers it is about, so that a door can leave out whom its viewer may not see.
    """
    messages = Message.objects.visible(tenancy.current()).awaiting_approval()
    if after:
        messages = messages.filter(id__gt=after)
    page = list(messages.select_related("contact").order_by("id")[:limit])
    about: dict[UUID, list[Customer]] = {message.id: [] for message in page}
    rows = MessageCustomer.objects.visible(tenancy.current()).filter(message__in=about)
    for row in rows.select_related("customer").order_by("id"):
        about[row.message_id].append(row.customer)
    return [Approval(message, tuple(about[message.id])) for message in page]


def approvals() -> int:
    """How many messages wait for approval."""
    return Message.objects.visible(tenancy.current()).awaiting_approval().count()


def delivery_hours(organization: Organization) -> Hours:
    """The hours the organization set, else every day from 8:00 to 17:59."""
    window = DeliveryWindow.objects.of(organization).first()
    if window is None:
        return Hours(timezone=organization.timezone)
    return Hours(
        timezone=organization.timezone,
        days=window.days,
        from_hour=window.from_hour,
        to_hour=window.to_hour,
    )


def _linked(customer_id: UUID, purpose: Purpose) -> QuerySet[ContactLink, UUID]:
    links = ContactLink.objects.of(tenancy.current()).filter(customer_id=customer_id)
    if purpose in _WISHES:
        links = links.filter(**{_WISHES[purpose]: True})
    return links.values_list("contact_id", flat=True)
