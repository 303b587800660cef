"""What is left of customers who were merged into others, or deleted."""

from django.db import models

from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, TenantModel, TenantQuerySet

from .accounts import Customer


class MergedCustomer(TenantModel):
    """Where a merged customer has gone: its id, which this row has, and its number lead there."""

    into = TenantForeignKey(Customer)
    entity = TenantForeignKey(Entity)
    number = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    merged_at = models.DateTimeField()
    objects = VisibleQuerySet["MergedCustomer"].as_manager()
    to_customer = "into"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entity", "number"], name="merged_customer_number"
            ),
        ]
        indexes = [models.Index(fields=["organization", "into"], name="merged_into")]

    def __str__(self) -> str:
        return self.name


class DeletedCustomer(TenantModel):
    """That there was a customer of this id, and until when; nothing about it."""

    deleted_at = models.DateTimeField()
    objects = TenantQuerySet["DeletedCustomer"].as_manager()

    def __str__(self) -> str:
        return str(self.id)
