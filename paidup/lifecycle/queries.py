"""What a merge would do, before anybody says yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.attachments.models import Attachment
from paidup.autopay import operations as autopay
from paidup.autopay.models import Schedule
from paidup.cadences import operations as cadences
from paidup.cadences.models import Assignment
from paidup.cadences.queries import names_of
from paidup.communications.models import MessageCustomer
from paidup.customers import operations as customers
from paidup.customers.models import (
    ContactLink,
    Customer,
    CustomerValue,
    HealthChange,
    MergedCustomer,
    Note,
    OtherBalance,
)
from paidup.customers.operations.merge import Changes
from paidup.customers.states import CustomerState
from paidup.invoicing.models import Invoice
from paidup.ledger.models import Account
from paidup.organizations.field_values import ValueChange, merged_values
from paidup.organizations.models import TenantModel
from paidup.payments import operations as payments
from paidup.payments.models import (
    Credit,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    Payment,
    PaymentMethod,
    Proposal,
)
from paidup.statements.models import Statement
from paidup.todos.models import Todo

# Every table that refers to a customer, and what its rows are called in the preview. A test
# compares this with the tables there are.
MOVED: dict[type[TenantModel], str | Promise] = {
    Invoice: gettext_lazy("Invoices"),
    Payment: gettext_lazy("Payments"),
    Credit: gettext_lazy("Credits"),
    Proposal: gettext_lazy("Credits and refunds to approve"),
    Intent: gettext_lazy("Charges"),
    PaymentMethod: gettext_lazy("Saved payment methods"),
    PayLink: gettext_lazy("Pay links"),
    MethodLink: gettext_lazy("Payment method links"),
    Statement: gettext_lazy("Statements"),
    ContactLink: gettext_lazy("Contacts"),
    MessageCustomer: gettext_lazy("E-mails"),
    Note: gettext_lazy("Notes"),
    Attachment: gettext_lazy("Attachments"),
    Todo: gettext_lazy("To-dos"),
    Customer: gettext_lazy("Sub-accounts"),
    MergedCustomer: gettext_lazy("Customers merged earlier"),
    # Not counted: they belong to what is.
    Account: "",
    Assignment: "",
    CustomerValue: "",
    HealthChange: "",
    Mandate: "",
    OtherBalance: "",
    Schedule: "",
}
_COLUMNS: dict[type[TenantModel], str] = {Customer: "parent", MergedCustomer: "into"}


@dataclass(frozen=True)
class Balance:
    """The amounts of one currency."""

    currency: str
    open_amount: Decimal = Decimal(0)
    unapplied_amount: Decimal = Decimal(0)

    def __add__(self, other: "Balance") -> "Balance":
        """Both together."""
        return Balance(
            self.currency,
            self.open_amount + other.open_amount,
            self.unapplied_amount + other.unapplied_amount,
        )


@dataclass(frozen=True)
class Preview:
    """What a merge would do."""

    counts: list[tuple[str, int]]  # what moves, and how many of it
    balances: list[tuple[Balance, Balance, Balance]]  # the source's, the target's, and then
    changes: Changes
    filled: list[ValueChange]  # custom fields
    cadence: tuple[str, str]  # the target's, and that after; empty for none
    own_cadences_go: bool  # those of single contacts and invoices
    given_up: list[
        tuple[str, str, str]
    ]  # a contact of both, its cadence there, and that which stays
    refusals: list[str]
    ends_schedule: bool
    pauses_auto_payments: bool


def preview(source: Customer, target: Customer) -> Preview:
    """Reads it all; changes nothing."""
    schedules = Schedule.objects.of(source.organization_id).filter(ended=False)
    same = source.id == target.id
    return Preview(
        counts=[(str(label), _seen(model, source)) for model, label in MOVED.items() if label],
        balances=_side_by_side(source, target),
        changes={} if same else customers.merge_details(source, target),
        filled=[] if same else merged_values(CustomerValue, source.id, target.id),
        cadence=_cadence(source, target),
        own_cadences_go=not same and cadences.own_ones_go(source, target),
        given_up=[] if same else _given_up(source, target),
        refusals=refusals(source, target),
        ends_schedule=schedules.filter(customer=source).exists(),
        pauses_auto_payments=not same and autopay.waits_for_confirmation(source, target),
    )


def _cadence(source: Customer, target: Customer) -> tuple[str, str]:
    names = names_of([source.id, target.id])
    stays = source if cadences.takes_over(source, target) else target
    return names.get(target.id, ""), names.get(stays.id, "")


def _given_up(source: Customer, target: Customer) -> list[tuple[str, str, str]]:
    return [
        (own.link.contact.name, own.cadence.name, stays.cadence.name)
        for own, stays in cadences.given_up(source, target)
    ]


def refusals(source: Customer, target: Customer) -> list[str]:
    """Everything that keeps the two from being merged now, each with what to do about it."""
    if source.id == target.id:
        return [_("That is the same customer. Choose another one.")]
    found = []
    if source.entity_id != target.entity_id:
        found.append(
            _("%(source)s is billed by %(its)s and %(target)s by %(other)s; they stay apart.")
            % {
                "source": source.name,
                "its": source.entity.name,
                "target": target.name,
                "other": target.entity.name,
            }
        )
    if target.state == CustomerState.ARCHIVED:
        found.append(_("%s is archived; reactivate it first.") % target.name)
    return [
        *found,
        *payments.merge_refusals(source, target),
        *autopay.merge_refusals(source, target),
    ]


def count(model: type[TenantModel], customer: Customer) -> int:
    """How many rows of a table refer to the customer."""
    rows: Any = model._default_manager  # noqa: SLF001  documented model API
    column = _COLUMNS.get(model, "customer")
    counted: int = rows.filter(
        organization_id=customer.organization_id, **{column: customer}
    ).count()
    return counted


def _seen(model: type[TenantModel], customer: Customer) -> int:
    """The same, of rows that whoever looks may see."""
    rows: Any = model._default_manager  # noqa: SLF001  documented model API
    column = _COLUMNS.get(model, "customer")
    counted: int = rows.visible(customer.organization_id).filter(**{column: customer}).count()
    return counted


def balances(organization_id: UUID, customer_ids: Sequence[UUID]) -> dict[str, Balance]:
    """What these customers owe together and have left, by currency; where there is anything."""
    found: dict[str, Balance] = {}
    columns = ("currency", "open_amount", "unapplied_amount")
    for row in (
        *Customer.objects.of(organization_id).filter(id__in=customer_ids).values_list(*columns),
        *OtherBalance.objects.of(organization_id)
        .filter(customer_id__in=customer_ids)
        .values_list(*columns),
    ):
        one = Balance(*row)
        if one.open_amount or one.unapplied_amount:
            found[one.currency] = found.get(one.currency, Balance(one.currency)) + one
    return found


def _side_by_side(source: Customer, target: Customer) -> list[tuple[Balance, Balance, Balance]]:
    """By currency, the target's own first."""
    theirs = balances(source.organization_id, [source.id])
    ours = balances(target.organization_id, [target.id])
    currencies = sorted({*theirs, *ours, target.currency}, key=lambda one: one != target.currency)
    rows = []
    for currency in currencies:
        its, own = theirs.get(currency, Balance(currency)), ours.get(currency, Balance(currency))
        rows.append((its, own, its + own))
    return rows
