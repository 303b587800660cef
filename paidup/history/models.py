"""The event table. Rows are never changed or deleted; the database refuses it."""

from typing import Self
from uuid import UUID

from django.db import models

from paidup.lib.ids import new_id


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, organization_id: UUID) -> Self:
        return self.filter(organization_id=organization_id)

    def about_customer(self, *customer_ids: UUID) -> Self:
        """Newest first: ids are made in order, and two events of one moment keep theirs.

        A customer into which others were merged has their ids too.
        """
        return self.filter(customer_id__in=customer_ids).order_by("-at", "-id")


class Event(models.Model):
    """One thing that happened, who did it, and to what."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organization_id = models.UUIDField()
    kind = models.CharField(max_length=60)  # "payment.received"
    customer_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=40, default="")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)  # amounts, numbers, states; never personal data
    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization_id", "customer_id", "-at", "-id"], name="event_of_customer"
            ),
            models.Index(fields=["organization_id", "subject_id"], name="event_of_subject"),
        ]

    def __str__(self) -> str:
        return self.kind


class PersonalData(models.Model):
    """What an event says of a person, apart, so that erasing it leaves the event standing."""

    event_id = models.UUIDField(primary_key=True)
    organization_id = models.UUIDField()
    data = models.JSONField()

    def __str__(self) -> str:
        return str(self.event_id)
