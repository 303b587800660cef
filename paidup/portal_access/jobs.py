"""The worker's part of a request for access."""

from uuid import UUID

from paidup.lib import clock
from paidup.lib.jobs import job

from .operations import answer_request


@job
def answer(*, organization_id: str, contact_id: str) -> None:
    """Writes to whoever asked, where there is such a contact."""
    del organization_id
    answer_request(contact_id=UUID(contact_id), at=clock.now())
