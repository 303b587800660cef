"""Having the storage remove files that were let go."""

from uuid import UUID

from paidup.lib.jobs import job

from . import operations
from .models import RemovedFile


@job
def forget_file(*, organization_id: str, removed_id: str) -> None:
    """Removes one from the storage; an outage is tried again."""
    removed = RemovedFile.objects.of(UUID(organization_id)).filter(id=removed_id).first()
    if removed:
        operations.forget_file(removed=removed)
