"""Which invoices the list shows, and in which order."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.customers import search
from paidup.invoicing.models import Invoice, InvoiceQuerySet, InvoiceValue
from paidup.invoicing.states import Hold, InvoiceState
from paidup.lib.keyset import Order
from paidup.organizations.models import Organization
from paidup.organizations.states import FieldSubject
from paidup.web.customers.selection import is_id
from paidup.web.field_filters import FieldAsked, asked_fields, narrowed

MOST_CUSTOMERS = 500

KINDS: dict[str, str | Promise] = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "disputed": _("Disputed"),
    "held": _("Held"),
    "paid": _("Paid"),
    "all": _("All"),
}
BY_DUE_DAY = Order(F("due_on"), date.fromisoformat)
NEWEST = Order(F("issued_on"), date.fromisoformat, descending=True)


@dataclass(frozen=True)
class Selection:
    """What was asked for."""

    kind: str
    q: str
    collection: str  # the id of a collection status, which open ones have
    fields: tuple[FieldAsked, ...] = ()

    @classmethod
    def asked(cls, query: QueryDict) -> "Selection":
        """What the address says; anything unknown counts as open invoices."""
        kind, collection = query.get("kind", ""), query.get("collection", "")
        return cls(
            kind if kind in KINDS else "open",
            query.get("q", "").replace("\0", "").strip()[:100],
            collection if is_id(collection) else "",
            asked_fields(query, FieldSubject.INVOICE),
        )

    @property
    def order(self) -> Order:
        """What is due first comes first; what is settled, the newest first."""
        return NEWEST if self.kind in {"paid", "all"} else BY_DUE_DAY

    def rows(self, organization: Organization, on: date) -> InvoiceQuerySet:
        """The invoices, with their customers."""
        rows = Invoice.objects.visible(organization).select_related("customer")
        match self.kind:
            case "open":
                rows = rows.open()
            case "overdue":
                rows = rows.overdue(on)
            case "disputed":
                rows = rows.open().filter(disputed_amount__gt=0)
            case "held":
                rows = rows.open().exclude(hold=Hold.NONE)
            case "paid":
                rows = rows.filter(state=InvoiceState.PAID)
        if self.collection:
            rows = rows.of_status(UUID(self.collection))
        if self.q:
            rows = rows.filter(self._found())
        narrow: InvoiceQuerySet = narrowed(rows, self.fields, InvoiceValue)
        return narrow

    def _found(self) -> Q:
        """By its whole number or PO number, or by its customer."""
        return (
            Q(number__in={self.q, self.q.upper()})
            | Q(po_number=self.q)
            | Q(customer_id__in=matching_customers(self.q))
        )


def matching_customers(q: str) -> list[UUID]:
    """The customers a search finds, the best few hundred of them."""
    hits = search.find(q)
    ids = hits.ids.strip("{}") if hits else ""
    return [UUID(found) for found in ids.split(",")[:MOST_CUSTOMERS]] if ids else []
