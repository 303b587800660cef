"""Customers, with the balances kept for the list."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from paidup.customers.states import Category, CustomerState, Grade
from paidup.customers.visibility import (
    OWNERS,
    VisibleQuerySet,
    owned_by,
)
from paidup.lib import tenancy
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import (
    Entity,
    InvoiceTemplate,
    Member,
    TenantModel,
)
from paidup.organizations.states import PaymentKind

LONGEST_REASON = 500

# What is open in ten-thousandths. Row security lets an index compare whole numbers, but not
# numerics, whose comparison could tell of rows that are hidden.
UNIT = Decimal("0.0001")

# Where customers without such a day, or score, stand in the list's orders.
NEVER_DUE = date.max
NO_HEALTH = 101


def _never_null(column: str, stand_in: date | int) -> models.Case:
    """The column for an order of rows. CASE, as row security keeps COALESCE from an index."""
    missing = models.When(**{f"{column}__isnull": True}, then=models.Value(stand_in))
    return models.Case(missing, default=models.F(column))


OLDEST_DUE = _never_null("oldest_due_on", NEVER_DUE)
LAST_PAYMENT = _never_null("last_payment_on", date.min)
LAST_CONTACTED = _never_null("last_contacted_at", datetime(1, 1, 2, tzinfo=UTC))
HEALTH = _never_null("health_score", NO_HEALTH)


# By name, of what an order of the list goes by, where every customer has it.
SIMPLE_ORDERS = {
    "name": "sort_name",
    "balance": "open_units",
    "overdue": "overdue_units",
    "unapplied": "unapplied_units",
    "open_invoices": "open_invoices",
    "terms": "terms_days",
}


class CustomerQuerySet(VisibleQuerySet["Customer"]):
    def seen(self) -> Self:
        """Those of which the member who looks is an owner, where the member's role says so."""
        member_id = tenancy.limited_to()
        return self if member_id is None else self.filter(owned_by(member_id))

    def in_category(self, category: Category) -> Self:
        return self.filter(category=category)

    def locked(self) -> Self:
        """The rows locked, in id order, so that two who lock several never wait for each other."""
        return self.order_by("id").select_for_update(no_key=True)


class Customer(TenantModel):
    """An account billed by one entity. Money in its currency; other currencies in OtherBalance."""

    entity = TenantForeignKey(Entity)
    number = models.CharField(_("account number"), max_length=60)
    name = models.CharField(_("display name"), max_length=200)
    sort_name = models.TextField(db_collation="C", default="", editable=False)  # the name, folded
    parent = TenantForeignKey("self", null=True, blank=True)
    state = models.CharField(max_length=10, choices=CustomerState, default=CustomerState.ACTIVE)
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    phone = PhoneNumberField(_("phone number"), blank=True)
    billing_address = models.TextField(_("billing address"), blank=True)
    billing_country = models.CharField(_("country"), max_length=2, blank=True)
    shipping_address = models.TextField(_("shipping address"), blank=True)
    terms_days = models.PositiveSmallIntegerField(_("payment terms in days"), default=30)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    billing_owner = TenantForeignKey(Member)
    account_manager = TenantForeignKey(Member, null=True, blank=True)
    sales_rep = TenantForeignKey(Member, null=True, blank=True)
    manager = TenantForeignKey(Member, null=True, blank=True)
    auto_payments = models.BooleanField(_("auto payments"), default=True)
    late_fees = models.BooleanField(_("late fees"), default=True, db_default=True)
    # What it may pay with, none chosen: with all that is taken; and the template of its invoices.
    payment_kinds = ArrayField(
        models.CharField(max_length=12, choices=PaymentKind),
        verbose_name=_("preferred payment methods"),
        default=list,
        blank=True,
    )
    invoice_template = TenantForeignKey(
        InvoiceTemplate, verbose_name=_("default invoice template"), null=True, blank=True
    )
    created_at = models.DateTimeField()

    # How the account stands, as a colleague judged it; of nobody's judgement nothing is there.
    health_score = models.IntegerField(_("health"), null=True)
    health_until = models.DateField(_("health counts until"), null=True)  # that day included
    health_reason = models.CharField(
        _("reason of the health"), max_length=LONGEST_REASON, default="", db_default="", blank=True
    )

    # Kept in the same transaction as what they sum up; `paidup check` derives them again.
    open_amount = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    unapplied_amount = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    open_invoices = models.PositiveIntegerField(default=0)
    oldest_due_on = models.DateField(null=True)
    # In the customer's currency, on the day it was counted last: a day begins within a quarter of
    # an hour.
    overdue_units = models.BigIntegerField(default=0, db_default=0)
    last_payment_on = models.DateField(null=True)
    last_payment_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    last_contacted_at = models.DateTimeField(null=True)

    # The database derives these.
    category = models.GeneratedField(
        expression=models.Case(
            models.When(~models.Q(state=CustomerState.ACTIVE), then=models.F("state")),
            models.When(open_invoices__gt=0, then=models.Value(Category.ACTIVE)),
            default=models.Value(Category.SETTLED),
        ),
        output_field=models.CharField(max_length=10, choices=Category),
        db_persist=True,
    )
    open_units = models.GeneratedField(
        expression=Cast(models.F("open_amount") * 10000, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    unapplied_units = models.GeneratedField(
        expression=Cast(models.F("unapplied_amount") * 10000, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entity", "number"], name="customer_number"
            ),
            models.CheckConstraint(
                name="customer_balances",
                condition=models.Q(open_amount__gte=0, unapplied_amount__gte=0),
            ),
            models.CheckConstraint(
                name="customer_not_own_parent", condition=~models.Q(parent=models.F("id"))
            ),
            models.CheckConstraint(
                name="customer_health",
                condition=models.Q(health_score=None, health_until=None, health_reason="")
                | (
                    models.Q(health_score__isnull=False, health_score__range=(0, 100))
                    & ~models.Q(health_reason="")
                ),
            ),
            # A trigger keeps what is owed in other currencies out of the archive too.
            models.CheckConstraint(
                name="archived_owes_nothing",
                condition=~models.Q(state=CustomerState.ARCHIVED)
                | models.Q(open_amount=0, unapplied_amount=0),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "parent"], name="customers_by_parent"),
            # These three answer how many there are and what they owe, without a look at the rows:
            # of all, of an entity's and of the many whom a filter names; of the few whom a search
            # or a filter names; and of an owner's.
            models.Index(
                fields=["organization", "category", "currency", "open_units"],
                include=["id", "entity"],
                name="customers_sums",
            ),
            models.Index(
                fields=["organization", "id"],
                include=[
                    "category",
                    "currency",
                    "open_units",
                    "billing_owner",
                    "entity",
                    "oldest_due_on",
                ],
                name="customers_by_id",
            ),
            models.Index(
                fields=["organization", "billing_owner", "category", "currency", "open_units"],
                name="customers_by_owner",
            ),
            # With the one before: all of which a member is an owner, in any field.
            *(
                models.Index(
                    fields=["organization", owner],
                    condition=models.Q(**{f"{owner}__isnull": False}),
                    name=f"customers_by_{owner}",
                )
                for owner in OWNERS
                if owner != "billing_owner"
            ),
            # One for each order of the list.
            *(
                models.Index(
                    fields=["organization", "category", column, "id"], name=f"customers_by_{order}"
                )
                for order, column in SIMPLE_ORDERS.items()
            ),
            models.Index(
                "organization",
                "category",
                OLDEST_DUE,
                "id",
                # For the sums of an aging bucket. The day again, as an expression is none to it.
                include=["oldest_due_on", "billing_owner", "currency", "open_units"],
                name="customers_by_oldest_due",
            ),
            models.Index(
                "organization",
                "category",
                LAST_PAYMENT,
                "id",
                name="customers_by_last_payment",
            ),
            models.Index(
                "organization",
                "category",
                LAST_CONTACTED,
                "id",
                name="customers_by_last_contact",
            ),
            models.Index(
                "organization",
                "category",
                HEALTH,
                "id",
                include=["health_score", "billing_owner", "currency", "open_units"],
                name="customers_by_health",
            ),
            models.Index(
                fields=["organization", "health_until"],
                condition=models.Q(health_until__isnull=False),
                name="customers_by_health_until",
            ),
            models.Index(
                fields=["organization", "invoice_template"],
                condition=models.Q(invoice_template__isnull=False),
                name="customers_by_template",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def health(self) -> Grade | None:
        """The grade of its score; None where nobody has set one."""
        return None if self.health_score is None else Grade.of(self.health_score)


class TaggedCustomer(models.Model):
    """A customer by one of its tags. The database keeps it, from the customer's `tags`, as row
    security lets no index look into a list."""

    pk = models.CompositePrimaryKey("organization", "tag", "customer_id")
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    tag = models.CharField(max_length=40)
    customer_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["organization", "customer_id"], name="tags_of_customer")]

    def __str__(self) -> str:
        return self.tag


class OtherBalance(TenantModel):
    """What a customer owes in a currency that is not its own."""

    customer = TenantForeignKey(Customer)
    currency = models.CharField(max_length=3)
    open_amount = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    unapplied_amount = models.DecimalField(max_digits=19, decimal_places=4, default=Decimal(0))
    objects = VisibleQuerySet["OtherBalance"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "currency"], name="other_balance"
            ),
            models.CheckConstraint(
                name="other_balances",
                condition=models.Q(open_amount__gte=0, unapplied_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_amount} {self.currency}"


class Note(TenantModel):
    """What a colleague wrote down about a customer. Only added to."""

    customer = TenantForeignKey(Customer)
    text = models.TextField(_("note"))
    author = TenantForeignKey(Member)
    written_at = models.DateTimeField()
    objects = VisibleQuerySet["Note"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "customer", "-written_at", "-id"], name="notes_of_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SearchRow(models.Model):
    """One row per customer with all by which it is found; read through `search_customers` only."""

    customer_id = models.UUIDField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    # All folded. Names and numbers are also found by their first letters.
    name = models.TextField(db_collation="C")
    number = models.TextField(db_collation="C")
    names = models.TextField()  # the customer's and its contacts', found also when misspelt
    words = models.TextField()  # name, number, contacts' names, addresses and phones

    class Meta:
        indexes = [
            models.Index(fields=["organization", "name"], name="search_name"),
            models.Index(fields=["organization", "number"], name="search_number"),
        ]

    def __str__(self) -> str:
        return self.name
