"""Statements as they were sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, TenantModel

from .states import StatementKind


class Statement(TenantModel):
    """A statement that was sent: its figures and its PDF, which nothing changes afterwards.

    `figures` is what `Figures.to_json` wrote. A trigger refuses to change any of it; a merge gives
    the row to another customer, a deletion takes it away.
    """

    entity = TenantForeignKey(Entity)
    customer = TenantForeignKey(Customer)
    kind = models.CharField(_("kind"), max_length=16, choices=StatementKind)
    currency = models.CharField(_("currency"), max_length=3)
    from_on = models.DateField(_("from"), null=True)  # of a balance forward
    to_on = models.DateField(_("to"))
    closing = models.DecimalField(max_digits=19, decimal_places=4)
    figures = models.JSONField()
    pdf = models.BinaryField()
    issued_at = models.DateTimeField()
    objects = VisibleQuerySet["Statement"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_range",
                condition=models.Q(kind="open_item", from_on=None)
                | models.Q(kind="balance_forward", from_on__lte=models.F("to_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-to_on", "-id"], name="statements_of_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to_on}"
