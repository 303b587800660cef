"""How customers stood, and who said so."""

from django.db import models

from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Member, TenantModel

from .accounts import LONGEST_REASON, Customer


class HealthChange(TenantModel):
    """One judgement of a customer's health. Only added to; a merge hands it over.

    Without a score the one before was cleared, or had ended, which nobody does.
    """

    customer = TenantForeignKey(Customer)
    score = models.IntegerField(null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    author = TenantForeignKey(Member, null=True)
    changed_at = models.DateTimeField()
    objects = VisibleQuerySet["HealthChange"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="health_change",
                condition=models.Q(score=None, until=None, reason="")
                | (models.Q(score__isnull=False, score__range=(0, 100)) & ~models.Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-changed_at", "-id"],
                name="health_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)
