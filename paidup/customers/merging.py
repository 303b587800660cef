"""What becomes of several contacts that are made one, and of their places at customers: the same
for the preview and the change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .models import Contact, ContactLink
from .states import ContactRole, PortalAccess

CHOICES = ("gets_invoices", "gets_reminders", "gets_statements", "gets_receipts")
# What of a place is united with another.
UNITED = ("role", "portal", *CHOICES)
# Whoever was switched off anywhere stays so.
_STRICTEST_FIRST = (PortalAccess.DISABLED, PortalAccess.ENABLED, PortalAccess.UNSET)
# What the one that stays takes over where it has nothing of its own.
FILLED = ("email", "phone", "timezone")


@dataclass(frozen=True)
class UnitedLink:
    """A place at a customer as it will be, and those that become part of it."""

    link: ContactLink
    absorbed: tuple[ContactLink, ...]
    changes: bool


def unite(into: Contact, others: Sequence[Contact]) -> None:
    """Gives `into` what it lacks of the others, and every refusal of theirs; stores nothing.

    Who refused reminders as one of them goes on refusing; an address that bounced as one of them
    goes on bouncing.
    """
    for field in FILLED:
        if not getattr(into, field):
            setattr(into, field, next(filter(None, (getattr(one, field) for one in others)), ""))
    everybody = [into, *others]
    into.reminders_refused_at = _first(one.reminders_refused_at for one in everybody)
    into.bounced_at = _first(
        one.bounced_at for one in everybody if one.email.lower() == into.email.lower()
    )


def unite_links(into: Contact, links: Iterable[ContactLink]) -> list[UnitedLink]:
    """One place of `into` for each customer: the strongest role, and what either received."""
    by_customer: dict[UUID, list[ContactLink]] = {}
    for link in links:
        by_customer.setdefault(link.customer_id, []).append(link)
    return [_united(into, places) for places in by_customer.values()]


def unite_places(stays: ContactLink, absorbed: Sequence[ContactLink]) -> None:
    """Gives a place the strongest role of all, what any of them received, and the portal unless it
    is switched off for one of them; stores nothing."""
    places = [stays, *absorbed]
    stays.role = min((place.role for place in places), key=ContactRole.values.index)
    stays.portal = min((place.portal for place in places), key=_STRICTEST_FIRST.index)
    for choice in CHOICES:
        setattr(stays, choice, any(getattr(place, choice) for place in places))


def _united(into: Contact, places: list[ContactLink]) -> UnitedLink:
    stays, *absorbed = sorted(places, key=lambda place: (place.contact_id != into.id, place.id))
    before = _values(stays)
    stays.contact = into
    unite_places(stays, absorbed)
    return UnitedLink(stays, tuple(absorbed), changes=_values(stays) != before)


def _values(link: ContactLink) -> list[object]:
    return [getattr(link, name) for name in ("contact_id", *UNITED)]


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min(filter(None, moments), default=None)
