"""What a pay link lets its holder see and pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.organizations.paying import in_words, payment_rules
from paidup.organizations.states import ONLINE, PaymentKind
from paidup.payments.models import Claim, Intent, PayLink
from paidup.payments.queries import allowed_by

MOST_SHOWN = 200  # invoices of a balance; the oldest, which are to be paid first


@dataclass(frozen=True)
class Bill:
    """An invoice as its payer sees it, with the charge of it that is under way."""

    invoice: Invoice
    charge: Intent | None
    on: date
    kinds: tuple[PaymentKind, ...]  # by which it may be paid, here or otherwise

    @property
    def online(self) -> tuple[PaymentKind, ...]:
        """Those by which it may be paid here."""
        return tuple(kind for kind in self.kinds if kind in ONLINE)

    @property
    def is_due(self) -> bool:
        """Whether it is to be paid, here or otherwise."""
        return self.invoice.state == InvoiceState.OPEN and self.charge is None

    @property
    def is_payable(self) -> bool:
        """Whether it can be paid here and now."""
        return self.is_due and bool(self.online)

    @property
    def ways(self) -> str:
        """By what it may be paid, in words."""
        return in_words(self.kinds)

    @property
    def is_late(self) -> bool:
        """Whether its due date has passed."""
        return self.invoice.days_late(self.on) > 0

    @property
    def is_paid(self) -> bool:
        """Whether nothing is open of it because it was paid."""
        return self.invoice.state == InvoiceState.PAID

    @property
    def paid_amount(self) -> Decimal:
        """What of it was paid or credited."""
        return self.invoice.total - self.invoice.open_amount

    @property
    def standing(self) -> str:
        """When it is due, in plain words."""
        late = self.invoice.days_late(self.on)
        if late > 0:
            return ngettext("%(days)s day overdue", "%(days)s days overdue", late) % {"days": late}
        if late == 0:
            return _("Due today")
        return ngettext("Due in %(days)s day", "Due in %(days)s days", -late) % {"days": -late}


@dataclass(frozen=True)
class Offer:
    """What one payment by the link can pay: invoices in one currency, the oldest first."""

    currency: str
    bills: Sequence[Bill]
    is_balance: bool
    currencies: Sequence[str] = ()  # in which something else is open, this one included
    later: int = 0  # open invoices of the balance beyond those shown

    @property
    def payable(self) -> list[Bill]:
        """Those that can be paid now."""
        return [bill for bill in self.bills if bill.is_payable]

    @property
    def most(self) -> Decimal:
        """The most that can be paid now."""
        return sum((bill.invoice.open_amount for bill in self.payable), Decimal(0))

    @property
    def at_once(self) -> list[Bill]:
        """Of the payable ones as many, from the oldest on, as one method can pay."""
        chosen: list[Bill] = []
        for bill in self.payable:
            if common([*chosen, bill]):
                chosen.append(bill)
        return chosen

    @property
    def amount_at_once(self) -> Decimal:
        """What of it one payment can pay."""
        return sum((bill.invoice.open_amount for bill in self.at_once), Decimal(0))

    @property
    def is_mixed(self) -> bool:
        """Whether not all of it may be paid in the same ways, so that each has to say in which."""
        return len({bill.kinds for bill in self.bills}) > 1

    @property
    def online(self) -> tuple[PaymentKind, ...]:
        """By what any of the payable ones may be paid here."""
        return tuple(kind for kind in ONLINE if any(kind in bill.online for bill in self.payable))

    @property
    def open_amount(self) -> Decimal:
        """All that is open of the invoices shown."""
        return sum((bill.invoice.open_amount for bill in self.bills), Decimal(0))


def offer_of(link: PayLink, *, on: date, currency: str = "") -> Offer:
    """What the link offers; of a balance in several currencies, those invoices in `currency`."""
    if link.invoice:
        [bill] = bills_of(link.customer, [link.invoice], on)
        return Offer(currency=link.invoice.currency, bills=[bill], is_balance=False)
    invoices = Invoice.objects.of(link.organization_id).of_customer(link.customer_id).open()
    currencies = sorted(set(invoices.values_list("currency", flat=True)))
    if currency not in currencies:
        preferred = link.customer.currency
        currency = preferred if preferred in currencies or not currencies else currencies[0]
    chosen = invoices.filter(currency=currency).select_related("entity", "customer")
    shown = list(chosen.oldest_first()[:MOST_SHOWN])
    return Offer(
        currency=currency,
        bills=bills_of(link.customer, shown, on),
        is_balance=True,
        currencies=currencies,
        later=chosen.count() - len(shown) if len(shown) == MOST_SHOWN else 0,
    )


def shown_invoice(link: PayLink, invoice_id: UUID) -> Invoice | None:
    """An invoice that the link lets its holder see."""
    if link.invoice:
        return link.invoice if link.invoice.id == invoice_id else None
    invoices = Invoice.objects.of(link.organization_id).of_customer(link.customer_id).open()
    return invoices.select_related("entity", "customer").filter(id=invoice_id).first()


def spread(offer: Offer, chosen: set[UUID], amount: Decimal) -> list[tuple[UUID, Decimal]]:
    """The amount over the chosen invoices, the oldest first."""
    parts = []
    for bill in offer.payable:
        part = min(amount, bill.invoice.open_amount)
        if bill.invoice.id in chosen and part > 0:
            parts.append((bill.invoice.id, part))
            amount -= part
    return parts


def common(bills: Sequence[Bill]) -> tuple[PaymentKind, ...]:
    """By what all of these may be paid here at once."""
    return tuple(kind for kind in ONLINE if all(kind in bill.online for bill in bills))


def bills_of(payer: Customer, invoices: Sequence[Invoice], on: date) -> list[Bill]:
    """The invoices as their payer sees them on a day, in the same order."""
    if not invoices:
        return []
    claims = (
        Claim.objects.of(invoices[0].organization_id)
        .filter(live=True, invoice_id__in=[invoice.id for invoice in invoices])
        .select_related("intent")
    )
    charges = {claim.invoice_id: claim.intent for claim in claims}
    rules = payment_rules()
    return [
        Bill(invoice, charges.get(invoice.id), on, allowed_by(rules, payer, [invoice]))
        for invoice in invoices
    ]
