"""Invoice templates."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from paidup.organizations.states import PaymentKind

from .tenants import TenantModel, TenantQuerySet

LONGEST_TEMPLATE_NAME = 60
LONGEST_TEMPLATE_TEXT = 2000


class InvoiceTemplate(TenantModel):
    """What an invoice says beside its lines, and what it may be paid with.

    Its words are copied to an invoice when that is issued; what it lets through counts as it is
    now. One that was removed stays with the invoices that have it.
    """

    name = models.CharField(_("name"), max_length=LONGEST_TEMPLATE_NAME)
    heading = models.TextField(_("text above the lines"), blank=True)
    footer = models.TextField(_("text below the lines"), blank=True)
    payment_kinds = ArrayField(models.CharField(max_length=12, choices=PaymentKind))
    default = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    objects = TenantQuerySet["InvoiceTemplate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                condition=models.Q(removed=False),
                name="invoice_template_name",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(default=True),
                name="one_default_invoice_template",
            ),
            models.CheckConstraint(
                name="no_removed_default_template",
                condition=~models.Q(default=True, removed=True),
            ),
            models.CheckConstraint(
                name="invoice_template_kinds", condition=models.Q(payment_kinds__len__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name
