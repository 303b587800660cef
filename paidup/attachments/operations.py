"""Keeping files, and letting them go."""

import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from paidup.customers import operations as customers
from paidup.customers.models import Contact, Customer, Note
from paidup.history import actors
from paidup.history import operations as history
from paidup.history.actors import Actor, ActorKind
from paidup.lib import jobs

from .content import Kind, kind_of
from .models import Attachment, RemovedFile

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_AT_ONCE = 10
# What one contact may have here: nobody fills the disk through the portal.
MOST_BYTES_OF_CONTACT = 500 * MEGABYTE
MOST_FILES_OF_CONTACT = 500
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


class FileRefused(Exception):
    """The file can't be kept; the sentence says what to change."""


@transaction.atomic
def share_files(
    *, customer: Customer, files: Sequence[tuple[str, IO[bytes]]], by: Actor, at: datetime
) -> list[Attachment]:
    """Keeps files, each with the name it had, that the customer sees in the portal.

    Raises FileRefused, and keeps none, for none, too many, an empty or too large one, and a kind
    that isn't taken.
    """
    return _keep(customer, None, files, by=by, at=at)


@transaction.atomic
def receive_files(
    *, customer: Customer, contact: Contact, files: Sequence[tuple[str, IO[bytes]]], at: datetime
) -> list[Attachment]:
    """Keeps files that a contact shares in the portal; colleagues see them, and who sees the
    customer there.

    Raises FileRefused as for shared files, and beyond what one contact may have here.
    """
    people = Contact.objects.of(customer.organization_id)
    list(people.filter(id=contact.id).locked())  # of two uploads at once the second sees the first
    _refuse_beyond_room(contact, files)
    return _keep(customer, None, files, by=actors.contact(contact.id), at=at)


@transaction.atomic
def add_note(
    *,
    customer: Customer,
    text: str,
    files: Sequence[tuple[str, IO[bytes]]],
    by: Actor,
    at: datetime,
) -> Note:
    """Keeps what a colleague wrote, with files that only colleagues see.

    Raises CustomerRefused as for a note alone, FileRefused as for shared files. Nothing is kept
    then.
    """
    note = customers.add_note(customer=customer, text=text, by=by, at=at)
    if files:
        _keep(customer, note, files, by=by, at=at)
    return note


@transaction.atomic
def remove_file(*, attachment: Attachment, by: Actor, at: datetime) -> None:
    """Removes a file, for everybody. One that is gone already is quietly done."""
    rows = Attachment.objects.of(attachment.organization_id).filter(id=attachment.id)
    found = rows.select_for_update().first()
    if found is None:
        return
    _let_go([found], at=at)
    history.record(
        "attachment.removed",
        by=by,
        at=at,
        customer_id=found.customer_id,
        subject_id=found.id,
        personal={"name": found.name},
    )


def merge(*, source: Customer, target: Customer) -> None:
    """The source's files are the target's."""
    Attachment.objects.of(source.organization_id).filter(customer=source).update(customer=target)


def erase(*, customer: Customer, contact_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Deletes the customer's files, also those of notes; a job has the storage remove them. What
    these people shared elsewhere is nobody's then. Gives the ids of what is deleted."""
    rows = Attachment.objects.of(customer.organization_id)
    found = list(rows.filter(customer=customer))
    _let_go(found, at=at)
    rows.filter(contact__in=contact_ids).update(contact=None)
    return {attachment.id for attachment in found}


def forget_file(*, removed: RemovedFile) -> None:
    """Has the storage remove a file, and forgets it too then; harmless when repeated."""
    default_storage.delete(removed.path)
    removed.delete()


def pieces_of(attachment: Attachment) -> Iterator[bytes]:
    """What the file holds, piece by piece. Raises FileNotFoundError when the storage lost it."""
    with default_storage.open(attachment.path) as file:
        yield from file.chunks()


def _keep(
    customer: Customer,
    note: Note | None,
    files: Sequence[tuple[str, IO[bytes]]],
    *,
    by: Actor,
    at: datetime,
) -> list[Attachment]:
    assert by.id  # noqa: S101  only people bring files
    from_portal = by.kind is ActorKind.CONTACT
    if not files:
        raise FileRefused(_("Choose a file first."))
    if len(files) > MOST_AT_ONCE:
        raise FileRefused(_("Choose at most %s files at once.") % MOST_AT_ONCE)
    kinds = [_judged(name, file) for name, file in files]
    kept = []
    for (name, file), (kind, size) in zip(files, kinds, strict=True):
        path = f"{customer.organization_id.hex}/{secrets.token_hex(16)}"
        attachment = Attachment.objects.create(
            organization_id=customer.organization_id,
            customer=customer,
            note=note,
            name=safe_name(name, kind),
            content_type=kind.content_type,
            size=size,
            path=path,
            added_by_id=None if from_portal else by.id,
            contact_id=by.id if from_portal else None,
            added_at=at,
        )
        history.record(
            "attachment.added"
            if note
            else "attachment.received"
            if from_portal
            else "attachment.shared",
            by=by,
            at=at,
            customer_id=customer.id,
            subject_id=attachment.id,
            personal={"name": attachment.name},
        )
        file.seek(0)
        default_storage.save(path, File(file))
        kept.append(attachment)
    return kept


def _refuse_beyond_room(contact: Contact, files: Sequence[tuple[str, IO[bytes]]]) -> None:
    held = (
        Attachment.objects.of(contact.organization_id)
        .filter(contact=contact)
        .aggregate(files=Count("id"), size=Sum("size", default=0))
    )
    size = held["size"] + sum(file.seek(0, 2) for _name, file in files)
    if held["files"] + len(files) > MOST_FILES_OF_CONTACT or size > MOST_BYTES_OF_CONTACT:
        raise FileRefused(
            _("You have shared as much as there is room for. Ask us to make room, then try again.")
        )


def _judged(name: str, file: IO[bytes]) -> tuple[Kind, int]:
    """What the file is and its size in bytes. Raises FileRefused for one that isn't kept."""
    size = file.seek(0, 2)
    if not size:
        raise FileRefused(_("“%s” is empty; choose another file.") % name)
    if size > MOST_BYTES:
        raise FileRefused(
            _("“%(name)s” is larger than %(most)s MB; make it smaller or divide it.")
            % {"name": name, "most": MOST_BYTES // MEGABYTE}
        )
    kind = kind_of(file)
    if kind is None:
        raise FileRefused(
            _(
                "“%s” is of a kind that isn't taken. Choose a PDF, a picture (PNG, JPEG, GIF, "
                "WebP), an office document without macros, or plain text."
            )
            % name
        )
    return kind, size


def safe_name(name: str, kind: Kind) -> str:
    """The name without folders and control characters, ending as the content says."""
    plain = " ".join(_UNSAFE.sub(" ", PurePosixPath(name.replace("\\", "/")).name).split())
    stem, dot, ending = plain.rpartition(".")
    if f"{dot}{ending}".lower() in {kind.ending, *kind.other_endings}:
        return f"{stem.strip('. ')[:110] or 'file'}.{ending.lower()}"
    return f"{plain.strip('. ')[:110] or 'file'}{kind.ending}"


def _let_go(found: Sequence[Attachment], *, at: datetime) -> None:
    from .jobs import forget_file as job  # noqa: PLC0415  jobs calls this module

    for attachment in found:
        removed = RemovedFile.objects.create(
            organization_id=attachment.organization_id, path=attachment.path, asked_at=at
        )
        attachment.delete()
        jobs.enqueue(job, organization_id=removed.organization_id, removed_id=removed.id)
