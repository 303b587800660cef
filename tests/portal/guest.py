"""A person of a customer with a browser of their own, at the organization's host."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client

from paidup.customers.models import Contact, ContactLink
from paidup.lib.tenancy import tenant
from paidup.portal_access import operations as portal_access
from paidup.portal_access.gate import ticket_address
from paidup.portal_access.models import Ticket
from paidup.portal_access.states import TicketPurpose
from tests.support.books import Books

PASSWORD = "correct horse battery"


@dataclass
class Guest:
    """What somebody does on the way into the portal, and inside."""

    books: Books
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        """A browser without cookies."""
        self.client = Client(headers={"host": f"{self.books.organization.slug}.localhost:8000"})

    def get(self, path: str) -> Any:
        """Opens a page."""
        return self.client.get(path)

    def post(self, path: str) -> Any:
        """Presses a button."""
        return self.client.post(path)

    def accept(self, token: str, password: str = PASSWORD) -> Any:
        """Follows an invitation and chooses a password."""
        return self.client.post(f"/invitation/{token}/", {"password": password})

    def sign_in(self, address: str, password: str = PASSWORD) -> Any:
        """Fills in the form."""
        return self.client.post("/sign-in/", {"address": address, "password": password})

    @property
    def is_inside(self) -> bool:
        """Whether the first page leads to a customer's invoices."""
        return str(self.get("/").url).startswith("/accounts/")


def invite(books: Books, contact: Contact, *, at: datetime | None = None) -> str:
    """Invites a contact at all its customers; gives what the mail would carry."""
    with tenant(books.id):
        links = ContactLink.objects.filter(contact=contact)
        portal_access.invite(
            contact=contact,
            customer_ids=list(links.values_list("customer_id", flat=True)),
            by=books.by,
            at=at or books.at,
        )
    return token_for(books, contact)


def token_for(
    books: Books, contact: Contact, purpose: TicketPurpose = TicketPurpose.INVITATION
) -> str:
    """What the mail of the ticket that waits would carry."""
    with tenant(books.id):
        ticket = Ticket.objects.get(contact=contact, purpose=purpose, used_at=None, revoked_at=None)
        return ticket_address(ticket.id).rstrip("/").rpartition("/")[2]


def accepted(books: Books, contact: Contact) -> Guest:
    """Somebody who accepted, and is inside."""
    guest = Guest(books)
    token = invite(books, contact)
    with tenant(books.id):
        secret = portal_access.accept(token=token, password=PASSWORD, at=books.at)
    guest.client.cookies["paidup_portal"] = secret
    return guest
