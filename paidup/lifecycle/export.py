"""One customer's whole data as a ZIP, for whoever has a right to see it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from paidup.attachments.models import Attachment
from paidup.attachments.operations import pieces_of
from paidup.communications.models import Message, MessageCustomer
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.models import Event, PersonalData
from paidup.invoicing.models import Invoice
from paidup.invoicing.pdf import file_name, invoice_pdf
from paidup.lib.spreadsheet import BOM, written
from paidup.lib.tenancy import tenant
from paidup.organizations.models import CustomField, Member
from paidup.statements.models import Statement

from .contents import EXPORTED, LEFT_OUT, columns, rows

AT_A_TIME = 1000
# What follows these in an address opens the books, or a login, to whoever has it.
_KEYS = re.compile(r"(/(?:pay|method|invitation|password)/)[^/\s\"\\?]+")

Row = dict[str, Any]


@transaction.atomic
def export_customer(*, customer: Customer, by: Actor, at: datetime) -> Iterator[bytes]:
    """The ZIP, piece by piece; it is read as it is taken, in a scope of its own.

    That it was taken is recorded at once.
    """
    history.record(
        "customer.exported",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=customer.id,
        data={"number": customer.number},
    )
    return _archive(customer.organization_id, customer.id, at)


def archive_name(customer: Customer) -> str:
    """What the ZIP is called where it is saved."""
    return f"customer-{_safe(customer.number)}.zip"


class _Outlet:
    """A file that can't be gone back in, whose content is taken piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _archive(organization_id: UUID, customer_id: UUID, at: datetime) -> Iterator[bytes]:
    outlet = _Outlet()
    with tenant(organization_id):
        customer = (
            Customer.objects.of(organization_id).select_related("organization").get(id=customer_id)
        )
        names = _names(organization_id)
        with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
            for name, texts in _files(customer, names, at):
                with archive.open(_entry(name, at), "w") as file:
                    for text in texts:
                        file.write(text if isinstance(text, bytes) else text.encode())
                        yield outlet.taken()
        yield outlet.taken()


def _names(organization_id: UUID) -> dict[UUID, str]:
    """What colleagues and custom fields are called."""
    return dict(
        [
            *Member.objects.of(organization_id).values_list("id", "name"),
            *CustomField.objects.of(organization_id).values_list("id", "label"),
        ]
    )


def _files(
    customer: Customer, names: dict[UUID, str], at: datetime
) -> Iterator[tuple[str, Iterable[str | bytes]]]:
    yield "README.txt", [_readme(customer, at)]
    for model, part in EXPORTED.items():
        if model is Customer:
            [row] = _rows(model, customer, names)
            yield f"{part.name}.json", [json.dumps(row, ensure_ascii=False, indent=1)]
            continue
        yield f"{part.name}.json", _as_json(_rows(model, customer, names))
        yield f"{part.name}.csv", _as_csv(model, _rows(model, customer, names))
    yield from _documents(customer)


def _rows(model: type[Model], customer: Customer, names: dict[UUID, str]) -> Iterator[Row]:
    """The rows as plain values: colleagues and custom fields by their names, all else as stored."""
    said = columns(model)
    source = rows(model, customer).values(*(column.attname for column in said))
    found = source.iterator(chunk_size=AT_A_TIME)
    while some := list(islice(found, AT_A_TIME)):
        personal = _personal(some, customer) if model is Event else {}
        if model is Message:
            _withhold(some, customer)
        for row in some:
            told = {
                column.name: names.get(row[column.attname], "")
                if column.related_model in {Member, CustomField}
                else _plain(row[column.attname])
                for column in said
            }
            yield told | ({"personal": personal.get(row["id"], {})} if model is Event else {})


def _personal(events: list[Row], customer: Customer) -> dict[UUID, Any]:
    """What these events say of people; nothing of mails that are about other customers too."""
    shared = _shared((event["subject_id"] for event in events), customer)
    ids = [event["id"] for event in events if event["subject_id"] not in shared]
    return dict(PersonalData.objects.filter(event_id__in=ids).values_list("event_id", "data"))


def _withhold(messages: list[Row], customer: Customer) -> None:
    """Takes out what is another customer's, or lets whoever reads it pay or sign in."""
    shared = _shared((message["id"] for message in messages), customer)
    for message in messages:
        if message["id"] in shared:
            message |= {"subject": "", "blocks": [], "attachments": []}
        else:
            stored = json.dumps(message["blocks"], ensure_ascii=False)
            message["blocks"] = json.loads(_KEYS.sub(r"\1…", stored))


def _shared(message_ids: Iterable[UUID], customer: Customer) -> set[UUID]:
    """Of these messages those that are about other customers too."""
    about = MessageCustomer.objects.of(customer.organization_id).exclude(customer=customer)
    return set(about.filter(message_id__in=message_ids).values_list("message_id", flat=True))


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str() | list() | dict():
            return value
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def _as_json(found: Iterator[Row]) -> Iterator[str]:
    yield "["
    for count, row in enumerate(found):
        yield (",\n" if count else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _as_csv(model: type[Model], found: Iterator[Row]) -> Iterator[str]:
    head = [column.name for column in columns(model)]
    if model is Event:
        head.append("personal")
    yield BOM + written([head])
    while some := list(islice(found, AT_A_TIME)):
        yield written(
            [
                json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
                for value in row.values()
            ]
            for row in some
        )


def _documents(customer: Customer) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Every invoice and statement as its PDF, every file as it is. Numbers are what people typed:
    no path is made of them."""
    invoices = Invoice.objects.of(customer.organization_id).filter(customer=customer)
    names: set[str] = set()
    for invoice in (
        invoices.select_related("customer", "entity")
        .order_by("issued_on", "id")
        .iterator(AT_A_TIME)
    ):
        name = _safe(file_name(invoice))
        if name in names:
            name = f"{invoice.id}-{name}"
        names.add(name)
        yield f"invoices/{name}", [invoice_pdf(invoice)]
    statements = Statement.objects.of(customer.organization_id).filter(customer=customer)
    for statement in statements.order_by("to_on", "id").iterator(1):
        name = f"{statement.to_on.isoformat()}-{statement.id}.pdf"
        yield f"statements/{name}", [bytes(statement.pdf)]
    files = Attachment.objects.of(customer.organization_id).filter(customer=customer)
    for attachment in files.order_by("added_at", "id"):
        name = f"{attachment.id}-{_safe(attachment.name)}"
        yield f"attachments/{name}", pieces_of(attachment)


def _readme(customer: Customer, at: datetime) -> str:
    name = f"{customer.name} ({customer.number})"
    figures = {"name": name, "organization": customer.organization.name}
    lines = [
        _("All that %(organization)s keeps about %(name)s.") % figures,
        _("Taken at %s.") % at.isoformat(timespec="minutes"),
        "",
        _("Each table comes twice: as JSON, and as CSV for spreadsheets."),
        _("In CSV, a text that a spreadsheet would compute has an apostrophe before it."),
        "",
        *(f"{part.name}: {part.about}" for part in EXPORTED.values()),
        _("invoices/: every invoice as a PDF, as it stands now"),
        _("attachments/: every file, shared with the customer or kept with a note"),
        _("statements/: every statement as the PDF that was sent"),
        "",
        _("Left out:"),
        *(f"- {reason}" for reason in LEFT_OUT.values()),
        _("- Secrets of saved payment methods, which would let others charge them."),
        _("- In e-mails, the part of a link that lets whoever has it pay or sign in."),
        _("- The words of e-mails that are about other customers too."),
    ]
    return "\n".join(lines) + "\n"


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _safe(name: str) -> str:
    """A file's name of letters and digits that leads nowhere else."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".") or "_"
