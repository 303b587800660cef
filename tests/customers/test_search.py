"""Finding customers: by what is written in any way, by first letters, and misspelt."""

import pytest

from paidup.customers import operations as customers
from paidup.customers import search
from paidup.customers.listing import Selection, customers_page
from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

NAMES = (
    "Müller & Söhne GmbH",
    "Kowalski Logistics",
    "Northern Light Bakery",
    "Øvergård Marine",
    "100% Pure Foods",
    "Smith Brothers",
    "Smithson Roofing",
)


@pytest.fixture
def books(committed: None) -> Books:
    books = found_books()
    for name in NAMES:
        books.customer(name, email=f"{name.split()[0].lower()}@mail.example")
    return books


def found(books: Books, text: str) -> list[str]:
    """The names that a search finds, the best first."""
    with tenant(books.id):
        hits = search.find(text)
        if hits is None:
            return list(NAMES)
        rows = Customer.objects.raw(
            """
            SELECT c.* FROM customers_customer c
            JOIN unnest(%s::uuid[]) WITH ORDINALITY AS hit (id, place) USING (id)
            ORDER BY hit.place
            """,
            [hits.ids],
        )
        return [customer.name for customer in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("muller", ["Müller & Söhne GmbH"]),
        ("MÜLLER", ["Müller & Söhne GmbH"]),
        ("sohne müll", ["Müller & Söhne GmbH"]),
        ("overgard", ["Øvergård Marine"]),
        ("logistics kowal", ["Kowalski Logistics"]),
        ("kowalsky", ["Kowalski Logistics"]),  # misspelt
        ("kowlaski", ["Kowalski Logistics"]),  # letters changed places
        ("nothern lihgt", ["Northern Light Bakery"]),
        ("northern@mail.example", ["Northern Light Bakery"]),
        ("100%", ["100% Pure Foods"]),
        ("1__%", []),  # no placeholders
        ("smith", ["Smith Brothers", "Smithson Roofing"]),
        ("sm", ["Smith Brothers", "Smithson Roofing"]),  # first letters only
        ("ki", []),
        ("zzzzzz", []),
        ("'; DROP TABLE", []),
        ("\\", []),
        ("%", []),
    ],
)
def test_what_finds_whom(books: Books, text: str, expected: list[str]) -> None:
    assert found(books, text) == expected


def test_an_account_number_finds_its_customer_first(books: Books) -> None:
    second = books.customer("C-00001 Trading")
    assert found(books, "c-00001") == ["Müller & Söhne GmbH", second.name]


@pytest.mark.parametrize(
    "text", ["+12125550702", "(212) 555-0702", "212 555 07 02", "0212 5550702", "5550702"]
)
def test_a_phone_number_is_found_however_it_is_written(books: Books, text: str) -> None:
    customer = books.customer("Called Often")
    with tenant(books.id):
        customers.edit_customer(customer=customer, phone="+12125550702", by=books.by, at=books.at)
    assert found(books, text) == ["Called Often"]


def test_nothing_asked_for_is_no_search(books: Books) -> None:
    with tenant(books.id):
        assert search.find("  \0 ") is None


def test_another_organization_is_never_found(books: Books) -> None:
    other = found_books()
    other.customer("Kowalski Elsewhere")
    assert found(books, "kowalski") == ["Kowalski Logistics"]
    assert found(books, "elsewhere") == []


def test_what_is_merely_alike_is_found_only_where_nothing_is_spelt_so(books: Books) -> None:
    for name in ("Whitewater Clinics", "Tidewater Clinics"):
        books.customer(name)
    assert found(books, "whitewater") == ["Whitewater Clinics"]
    assert found(books, "whitewatr") == ["Whitewater Clinics"]
    assert set(found(books, "witewater")) >= {"Whitewater Clinics"}


def test_a_page_of_what_a_search_found_goes_on_until_it_is_full(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are found and few of them owe anything: they are looked up in ever larger steps."""
    monkeypatch.setattr(search, "MOST_COUNTED", 3)
    for number in range(30):
        customer = books.customer(f"Globex {number:02}")
        if number in {2, 17, 28, 29}:
            books.invoice(customer)
    with tenant(books.id):
        selection = Selection(hits=search.find("globex"))
        assert selection.hits
        assert not selection.hits.best_first
        page = customers_page(selection, "", size=1)
        seen = [row.name for row in page.rows]
        while page.after:
            page = customers_page(selection, "", after=page.after, size=1)
            seen += [row.name for row in page.rows]
        assert seen == ["Globex 02", "Globex 17", "Globex 28", "Globex 29"]
        back = customers_page(selection, "", before=page.before or "", size=1)
        assert [row.name for row in back.rows] == ["Globex 28"]
        back = customers_page(selection, "", before=back.before or "", size=1)
        assert [row.name for row in back.rows] == ["Globex 17"]
