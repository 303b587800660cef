"""Files by their names; what they hold is in the storage, below names that say nothing."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Contact, Customer, Note
from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Member, TenantModel, TenantQuerySet


class AttachmentQuerySet(VisibleQuerySet["Attachment"]):
    def shared(self) -> Self:
        """Those that the customer sees."""
        return self.filter(note=None)


class Attachment(TenantModel):
    """A file. With a note it is internal; without one the customer sees it in the portal.

    It was brought by a member, or in the portal by a contact: by neither, once that person is
    erased.
    """

    customer = TenantForeignKey(Customer)
    note = TenantForeignKey(Note, null=True)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=100)  # found in the content, not believed
    size = models.PositiveIntegerField()  # bytes
    path = models.CharField(max_length=100)  # in the storage; random
    added_by = TenantForeignKey(Member, null=True)
    contact = TenantForeignKey(Contact, null=True)
    added_at = models.DateTimeField()
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "path"], name="attachment_path"),
            models.CheckConstraint(name="attachment_size", condition=models.Q(size__gt=0)),
            models.CheckConstraint(
                name="attachment_brought_by_one",
                condition=models.Q(added_by__isnull=False, contact=None)
                | models.Q(added_by=None, note=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-added_at", "-id"],
                name="attachments_of_customer",
            ),
            models.Index(
                fields=["organization", "note"],
                condition=models.Q(note__isnull=False),
                name="attachments_of_note",
            ),
            models.Index(
                fields=["organization", "contact"],
                condition=models.Q(contact__isnull=False),
                name="attachments_of_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RemovedFile(TenantModel):
    """A file that the storage still has to remove; then the row goes."""

    path = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    objects = TenantQuerySet["RemovedFile"].as_manager()

    def __str__(self) -> str:
        return self.path
