"""Reading uploaded lists, and forgetting them."""

from uuid import UUID

from paidup.lib import clock
from paidup.lib.jobs import job

from .lists import uploads


@job(opens_own_tenant=True)
def carry_on_upload(*, organization_id: str, upload_id: str) -> None:
    """Checks or imports an uploaded list."""
    uploads.carry_on(
        organization_id=UUID(organization_id), upload_id=UUID(upload_id), at=clock.now()
    )


@job
def forget_uploads(*, organization_id: str) -> None:
    """Every hour: forgets the files that have been kept for a day."""
    del organization_id
    uploads.forget_old(at=clock.now())
