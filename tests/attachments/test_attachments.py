"""Files: what is taken and under which name, and that nothing is left of what was let go."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment, RemovedFile
from paidup.attachments.operations import MOST_BYTES, FileRefused
from paidup.customers.models import Customer, Note
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.lifecycle.cast import delete
from tests.support.books import Books, found_books
from tests.web.customers.people import record_path, shown
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")
PDF = b"%PDF-1.7 an offer"


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer()


def archive(*names: str, mimetype: str = "") -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
        if mimetype:
            file.writestr("mimetype", mimetype)
    return whole.getvalue()


def share(books: Books, customer: Customer, name: str, content: bytes) -> Attachment:
    with tenant(books.id):
        [kept] = attachments.share_files(
            customer=customer, files=[(name, BytesIO(content))], by=books.by, at=books.at
        )
        return kept


def stored() -> Iterator[Path]:
    return (path for path in Path(default_storage.location).rglob("*") if path.is_file())  # type: ignore[attr-defined]  # a FileSystemStorage


@pytest.mark.parametrize(
    ("name", "content", "becomes"),
    [
        ("offer.pdf", PDF, ("offer.pdf", "application/pdf")),
        ("offer.html", PDF, ("offer.html.pdf", "application/pdf")),
        ("../../etc/o\u202effer\x00.PDF", PDF, ("o ffer.pdf", "application/pdf")),
        ("C:\\temp\\.jpeg", b"\xff\xd8\xff\xe0", ("file.jpeg", "image/jpeg")),
        ("list.csv", "a;ö\n".encode(), ("list.csv", "text/plain")),
        ("run.sh", b"just words", ("run.sh.txt", "text/plain")),
        (
            "letter.odt",
            archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            ("letter.odt", "application/vnd.oasis.opendocument.text"),
        ),
    ],
)
def test_a_file_is_what_it_holds_and_not_what_it_is_called(
    books: Books, customer: Customer, name: str, content: bytes, becomes: tuple[str, str]
) -> None:
    attachment = share(books, customer, name, content)
    assert (attachment.name, attachment.content_type) == becomes
    with default_storage.open(attachment.path) as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("tool.pdf", b"MZ\x90\x00"),
        ("script.txt", b"#!/bin/sh\n"),
        ("files.zip", archive("a.txt")),
        ("macro.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("empty.txt", b""),
        ("large.pdf", PDF + b" " * MOST_BYTES),
    ],
)
def test_what_could_do_harm_is_refused_and_nothing_is_kept(
    books: Books, customer: Customer, name: str, content: bytes
) -> None:
    before = set(stored())
    good = ("offer.pdf", BytesIO(PDF))
    with pytest.raises(FileRefused), tenant(books.id):
        attachments.add_note(
            customer=customer,
            text="See here",
            files=[good, (name, BytesIO(content))],
            by=books.by,
            at=books.at,
        )
    with tenant(books.id):
        assert not Attachment.objects.exists()
        assert not Note.objects.exists()
    assert set(stored()) == before


def test_a_removed_file_and_those_of_a_deleted_customer_leave_the_storage(
    books: Books, customer: Customer, work_off: Callable[[], int]
) -> None:
    before = set(stored())
    first = share(books, customer, "first.pdf", PDF)
    share(books, customer, "second.pdf", PDF)
    assert len(set(stored()) - before) == 2
    with tenant(books.id):
        attachments.remove_file(attachment=first, by=books.by, at=books.at)
    work_off()
    assert len(set(stored()) - before) == 1
    delete(books, customer)
    work_off()
    assert set(stored()) == before
    with tenant(books.id):
        assert not RemovedFile.objects.exists()


def test_pages_share_keep_bring_and_remove(books: Books, customer: Customer) -> None:
    client = signed_in(books)
    path = record_path(books, customer)
    assert "will see these files" in shown(client, f"{path}attachments/")
    offer, memo = BytesIO(PDF), BytesIO(b"for us alone")
    offer.name, memo.name = "offer.pdf", "memo.txt"
    assert client.post(f"{path}attachments/", {"attached": [offer]}).status_code == 302
    written = client.post(f"{path}note/", {"text": "Called", "attached": [memo]})
    assert written.status_code == 302
    with tenant(books.id):
        [shared] = Attachment.objects.shared()
        internal = Attachment.objects.exclude(note=None).get()
    listed = shown(client, f"{path}?tab=attachments")
    assert "offer.pdf" in listed
    assert "memo.txt" not in listed
    assert "memo.txt" in shown(client, f"{path}?tab=notes")
    answer = client.get(f"{path}attachments/{internal.id}/")
    assert b"".join(answer.streaming_content) == b"for us alone"  # type: ignore[attr-defined]  # a FileResponse
    assert answer["Content-Disposition"] == 'attachment; filename="memo.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.post(f"{path}attachments/{shared.id}/removal/").status_code == 302
    assert client.get(f"{path}attachments/{shared.id}/").status_code == 404
    looking: Client = onlooker(books)
    assert looking.post(f"{path}attachments/{internal.id}/removal/").status_code == 403
