"""Reading messages, templates and hours."""

from uuid import UUID

from django.db.models import QuerySet

from paidup.customers.models import Contact, ContactLink
from paidup.lib import tenancy
from paidup.organizations.models import Organization

from .hours import Hours
from .models import DeliveryWindow
from .states import Purpose

_WISHES = {
    Purpose.REMINDER: "gets_reminders",
    Purpose.RECEIPT: "gets_receipts",
    Purpose.CHARGE_FAILED: "gets_receipts",
    Purpose.INVOICE: "gets_invoices",
    Purpose.STATEMENT: "gets_statements",
}


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


def delivery_hours(organization: Organization) -> Hours:
    """The hours the organization set, else Monday to Friday from 8:00 to 17:59."""
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
