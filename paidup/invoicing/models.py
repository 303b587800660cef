"""Invoices with their lines, disputes and promises to pay."""

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Contact, Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import (
    Entity,
    FieldValue,
    InvoiceTemplate,
    Member,
    TenantModel,
    TenantQuerySet,
    value_constraints,
    value_indexes,
)
from paidup.organizations.states import FieldSubject

from .states import DisputeState, Hold, InvoiceState, PromiseState

LONGEST_STATUS = 60


class InvoiceQuerySet(VisibleQuerySet["Invoice"]):
    def open(self) -> Self:
        return self.filter(state=InvoiceState.OPEN)

    def overdue(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)

    def of_customer(self, customer_id: UUID) -> Self:
        return self.filter(customer_id=customer_id)

    def of_status(self, status_id: UUID) -> Self:
        """The open ones of a collection status."""
        return self.open().filter(collection_status_id=status_id)

    def oldest_first(self) -> Self:
        """The order in which money is applied: due date, issue date, number; late fees last."""
        is_fee = models.ExpressionWrapper(
            models.Q(fee_for__isnull=False), output_field=models.BooleanField()
        )
        return self.order_by(is_fee, "due_on", "issued_on", "number", "id")


class CollectionStatus(TenantModel):
    """How far collecting an invoice has come, in the organization's own words.

    One that was removed stays with the invoices that had it when they were settled.
    """

    name = models.CharField(_("name"), max_length=LONGEST_STATUS)
    position = models.PositiveSmallIntegerField()
    default = models.BooleanField(_("default for new invoices"), default=False)
    notifies = models.BooleanField(_("notifies a manager"), default=False)
    removed = models.BooleanField(default=False)
    objects = TenantQuerySet["CollectionStatus"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                condition=models.Q(removed=False),
                name="collection_status_name",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(default=True),
                name="one_default_collection_status",
            ),
            models.CheckConstraint(
                name="no_removed_default",
                condition=~models.Q(default=True, removed=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invoice(TenantModel):
    """A bill that was issued. Never edited afterwards; what changes is what is still open of it."""

    entity = TenantForeignKey(Entity)
    customer = TenantForeignKey(Customer, null=True)  # none once it was deleted
    number = models.CharField(_("number"), max_length=60)
    po_number = models.CharField(_("PO number"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(max_length=12, choices=InvoiceState, default=InvoiceState.OPEN)
    collection_status = TenantForeignKey(CollectionStatus, null=True)
    # Of a late fee, the invoice that was late; the database refuses a fee for a fee.
    fee_for = TenantForeignKey("self", null=True)
    hold = models.CharField(max_length=12, choices=Hold, default=Hold.NONE, blank=True)
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"))
    total = models.DecimalField(_("total"), max_digits=19, decimal_places=4)
    open_amount = models.DecimalField(_("open"), max_digits=19, decimal_places=4)
    disputed_amount = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    promised_until = models.DateField(null=True)  # chasing pauses while a promise holds
    bill_to = models.TextField(blank=True)  # as issued: name and address, line by line
    note = models.TextField(blank=True)
    template = TenantForeignKey(InvoiceTemplate)
    heading = models.TextField(blank=True)  # the template's words, as issued
    footer = models.TextField(blank=True)
    created_at = models.DateTimeField()
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entity", "number"], name="invoice_number"
            ),
            models.CheckConstraint(
                name="invoice_open_amount",
                condition=models.Q(open_amount__gte=0, open_amount__lte=models.F("total")),
            ),
            models.CheckConstraint(
                name="invoice_open_means_owed",
                condition=models.Q(state="open", open_amount__gt=0)
                | (~models.Q(state="open") & models.Q(open_amount=0)),
            ),
            models.CheckConstraint(
                name="invoice_disputed_amount",
                condition=models.Q(disputed_amount__gte=0, disputed_amount__lte=models.F("total")),
            ),
            models.CheckConstraint(
                name="invoice_of_nobody",
                condition=models.Q(customer__isnull=False)
                | models.Q(open_amount=0, bill_to="", note="", po_number=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-issued_on"], name="invoices_of_customer"
            ),
            models.Index(
                fields=["organization", "customer", "due_on"],
                condition=models.Q(state="open"),
                include=["currency", "open_amount"],
                name="open_invoices",
            ),
            # Names whoever has an open invoice of a status, without a look at the rows.
            models.Index(
                fields=["organization", "collection_status", "customer"],
                condition=models.Q(state="open", collection_status__isnull=False),
                name="open_invoices_by_status",
            ),
            models.Index(
                fields=["organization", "issued_on"],
                include=["currency", "total"],
                name="invoices_by_issue_day",
            ),
            models.Index(
                fields=["organization", "fee_for"],
                condition=models.Q(fee_for__isnull=False),
                name="late_fees_of_invoice",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_late_fee(self) -> bool:
        return self.fee_for_id is not None

    @property
    def chaseable_amount(self) -> Decimal:
        """What is open and not disputed."""
        return max(self.open_amount - self.disputed_amount, Decimal(0))

    @property
    def partially_paid(self) -> bool:
        return self.state == InvoiceState.OPEN and self.open_amount < self.total

    def days_late(self, on: date) -> int:
        """Days past due, negative before."""
        return (on - self.due_on).days


class InvoiceLine(TenantModel):
    """One line, rounded once: quantity times unit price, then tax."""

    invoice = TenantForeignKey(Invoice)
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=15, decimal_places=4, default=Decimal(1))
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0))  # percent
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    tax = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    objects = VisibleQuerySet["InvoiceLine"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice", "position"], name="line_position"
            ),
        ]

    def __str__(self) -> str:
        return self.description


class InvoiceValue(FieldValue):
    """What an invoice's custom field holds: the organization's own note, no part of the bill."""

    of = FieldSubject.INVOICE
    invoice = TenantForeignKey(Invoice)
    objects = VisibleQuerySet["InvoiceValue"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = value_constraints(FieldSubject.INVOICE)
        indexes = value_indexes(FieldSubject.INVOICE)


class Dispute(TenantModel):
    """A part of an invoice the customer contests: it leaves chasing and stays in aging."""

    invoice = TenantForeignKey(Invoice)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    assignee = TenantForeignKey(Member, null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    objects = VisibleQuerySet["Dispute"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_amount", condition=models.Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                condition=models.Q(state="open"),
                name="one_open_dispute",
            ),
        ]
        indexes = [models.Index(fields=["organization", "invoice"], name="disputes_of_invoice")]

    def __str__(self) -> str:
        return self.reason


class Promise(TenantModel):
    """A promise to pay an invoice by a date; chasing pauses until it is kept or broken."""

    invoice = TenantForeignKey(Invoice)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    promised_for = models.DateField()
    made_on = models.DateField()
    contact = TenantForeignKey(Contact, null=True)
    open_before = models.DecimalField(max_digits=19, decimal_places=4)
    state = models.CharField(max_length=12, choices=PromiseState, default=PromiseState.OPEN)
    objects = VisibleQuerySet["Promise"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.CheckConstraint(name="promise_amount", condition=models.Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                condition=models.Q(state="open"),
                name="one_open_promise",
            ),
        ]
        indexes = [models.Index(fields=["organization", "invoice"], name="promises_of_invoice")]

    def __str__(self) -> str:
        return f"{self.amount} by {self.promised_for}"
