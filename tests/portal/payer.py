"""What a payer does with a pay link, by HTTP without a browser."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments import operations as payments
from paidup.payments.gateways.sandbox.methods import tokenize
from paidup.payments.links import Link
from paidup.payments.models import Claim, Intent, Payment
from tests.support.books import AT, Books


@dataclass
class Payer:
    """Opens links of one organization."""

    books: Books
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        """A browser of its own, at the organization's host."""
        host = f"{self.books.organization.slug}.localhost:8000"
        self.client = Client(headers={"host": host})

    def elsewhere(self) -> "Payer":
        """The same payer in another window."""
        return Payer(self.books)

    def invoice_link(self, invoice: Invoice) -> str:
        """The path of the page that pays this invoice."""
        with tenant(self.books.id):
            return self._path(payments.invoice_link(invoice=invoice, at=AT))

    def balance_link(self, customer: Customer) -> str:
        """The path of the page that pays all that is open."""
        with tenant(self.books.id):
            return self._path(payments.balance_link(customer=customer, at=AT))

    def method_link(self, customer: Customer) -> str:
        """The path of the page where a method is entered for the customer."""
        with tenant(self.books.id):
            return self._path(payments.method_link(customer=customer, at=AT))

    def see(self, path: str, **query: str) -> Any:
        """Opens a page."""
        return self.client.get(path, query)

    def pay(self, path: str, amount: str, *, last4: str = "4242", **fields: Any) -> Any:
        """Enters an amount and a test method, and presses the button."""
        token = fields.pop("token", None) or one_time_token(last4)
        if "save" in fields and (agreed := self.agreed(path)):
            fields.setdefault("wording", agreed)
        return self.client.post(f"{path}payments/", {"token": token, "amount": amount, **fields})

    def save(
        self,
        path: str,
        *,
        last4: str = "4242",
        token: str = "",
        name: str = "Ann",
        wording: str = "",
    ) -> Any:
        """Enters a test method and a name, and presses the button."""
        sent = {
            "token": token or one_time_token(last4),
            "name": name,
            "wording": wording or self.agreed(path),
        }
        return self.client.post(f"{path}methods/", sent)

    def agreed(self, path: str) -> str:
        """What whoever presses the button allows, as it stands on the page."""
        found = re.search(r'name="wording" value="([^"]*)"', self.see(path).content.decode())
        return unescape(found[1]) if found else ""

    def outcome(self, answer: Any) -> str:
        """What the page says to which a payment led."""
        assert answer.status_code == 303, words(answer)
        return words(self.client.get(answer.url))

    def traces(self) -> tuple[int, int, int, int]:
        """How much has happened: events, charges, claims, payments."""
        with tenant(self.books.id):
            return (
                Event.objects.count(),
                Intent.objects.count(),
                Claim.objects.count(),
                Payment.objects.count(),
            )

    def _path(self, link: Link) -> str:
        return urlsplit(links.url(link, self.books.organization)).path


def one_time_token(last4: str = "4242") -> str:
    """What the hosted form gives for a test method."""
    return tokenize(last4=last4, at=AT).token


def words(answer: Any) -> str:
    """The page's source as its reader sees it: one space between words, no escapes."""
    return " ".join(unescape(answer.content.decode()).split())
