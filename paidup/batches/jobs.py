"""The worker's part of a batch."""

from uuid import UUID

from paidup.lib import clock
from paidup.lib.jobs import enqueue, job

from .making import make_some
from .models import Batch


@job
def go_on(*, organization_id: str, batch_id: str) -> None:
    """Makes the change to the next customers, and comes back while some are left."""
    batch = Batch.objects.of(UUID(organization_id)).get(id=batch_id)
    if make_some(batch=batch, at=clock.now()):
        enqueue(go_on, organization_id=organization_id, batch_id=batch_id)
