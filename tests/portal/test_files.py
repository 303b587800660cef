"""Files in the portal: what either side shares, and nothing that is internal or another's."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib.tenancy import tenant
from paidup.todos.models import Todo
from tests.lifecycle.cast import delete
from tests.support import queue
from tests.support.books import Books
from tests.web.customers.people import record_path, shown
from tests.web.staff import signed_in

from .guest import Guest, accepted
from .payer import words

PDF = b"%PDF-1.7 a contract"


@pytest.fixture
def globex(books: Books) -> Customer:
    return books.customer("Globex")


@pytest.fixture
def ann(books: Books, globex: Customer) -> Contact:
    return books.contact(globex, "ann@globex.example")


@pytest.fixture
def guest(books: Books, ann: Contact) -> Guest:
    return accepted(books, ann)


def upload(guest: Guest, customer: Customer, **files: bytes) -> Any:
    sent = []
    for name, content in files.items():
        file = BytesIO(content)
        file.name = name.replace("_", ".")
        sent.append(file)
    return guest.client.post(f"/accounts/{customer.id}/files/", {"attached": sent})


def test_what_staff_share_is_saved_by_the_customer_and_internal_files_are_not_there(
    books: Books, globex: Customer, guest: Guest
) -> None:
    acts: dict[str, Any] = {"customer": globex, "by": books.by, "at": books.at}
    with tenant(books.id):
        [offer] = attachments.share_files(files=[("offer.pdf", BytesIO(PDF))], **acts)
        attachments.add_note(text="Ours", files=[("memo.txt", BytesIO(b"for us"))], **acts)
        memo = Attachment.objects.get(name="memo.txt")
    path = f"/accounts/{globex.id}/files/"
    page = words(guest.get(path))
    assert "offer.pdf" in page
    assert "Shared by Acme" in page
    assert "memo" not in page
    file = guest.get(f"{path}{offer.id}/")
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    assert guest.get(f"{path}{memo.id}/").status_code == 404


def test_what_the_customer_shares_staff_see_and_are_asked_to_look_at(
    books: Books, globex: Customer, ann: Contact, guest: Guest
) -> None:
    first = queue.last_job()
    assert "Acme and everybody with access" in words(guest.get(f"/accounts/{globex.id}/files/"))
    answer = upload(guest, globex, contract_pdf=PDF, notes_txt=b"as agreed")
    assert answer.status_code == 302
    page = words(guest.client.get(answer.url))
    assert "Acme can see it now: " in page
    assert page.count("Shared by you") == 2
    other = accepted(books, books.contact(globex, "bob@globex.example"))
    assert words(other.get(f"/accounts/{globex.id}/files/")).count("Shared by Ann") == 2
    staff, record = signed_in(books), record_path(books, globex)
    listed = shown(staff, record, tab="attachments")
    assert listed.count('pill-info">Customer<') == 2
    assert "contract.pdf" in listed
    told = shown(staff, record, tab="timeline")
    assert "File “contract.pdf” shared by the customer" in told
    queue.work_off(after=first)
    with tenant(books.id):
        kept = Attachment.objects.get(name="contract.pdf")
        assert (kept.contact_id, kept.added_by_id) == (ann.id, None)
        todo = Todo.objects.get(kind="files_shared")
        assert (todo.customer_id, todo.assignee_id) == (globex.id, books.owner.id)
    panel = shown(staff, f"/o/{books.organization.slug}/todos/{todo.id}/")
    assert "?tab=attachments" in panel


def test_nothing_of_others_is_there(books: Books, globex: Customer, guest: Guest) -> None:
    other = books.customer("Initech")
    with tenant(books.id):
        [theirs] = attachments.share_files(
            customer=other, files=[("theirs.pdf", BytesIO(PDF))], by=books.by, at=books.at
        )
    for account in (other.id, globex.id, uuid4()):
        assert guest.get(f"/accounts/{account}/files/{theirs.id}/").status_code == 404
    assert guest.get(f"/accounts/{other.id}/files/").status_code == 404
    assert upload(guest, other, a_pdf=PDF).status_code == 404
    assert upload(Guest(books), globex, a_pdf=PDF).url == "/sign-in/"
    with tenant(books.id):
        assert Attachment.objects.count() == 1


def test_what_could_do_harm_is_refused_in_words(
    books: Books, globex: Customer, guest: Guest
) -> None:
    answer = upload(guest, globex, a_pdf=PDF, page_pdf=b"<script>alert(1)</script>")
    assert answer.status_code == 422
    assert "of a kind that isn't taken" in words(answer)
    assert "This field is required" in words(upload(guest, globex))
    with tenant(books.id):
        assert not Attachment.objects.exists()


def test_nobody_fills_the_disk(
    books: Books, globex: Customer, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES_OF_CONTACT", 2 * len(PDF))
    before = len(default_storage.listdir("")[0])
    assert upload(guest, globex, a_pdf=PDF).status_code == 302
    answer = upload(guest, globex, b_pdf=PDF, c_pdf=PDF)
    assert (answer.status_code, "as there is room for" in words(answer)) == (422, True)
    monkeypatch.setattr(attachments, "MOST_FILES_OF_CONTACT", 1)
    assert upload(guest, globex, d_pdf=PDF).status_code == 422
    with tenant(books.id):
        assert Attachment.objects.get().name == "a.pdf"
    folders, _files = default_storage.listdir("")
    assert len(folders) <= before + 1
    assert len(default_storage.listdir(books.id.hex)[1]) == 1
    monkeypatch.undo()
    monkeypatch.setenv("PAIDUP_NOW", "2026-03-02T09:30")
    often = [upload(guest, globex, e_pdf=PDF).status_code for _ in range(28)]
    assert often == [302] * 27 + [422]


def test_the_database_knows_who_brought_a_file(
    books: Books, globex: Customer, ann: Contact
) -> None:
    with tenant(books.id):
        attachments.add_note(
            customer=globex,
            text="Ours",
            files=[("memo.txt", BytesIO(b"for us"))],
            by=books.by,
            at=books.at,
        )
    wrong: list[dict[str, Any]] = [
        {"contact": ann},
        {"contact": ann, "added_by": None},
        {"added_by": None},
    ]
    for values in wrong:
        with pytest.raises(DatabaseError, match="attachment_brought_by_one"), tenant(books.id):
            Attachment.objects.update(**values)


def test_a_file_of_somebody_erased_with_another_customer_stays(
    books: Books, globex: Customer, ann: Contact, guest: Guest
) -> None:
    """Ann has gone to Initech, with which she is erased."""
    upload(guest, globex, contract_pdf=PDF)
    initech = books.customer("Initech")
    with tenant(books.id):
        link = ContactLink.objects.get(contact=ann)
        customers.link_contact(customer=initech, contact=ann, by=books.by, at=books.at)
        customers.unlink_contact(link=link, by=books.by, at=books.at)
    delete(books, initech)
    with tenant(books.id):
        assert not Contact.objects.exists()
        assert Attachment.objects.get().contact_id is None
    colleague = accepted(books, books.contact(globex, "bob@globex.example"))
    assert "Shared by Globex" in words(colleague.get(f"/accounts/{globex.id}/files/"))
    assert 'pill-info">Customer<' in shown(
        signed_in(books), record_path(books, globex), tab="attachments"
    )
