"""Files that were uploaded to be imported, and how their columns were assigned."""

from django.db import models

from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, Member, TenantModel, TenantQuerySet

from .states import ListKind, UploadState


class Upload(TenantModel):
    """A list on its way in. Goes after a day, its file as soon as it is imported."""

    kind = models.CharField(max_length=10, choices=ListKind)
    entity = TenantForeignKey(Entity)  # that bills those customers
    member = TenantForeignKey(Member)  # who brought it, and alone sees it
    file_name = models.CharField(max_length=120)  # to be shown, nothing else
    content = models.BinaryField()
    header = models.JSONField()
    sample = models.JSONField()  # the first lines
    lines = models.PositiveIntegerField()
    columns = models.JSONField()  # for each column the field it holds, or nothing
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.UPLOADED)
    lines_read = models.PositiveIntegerField(default=0)
    skip_bad = models.BooleanField(default=False)
    outcome = models.JSONField(null=True)
    rejected = models.TextField(blank=True)  # those lines with the reasons, as CSV
    refusal = models.TextField(blank=True)  # why it could not be done the last time
    uploaded_at = models.DateTimeField()
    objects = TenantQuerySet["Upload"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "uploaded_at"], name="uploads_by_age")]

    def __str__(self) -> str:
        return self.file_name


class ColumnChoice(TenantModel):
    """How the columns of a header were assigned the last time."""

    kind = models.CharField(max_length=10, choices=ListKind)
    header = models.CharField(max_length=64)  # its digest
    columns = models.JSONField()
    objects = TenantQuerySet["ColumnChoice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "header"], name="column_choice_of_header"
            ),
        ]

    def __str__(self) -> str:
        return self.header
