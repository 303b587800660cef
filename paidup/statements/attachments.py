"""Statements as files that messages bring along: the very PDF that was kept."""

from uuid import UUID

from paidup.communications import files
from paidup.communications.files import File
from paidup.lib import tenancy

from .models import Statement
from .pdf import name_of

STATEMENT_PDF = "statement_pdf"


def _attach(statement_id: UUID) -> File:
    statement = (
        Statement.objects.of(tenancy.current()).select_related("customer").get(id=statement_id)
    )
    return File(
        name=name_of(statement.customer, statement.to_on),
        content=bytes(statement.pdf),
        content_type="application/pdf",
    )


files.register(STATEMENT_PDF, _attach)
