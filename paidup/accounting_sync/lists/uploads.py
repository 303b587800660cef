"""A list on its way in through the browser: kept, its columns assigned, checked, imported, gone.

Nothing of this is an event; the import itself is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.accounting_sync.models import Upload
from paidup.accounting_sync.operations import ImportRefused
from paidup.accounting_sync.states import ListKind, UploadState
from paidup.accounting_sync.text_file import FileRefused, opened
from paidup.history.actors import staff
from paidup.lib import formatting, jobs, tenancy
from paidup.lib.spreadsheet import BOM, written
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Entity, Member

from .columns import columns_of, remember, storable
from .custom import fields_for
from .fields import checked
from .operations import import_list
from .outcome import Outcome
from .reading import Members, read, sample

MEGABYTE = 1024**2
MOST_BYTES = 25 * MEGABYTE
MOST_LINES, MOST_COLUMNS = 250_000, 100
SAMPLED = 3  # lines that are shown
SHOWN_ERRORS = 100
KEPT = timedelta(days=1)


class UploadRefused(Exception):
    """Not with an upload that has come so far; the message says why."""


def keep_upload(
    *,
    kind: ListKind,
    content: bytes,
    file_name: str,
    entity: Entity,
    member: Member,
    at: datetime,
) -> Upload:
    """Keeps a file until it is imported, for a day at most.

    Raises FileRefused for one that is empty, too large, or no CSV file.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    table = opened(content)
    if not any(table.header):
        raise FileRefused(_("The file is empty. Its first line has to name the columns."))
    if len(table.header) > MOST_COLUMNS:
        raise FileRefused(
            ngettext(
                "The file has %(count)s column; leave out all but %(most)s.",
                "The file has %(count)s columns; leave out all but %(most)s.",
                len(table.header),
            )
            % {"count": len(table.header), "most": MOST_COLUMNS}
        )
    first = list(sample(table, lines=SAMPLED))
    lines = len(first) + sum(1 for _line in islice(table.lines, MOST_LINES))
    if not first:
        raise FileRefused(_("The file has nothing below its first line, which names the columns."))
    if lines > MOST_LINES:
        raise FileRefused(
            ngettext(
                "The file has more than %s line. Divide it, each part with the first line.",
                "The file has more than %s lines. Divide it, each part with the first line.",
                MOST_LINES,
            )
            % formatting.number(MOST_LINES)
        )
    return Upload.objects.create(
        organization_id=member.organization_id,
        kind=kind,
        entity=entity,
        member=member,
        file_name=file_name.replace("\0", "")[:120],
        content=content,
        header=[storable(title) for title in table.header],
        sample=[[storable(cell) for cell in cells] for cells in first],
        lines=lines,
        columns=columns_of(kind, table.header),
        uploaded_at=at,
    )


def too_large() -> FileRefused:
    """What to say of a file that nobody wants to read to its end."""
    return FileRefused(
        _("The file is larger than %s MB. Divide it, each part with the first line.")
        % (MOST_BYTES // MEGABYTE)
    )


@transaction.atomic
def assign_columns(*, upload: Upload, columns: Sequence[str]) -> None:
    """Says what the columns hold, which is remembered, and has the list checked.

    Raises ColumnsRefused unless it can be imported so, UploadRefused while it is being read.
    """
    upload = _locked(upload)
    if upload.state not in {UploadState.UPLOADED, UploadState.CHECKED}:
        raise UploadRefused(_("The list is being read, or imported already."))
    chosen = checked(fields_for(ListKind(upload.kind)), columns)
    if len(chosen) != len(upload.header):
        raise UploadRefused(_("The list has other columns than these; look at it again."))
    remember(ListKind(upload.kind), upload.header, chosen)
    upload.columns = chosen
    _begin(upload, UploadState.CHECKING)


@transaction.atomic
def start_import(*, upload: Upload, skip_bad: bool) -> None:
    """Has the list imported as it was checked; with `skip_bad` without its wrong lines.

    Raises UploadRefused unless it was checked, also when it is under way already.
    """
    upload = _locked(upload)
    if upload.state != UploadState.CHECKED:
        raise UploadRefused(_("The list is being read, or imported already."))
    upload.skip_bad = skip_bad
    _begin(upload, UploadState.IMPORTING)


def discard(*, upload: Upload) -> None:
    """Forgets the file. What was imported stays. Raises UploadRefused while it is being read."""
    if _locked(upload).state in {UploadState.CHECKING, UploadState.IMPORTING}:
        raise UploadRefused(_("The list is being read; wait until that is done."))
    Upload.objects.of(upload.organization_id).filter(id=upload.id).delete()


def forget_old(*, at: datetime) -> None:
    """Forgets all files that have been kept for a day."""
    Upload.objects.of(tenancy.current()).filter(uploaded_at__lte=at - KEPT).delete()


def carry_on(*, organization_id: UUID, upload_id: UUID, at: datetime) -> None:
    """Checks or imports an upload, whichever was asked for; nothing when that is done.

    The lines are read with no transaction open, so that whoever waits sees how far it is.
    """
    with tenant(organization_id):
        rows = Upload.objects.of(organization_id).select_related("entity", "member__organization")
        upload = rows.filter(id=upload_id).first()
        if upload is None or not _under_way(upload):
            return
        members = Members(upload.member.organization)
        fields = fields_for(ListKind(upload.kind))
    content = bytes(upload.content)
    entries = read(
        opened(content),
        kind=ListKind(upload.kind),
        fields=fields,
        columns=upload.columns,
        members=members,
        region=upload.entity.country,
        told=lambda lines: _tell(organization_id, upload_id, lines),
    )
    _tell(organization_id, upload_id, upload.lines)
    with tenant(organization_id):
        fresh = _locked(upload)
        if fresh.state != upload.state:
            return
        importing = fresh.state == UploadState.IMPORTING
        try:
            outcome = import_list(
                kind=ListKind(fresh.kind),
                entries=entries,
                entity=upload.entity,
                by=staff(upload.member_id),
                at=at,
                dry_run=not importing,
                skip_bad=fresh.skip_bad,
            )
        except ImportRefused as refused:
            fresh.state, fresh.refusal = UploadState.CHECKED, str(refused)
            fresh.save()
            return
        _conclude(fresh, outcome, importing=importing)


def _conclude(upload: Upload, outcome: Outcome, *, importing: bool) -> None:
    """Keeps what came of it, and the file only while it is needed."""
    content = bytes(upload.content)
    shown = outcome.facts()
    shown["errors"] = shown["errors"][:SHOWN_ERRORS]
    upload.outcome = shown
    upload.rejected = _rejected(content, outcome) if outcome.errors else ""
    upload.state = UploadState.CHECKED
    upload.refusal = ""
    if importing and outcome.refused:
        upload.refusal = _(
            "Nothing is imported: since the check something has changed, and now lines are wrong."
        )
    elif importing:
        upload.state = UploadState.IMPORTED
        upload.content = b""
        upload.sample = []
    upload.save()


def _rejected(content: bytes, outcome: Outcome) -> str:
    """The wrong lines as they are, each with what is wrong, to be mended and imported again."""
    reasons: dict[int, list[str]] = {}
    for problem in outcome.errors:
        said = f"{problem.column}: {problem.reason}" if problem.column else problem.reason
        reasons.setdefault(problem.line, []).append(said)
    table = opened(content)
    head = [*table.header, _("Line"), _("What is wrong")]
    rows = (
        [*cells, *[""] * (len(table.header) - len(cells)), line, " ".join(reasons[line])]
        for line, cells in table.lines
        if line in reasons
    )
    return (BOM + written([head, *rows])).replace("\0", "")


def _begin(upload: Upload, state: UploadState) -> None:
    from paidup.accounting_sync.jobs import carry_on_upload  # noqa: PLC0415  jobs calls this module

    upload.state, upload.lines_read, upload.refusal = state, 0, ""
    upload.save(update_fields=["columns", "skip_bad", "state", "lines_read", "refusal"])
    jobs.enqueue(carry_on_upload, organization_id=upload.organization_id, upload_id=upload.id)


def _under_way(upload: Upload) -> bool:
    return upload.state in {UploadState.CHECKING, UploadState.IMPORTING}


def _tell(organization_id: UUID, upload_id: UUID, lines: int) -> None:
    with tenant(organization_id):
        Upload.objects.of(organization_id).filter(id=upload_id).update(lines_read=lines)


def _locked(upload: Upload) -> Upload:
    rows = Upload.objects.of(upload.organization_id)
    return rows.select_for_update(no_key=True).get(id=upload.id)
