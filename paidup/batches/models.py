"""Batches, and their rows: one for each customer."""

from django.db import models

from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Member, TenantModel, TenantQuerySet

from .states import Action, RowState


class Batch(TenantModel):
    """A change that a member asked for, for all the customers that its rows name."""

    action = models.CharField(max_length=20, choices=Action)
    settings = models.JSONField(default=dict)  # what the change needs to know: ids, words
    asked_by = TenantForeignKey(Member)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    objects = TenantQuerySet["Batch"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-asked_at"], name="latest_batches")]

    def __str__(self) -> str:
        return self.action


class BatchRow(models.Model):
    """A customer of a batch. Its id stays where the customer is merged, not where it is deleted."""

    pk = models.CompositePrimaryKey("organization", "batch", "customer_id")
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    batch = TenantForeignKey(Batch)
    customer_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    reason = models.TextField(blank=True)  # of a refusal

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="batch_row_says_why",
                condition=models.Q(state=RowState.REFUSED) ^ models.Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "batch", "customer_id"],
                condition=models.Q(state="waiting"),
                name="waiting_batch_rows",
            ),
            models.Index(fields=["organization", "customer_id"], name="batch_rows_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"
