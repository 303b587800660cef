"""One customer's whole data, to be saved."""

from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from paidup.lifecycle.export import archive_name, export_customer
from paidup.web.access import StaffRequest, editor

from .lists import find


@editor
@require_POST
def archive(request: StaffRequest, customer_id: UUID) -> StreamingHttpResponse:
    """The ZIP, streamed. A POST, as it leaves an event."""
    customer = find(request, customer_id)
    pieces = export_customer(customer=customer, by=request.by, at=request.at)
    disposition = content_disposition_header(as_attachment=True, filename=archive_name(customer))
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={"Content-Disposition": disposition or "attachment"},
    )
