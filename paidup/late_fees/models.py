"""The organization's rules about late fees, and the fees charged by them."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.visibility import VisibleQuerySet
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import TenantModel, TenantQuerySet

from .states import Kind

_AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 4}
_RATE: dict[str, Any] = {"max_digits": 7, "decimal_places": 4}  # percent
_OF_KIND = (
    models.Q(kind="flat", amount__gt=0, rate=None)
    | models.Q(kind="percent", rate__gt=0, amount=None)
    | models.Q(kind="per_annum", rate__gt=0, amount=None)
)


class RuleQuerySet(TenantQuerySet["Rule"]):
    def standing(self) -> Self:
        """Those that weren't removed."""
        return self.filter(removed=False)


class Rule(TenantModel):
    """What being late costs: invoices of one currency, or of all that have no rule of their own.

    A removed rule stays as a row, for the fees that were charged by it.
    """

    currency = models.CharField(_("currency"), max_length=3, blank=True)
    kind = models.CharField(_("fee"), max_length=10, choices=Kind)
    amount = models.DecimalField(_("amount"), null=True, **_AMOUNT)  # of a flat fee
    rate = models.DecimalField(_("percent"), null=True, **_RATE)  # else
    grace_days = models.PositiveSmallIntegerField(_("grace days"))
    every_days = models.PositiveSmallIntegerField(_("again every so many days"), null=True)
    most = models.DecimalField(_("most for one invoice"), null=True, **_AMOUNT)
    starts_on = models.DateField(_("for invoices due from"))
    switched_on = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "currency"],
                condition=models.Q(removed=False),
                name="one_late_fee_rule",
            ),
            models.CheckConstraint(name="late_fee_kind", condition=_OF_KIND),
            models.CheckConstraint(
                name="late_fee_amounts_have_a_currency",
                condition=~models.Q(currency="") | models.Q(amount=None, most=None),
            ),
            models.CheckConstraint(
                name="late_fee_most", condition=models.Q(most=None) | models.Q(most__gt=0)
            ),
            models.CheckConstraint(
                name="late_fee_every",
                condition=models.Q(every_days=None) & ~models.Q(kind="per_annum")
                | models.Q(every_days__gt=0),
            ),
            models.CheckConstraint(
                name="removed_rule_is_off",
                condition=models.Q(removed=False) | models.Q(switched_on=False),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Fee(TenantModel):
    """That a fee was charged for an invoice and a period, and how it was reckoned. Only added to:
    what becomes of it later befalls its document."""

    rule = TenantForeignKey(Rule)
    invoice = TenantForeignKey(Invoice)  # that was late
    document = TenantForeignKey(Invoice)  # by which the fee was billed
    # The period's day: the fee is charged from then on. Paid before it is paid in time.
    period_on = models.DateField()
    days = models.PositiveIntegerField()  # for which interest counts; else how late it was
    kind = models.CharField(max_length=10, choices=Kind)
    rate = models.DecimalField(null=True, **_RATE)
    base = models.DecimalField(**_AMOUNT)  # of what was late then, what the fee is for
    amount = models.DecimalField(**_AMOUNT)
    most = models.DecimalField(null=True, **_AMOUNT)  # what the rule's cap left for it
    charged_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = VisibleQuerySet["Fee"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice", "rule", "period_on"], name="one_fee_per_period"
            ),
            models.UniqueConstraint(fields=["organization", "document"], name="one_fee_a_document"),
            models.CheckConstraint(
                name="fee_amounts",
                condition=models.Q(base__gt=Decimal(0), amount__gt=Decimal(0))
                & (models.Q(most=None) | models.Q(amount__lte=models.F("most"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.invoice_id} from {self.period_on}"
