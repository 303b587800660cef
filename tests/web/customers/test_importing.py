"""Importing lists in the browser: the file, its columns, the check, the import."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from paidup.accounting_sync.jobs import forget_uploads
from paidup.accounting_sync.lists import uploads
from paidup.accounting_sync.models import Upload
from paidup.accounting_sync.states import UploadState
from paidup.customers import bulk
from paidup.customers.models import Contact, Customer
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.states import Role
from tests.support.books import Books, found_books
from tests.support.queue import last_job, work_off
from tests.web.staff import client_of, onlooker, signed_in

from .people import customers_path, record_path, shown

FILE = (
    "Account No.;Customer;E-mail;Zahlungsziel\n"
    "A-1;Müller <b>GmbH</b>;anna@mueller.test;14\n"
    "A-2;=Hooli;nope;30\n"
).encode("cp1252")


@pytest.fixture
def books(db: None) -> Books:
    return found_books()


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def send(
    client: Client,
    books: Books,
    content: bytes = FILE,
    *,
    kind: str = "customers",
    name: str = "x.csv",
) -> Any:
    """Uploads a file; gives the answer."""
    file = SimpleUploadedFile(name, content)
    return client.post(customers_path(books, "import/"), {"kind": kind, "file": file})


def uploaded(client: Client, books: Books, content: bytes = FILE, **options: str) -> str:
    """The address of a list that was taken."""
    answer = send(client, books, content, **options)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def check(client: Client, page: str, *columns: str) -> None:
    """Assigns the columns and has the worker look."""
    before = last_job()
    answer = client.post(f"{page}columns/", {"column": columns})
    assert (answer.status_code, answer.get("Location")) == (302, page)
    assert "being checked" in client.get(page).content.decode()
    assert work_off(after=before) == 1


def carry_out(client: Client, page: str, **options: str) -> None:
    before = last_job()
    assert client.post(f"{page}execution/", options).status_code == 302
    assert work_off(after=before) == 1


COLUMNS = ("number", "name", "contact_email", "terms_days")


def test_from_the_file_to_the_customer(books: Books, client: Client) -> None:
    assert customers_path(books, "import/") in shown(client, customers_path(books))
    page = uploaded(client, books, name="../../<i>list</i>.csv")
    columns = shown(client, page)
    assert "Müller &lt;b&gt;GmbH&lt;/b&gt;" in columns
    assert "<b>GmbH" not in columns
    assert "<i>" not in columns
    assert columns.count("selected") == 3, "what the headers say is chosen"
    check(client, page, *COLUMNS)
    checked = shown(client, page)
    assert "nope is no e-mail address." in checked
    assert "1 line with errors" in checked
    assert "Import the other line" in checked
    with tenant(books.id):
        assert not Customer.objects.exists()
    rejected = client.get(f"{page}rejected.csv")
    [line] = csv.DictReader(io.StringIO(rejected.content.decode("utf-8-sig")))
    assert (line["Customer"], line["Line"]) == ("'=Hooli", "3")
    assert line["What is wrong"] == "E-mail: nope is no e-mail address."
    carry_out(client, page, skip_bad="1")
    done = shown(client, page)
    assert "Imported" in done
    with tenant(books.id):
        customer = Customer.objects.get()
        assert (customer.number, customer.name, customer.terms_days) == (
            "A-1", "Müller <b>GmbH</b>", 14,
        )  # fmt: skip
        assert not Upload.objects.get().content, "the file is not needed any more"
        assert Event.objects.get(kind="list.imported").actor_id == books.owner.id
    mended = rejected.content.decode("utf-8-sig").replace("nope", "no@pe.test").encode()
    page = uploaded(client, books, mended)
    check(client, page, *COLUMNS, "", "")
    carry_out(client, page)
    with tenant(books.id):
        assert Customer.objects.get(number="A-2").name == "=Hooli"


def test_columns_are_remembered_for_the_same_header(books: Books, client: Client) -> None:
    check(client, uploaded(client, books), "number", "name", "", "")
    again = shown(client, uploaded(client, books))
    assert again.count("selected") == 2
    other = shown(client, uploaded(client, books, FILE.replace(b"E-mail", b"Mail")))
    assert other.count("selected") == 3


def test_contacts_and_nothing_to_do_the_second_time(books: Books, client: Client) -> None:
    customer = books.customer()
    content = f"Customer number,E-mail\n{customer.number},ann@globex.test\n".encode()
    for expected in ("Import</button>", "There is nothing to import"):
        page = uploaded(client, books, content, kind="contacts")
        check(client, page, "number", "email")
        assert expected in shown(client, page)
        if "button" in expected:
            carry_out(client, page)
    with tenant(books.id):
        assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "The file is empty."),
        (b"Account Number,Name\n", "nothing below its first line"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is no CSV file"),
        (b"PK\x03\x04", "This is a spreadsheet."),
        (",".join("c" * 101).encode() + b"\n1\n", "101 columns"),
        (b"a,b\n" + b"1,2\n" * 11, "more than 10 lines"),
        (b"a,b\n1," + b"x" * 2000, "larger than"),
    ],
)
def test_files_that_are_refused(
    books: Books,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    complaint: str,
) -> None:
    monkeypatch.setattr(uploads, "MOST_LINES", 10)
    monkeypatch.setattr(uploads, "MOST_BYTES", 1024)
    answer = send(client, books, content)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    with tenant(books.id):
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        (["", "name", "", ""], "Say which column holds the Account Number"),
        (["number", "name", "name", ""], "Two columns hold the Display Name"),
        (["number", "", "", ""], "at least one column"),
        (["number", "balance", "", ""], "There is nothing called balance"),
        (["number", "name"], "has other columns than these"),
    ],
)
def test_columns_that_are_refused(
    books: Books, client: Client, columns: list[str], complaint: str
) -> None:
    page = uploaded(client, books)
    answer = client.post(f"{page}columns/", {"column": columns})
    assert answer.status_code == 422
    assert complaint in answer.content.decode()


def test_what_has_changed_since_the_check_is_imported_only_if_it_is_sound(
    books: Books, client: Client
) -> None:
    page = uploaded(client, books, b"Account Number,Name,Billing Owner\nA-1,Globex,Bea Baker\n")
    user = User.objects.create_user("bea@bea.test", name="Bea Baker", joined_at=books.at)
    with tenant(books.id):
        bea = add_member(organization=books.organization, user=user, role=Role.ADMIN)
    check(client, page, "number", "name", "billing_owner")
    with tenant(books.id):
        type(bea).objects.filter(id=bea.id).update(active=False)
    carry_out(client, page)
    refused = shown(client, page)
    assert "Nothing is imported: since the check something has changed" in refused
    assert "Bea Baker is no active member" in refused


def test_a_number_taken_at_the_same_moment_refuses_all(
    books: Books, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = uploaded(client, books, b"Account Number,Name\nA-1,Globex\n")
    check(client, page, "number", "name")

    def taken(**_options: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(bulk, "add_customers", taken)
    carry_out(client, page)
    assert "Customers were changed while the list was imported" in shown(client, page)
    monkeypatch.undo()
    carry_out(client, page)
    assert "Imported" in shown(client, page)


def test_a_job_that_runs_twice_imports_once(books: Books, client: Client) -> None:
    page = uploaded(client, books, b"Account Number,Name\nA-1,Globex\n")
    check(client, page, "number", "name")
    carry_out(client, page)
    with tenant(books.id):
        upload, events = Upload.objects.get(), Event.objects.count()
    uploads.carry_on(organization_id=books.id, upload_id=upload.id, at=books.at)
    assert client.post(f"{page}execution/").status_code == 422
    with tenant(books.id):
        assert Event.objects.count() == events


def test_a_list_is_its_bringers_alone(books: Books, client: Client) -> None:
    page = uploaded(client, books)
    user = User.objects.create_user("kay@kay.test", joined_at=books.at)
    with tenant(books.id):
        add_member(organization=books.organization, user=user, role=Role.ADMIN)
    others = (client_of(user), signed_in(found_books()))
    for other in others:
        assert other.get(page).status_code == 404
        assert other.get(f"{page}rejected.csv").status_code == 404
        for act in ("columns", "execution", "removal"):
            assert other.post(f"{page}{act}/").status_code == 404
    assert onlooker(books).get(customers_path(books, "import/")).status_code == 403
    assert "import/" not in shown(onlooker(books), customers_path(books))


def test_files_go_when_they_are_given_up_and_after_a_day(
    books: Books, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = uploaded(client, books)
    assert client.post(f"{page}removal/").status_code == 302
    assert client.get(page).status_code == 404
    uploaded(client, books)
    with tenant(books.id):
        Upload.objects.update(state=UploadState.CHECKING)
        page = customers_path(books, f"import/{Upload.objects.get().id}/")
    assert client.post(f"{page}removal/").status_code == 422
    later = clock.now() + timedelta(hours=25)
    forget_uploads(organization_id=str(books.id))
    assert client.get(page).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: later)
    forget_uploads(organization_id=str(books.id))
    with tenant(books.id):
        assert not Upload.objects.exists()


def test_all_of_a_customer_as_a_zip(books: Books, client: Client) -> None:
    customer = books.customer("Globex")
    address = record_path(books, customer, "export/")
    assert address in shown(client, record_path(books, customer))
    answer = client.post(address)
    assert answer["Content-Type"] == "application/zip"
    assert f'filename="customer-{customer.number}.zip"' in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client.get(address).status_code == 405
    assert onlooker(books).post(address).status_code == 403
    assert "All data exported" in shown(client, record_path(books, customer), tab="timeline")
