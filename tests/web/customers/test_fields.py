"""Custom fields of customers on the pages: the record, the list's columns and filters, CSV."""

import pytest
from django.test import Client

from paidup.customers.models import Customer, CustomerValue
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import add_field
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject
from tests.accounting_sync.lists import bring_in, counts, errors, written
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import customers_path, names, queries, record_path, shown

pytestmark = pytest.mark.usefixtures("db")

KINDS = {
    "Region": FieldKind.TEXT,
    "Limit": FieldKind.NUMBER,
    "Since": FieldKind.DATE,
    "Tier": FieldKind.CHOICE,
    "Key account": FieldKind.YES_NO,
}
GLOBEX = {
    "Region": "West Coast",
    "Limit": "1234.50",
    "Since": "2019-07-01",
    "Tier": "Gold",
    "Key account": "yes",
}
INITECH = {"Region": "North", "Limit": "-3", "Since": "2024-01-31", "Tier": "Silver"}


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def fields(books: Books) -> dict[str, CustomField]:
    with tenant(books.id):
        return {
            label: add_field(
                of=FieldSubject.CUSTOMER,
                kind=kind,
                label=label,
                choices=("Gold", "Silver") if kind == FieldKind.CHOICE else (),
                by=books.by,
                at=books.at,
            )
            for label, kind in KINDS.items()
        }


@pytest.fixture
def pair(books: Books, fields: dict[str, CustomField], client: Client) -> tuple[Customer, Customer]:
    """Two whose fields were filled in by the form, and one with nothing."""
    filled = books.customer("Globex"), books.customer("Initech")
    for customer, said in zip(filled, (GLOBEX, INITECH), strict=True):
        answer = client.post(
            record_path(books, customer, "details/"), _asked(customer) | _sent(fields, said)
        )
        assert answer.status_code == 302, answer.content.decode()
    for customer in (*filled, books.customer("Hooli")):
        books.invoice(customer)
    return filled


def _asked(customer: Customer) -> dict[str, str]:
    return {"name": customer.name, "number": customer.number, "terms_days": "30", "language": "en"}


def _sent(fields: dict[str, CustomField], said: dict[str, str]) -> dict[str, str]:
    return {f"field_{fields[label].id}": text for label, text in said.items()}


def test_the_record_and_its_timeline_tell_them(
    books: Books, client: Client, fields: dict[str, CustomField], pair: tuple[Customer, Customer]
) -> None:
    record = shown(client, record_path(books, pair[0]))
    for text in ("West Coast", "1,234.5", "Jul 1, 2019", "Gold", "Key account"):
        assert text in record
    told = shown(client, record_path(books, pair[0]), tab="timeline")
    assert "1,234.5" in told
    form = shown(client, record_path(books, pair[0], "details/"))
    assert 'value="1234.5"' in form
    bad = _asked(pair[0]) | _sent(fields, GLOBEX | {"Limit": "much", "Since": "yesterday"})
    answer = client.post(record_path(books, pair[0], "details/"), bad)
    assert answer.status_code == 422
    assert "much is no number" in answer.content.decode()
    assert "yesterday is no date" in answer.content.decode()


def test_a_new_customer_has_them_too(
    books: Books, client: Client, fields: dict[str, CustomField]
) -> None:
    sent = {"name": "Vehement", "terms_days": "30", **_sent(fields, {"Tier": "Gold"})}
    assert client.post(customers_path(books, "new/"), sent).status_code == 302
    with tenant(books.id):
        customer = Customer.objects.get(name="Vehement")
        assert values_of(CustomerValue, [customer.id])[customer.id] == {fields["Tier"].id: "Gold"}


FOUND: list[tuple[str, str, str, list[str]]] = [
    ("Region", "", "west coast", ["Globex"]),
    ("Region", "", "west", []),
    ("Tier", "", "Silver", ["Initech"]),
    ("Key account", "", "yes", ["Globex"]),
    ("Limit", "_from", "-3", ["Globex", "Initech"]),
    ("Limit", "_to", "1234.4999", ["Initech"]),
    ("Since", "_from", "2019-07-02", ["Initech"]),
    ("Since", "_to", "2024-01-31", ["Globex", "Initech"]),
    # Nothing that it could mean, so nothing is asked.
    ("Limit", "_from", "nonsense", ["Globex", "Hooli", "Initech"]),
    ("Tier", "", "Bronze", ["Globex", "Hooli", "Initech"]),
]


@pytest.mark.usefixtures("db", "pair")
def test_the_list_is_narrowed(books: Books, client: Client, fields: dict[str, CustomField]) -> None:
    for label, part, text, found in FOUND:
        asked = {f"field_{fields[label].id}{part}": text}
        assert names(shown(client, customers_path(books), **asked)) == found, (label, text)
        narrowed = names(shown(client, customers_path(books), **asked, q="globex"))
        assert narrowed == [name for name in found if name == "Globex"], (label, text)


@pytest.mark.usefixtures("db", "pair")
def test_filters_go_together_and_stay_in_menu_view_and_batch(
    books: Books, client: Client, fields: dict[str, CustomField]
) -> None:
    tier, limit = f"field_{fields['Tier'].id}", f"field_{fields['Limit'].id}_from"
    asked = {tier: "Gold", limit: "5"}
    page = shown(client, customers_path(books), **asked)
    assert names(page) == ["Globex"]
    assert 'id="filters-set" hx-swap-oob="true">2<' in page
    menu = shown(client, customers_path(books, "filters/"), **asked)
    assert '<option value="Gold" selected>' in menu
    assert 'value="5"' in menu
    answer = client.post(
        f"{customers_path(books, 'views/')}?{tier}=Gold&{limit}=5", {"name": "Golden"}
    )
    assert answer["Location"].endswith(f"?{limit}=5&{tier}=Gold")
    confirm = shown(client, customers_path(books, "batches/new/archive/"), **asked, all="1")
    assert "One customer is selected." in confirm


@pytest.mark.usefixtures("db", "pair")
def test_columns_are_read_only_when_chosen_and_exported(
    books: Books, client: Client, fields: dict[str, CustomField]
) -> None:
    before = queries(client, customers_path(books))
    keys = [f"field:{fields[label].id}" for label in ("Limit", "Since", "Key account")]
    client.post(customers_path(books, "columns/"), {"column": ["balance", *keys, "field:none"]})
    page = shown(client, customers_path(books))
    assert "1,234.5" in page
    assert "Jan 31, 2024" in page
    # What fields there are, and what they hold of the page's customers.
    assert queries(client, customers_path(books)) == before + 2
    answer = client.get(customers_path(books, "customers.csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].endswith("Open Balance,Limit,Since,Key account")
    assert lines[1].endswith(",1234.5,2019-07-01,yes")


def test_a_list_brings_them_and_a_dry_run_says_so(
    books: Books, fields: dict[str, CustomField], pair: tuple[Customer, Customer]
) -> None:
    head = ["Account Number", "Name", "Region", "Limit", "Tier"]
    file = written(
        head,
        [pair[0].number, "", "", "1234.5", "gold"],
        [pair[1].number, "", "South", "", ""],
        ["N-1", "New one", "East", "7", "silver"],
    )
    for dry_run in (True, False):
        outcome = bring_in(books, file, dry_run=dry_run)
        assert errors(outcome) == []
        assert counts(outcome)[0] == (1, 1, 1)
    with tenant(books.id):
        new = Customer.objects.get(number="N-1")
        held = values_of(CustomerValue, [new.id, pair[1].id])
    assert sorted(map(str, held[new.id].values())) == ["7.0000", "East", "Silver"]
    assert held[pair[1].id][fields["Region"].id] == "South"
    again = bring_in(books, file)
    assert counts(again)[0] == (0, 0, 3)
    bad = bring_in(books, written(head, [pair[0].number, "", "", "1,5", "Bronze"]))
    assert [column for _line, column, _reason in errors(bad)] == ["Limit", "Tier"]


def test_a_merge_fills_what_the_target_lacks(
    books: Books, client: Client, fields: dict[str, CustomField], pair: tuple[Customer, Customer]
) -> None:
    source, target = pair
    preview = shown(client, record_path(books, target, "merger/"), **{"from": str(source.id)})
    assert "Key account: Yes" in " ".join(preview.split())
    with tenant(books.id):
        merge_customers(source=source, target=target, by=books.by, at=books.at)
        held = values_of(CustomerValue, [target.id])[target.id]
    assert held[fields["Key account"].id] == "yes"
    assert held[fields["Tier"].id] == "Silver"
