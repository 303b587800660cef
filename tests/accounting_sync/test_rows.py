"""What a ledger's file can get wrong, and what the books say against it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from paidup.accounting_sync.ledger_file import read
from paidup.accounting_sync.mapping import MappingRefused
from paidup.accounting_sync.text_file import FileRefused
from paidup.customers.models import Customer, OtherBalance
from paidup.customers.states import CustomerState
from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.operations import resolve_dispute
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.states import PaymentKind
from paidup.reporting.aging import aging_as_of
from paidup.reporting.check import differences
from tests.support.books import Books, found_books

from .ledgers import COLUMNS, JULY, JUNE, bring_in, line, write

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.csv"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line(InvoiceDate="31/6/2013"), "“InvoiceDate” is 31/6/2013, which is no date"),
        (line(DueDate="2/30/2013"), "“DueDate” is 2/30/2013, which is no date"),
        (line(SettledDate="soon"), "“SettledDate” is soon, which is no date"),
        (line(InvoiceDate="6/1/0013"), "“InvoiceDate” is 6/1/0013, which is no date"),
        (line(DueDate="5/1/2013"), "before it was issued on 2013-06-01"),
        (line(InvoiceAmount="1,234.50"), "“InvoiceAmount”: “1,234.50” is no amount"),
        (line(InvoiceAmount="10.005"), "more decimals than"),
        (line(InvoiceAmount="-5"), "above zero"),
        (line(InvoiceAmount="0"), "above zero"),
        (line(InvoiceAmount="NaN"), "no amount"),
        (line(InvoiceAmount="1e30"), "no amount"),
        (line(InvoiceAmount=""), "“InvoiceAmount” is empty"),
        (line(customerID=" "), "“customerID” is empty"),
        (line(customerID="a b"), "a b@ledger.example is no e-mail address"),
        (line(customerID="x" * 61), "longer than 60 characters"),
        (line(number="9\0"), "unreadable"),
        ([*line(), "extra"], "13 values for 12 columns"),
        (line()[:-1], "11 values for 12 columns"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_can_be_imported(
    books: Books, file: Path, bad: list[str], reason: str
) -> None:
    write(file, [line("1"), bad, line("2", customerID="1000-AAAAA")])
    summary = bring_in(books, file)
    [problem] = summary.errors
    assert problem.line == 3
    assert reason in problem.reason
    assert summary.refused
    assert set(summary.created.values()) == {0}
    with tenant(books.id):
        assert not Customer.objects.exists()
    summary = bring_in(books, file, skip_bad=True)
    assert [problem] == list(summary.errors)
    assert not summary.refused
    assert summary.created["invoices"] == 2
    assert differences(books.id) == ()


def test_lines_are_counted_as_an_editor_does(books: Books, file: Path) -> None:
    """Also after a value of two lines, and an empty line."""
    lines = [line("1", PaperlessBill="two\nlines"), [], line("2", InvoiceAmount="x")]
    [problem] = bring_in(books, write(file, lines)).errors
    assert problem.line == 5


def test_a_number_twice_in_the_file(books: Books, file: Path) -> None:
    write(file, [line("7"), line("8"), line("7", InvoiceAmount="90.00")])
    [problem] = bring_in(books, file).errors
    assert problem == (4, "Invoice 7 stands on line 2 already.", "")
    assert bring_in(books, file, skip_bad=True).created["invoices"] == 2
    with tenant(books.id):
        assert Invoice.objects.get(number="7").total == 100


def test_a_missing_column_leaves_nothing_to_read(books: Books, file: Path) -> None:
    header = ["Total" if column == "InvoiceAmount" else column for column in COLUMNS]
    write(file, [line()], header)
    for skip_bad in (False, True):
        summary = bring_in(books, file, skip_bad=skip_bad)
        assert [problem.line for problem in summary.errors] == [1, 1]
        assert "“InvoiceAmount” is missing" in summary.errors[0].reason
        assert "“Total” is unknown" in summary.errors[1].reason
        assert set(summary.created.values()) == {0}


def test_an_unknown_column_is_an_error_that_can_be_skipped(books: Books, file: Path) -> None:
    write(file, [[*line(), "x"]], [*COLUMNS, "Mood"])
    summary = bring_in(books, file)
    assert summary.errors[0].line == 1
    assert "“Mood” is unknown" in summary.errors[0].reason
    assert summary.refused
    assert bring_in(books, file, skip_bad=True).created["invoices"] == 1


def test_what_is_imported_already_with_other_data(books: Books, file: Path) -> None:
    bring_in(books, write(file, [line("1"), line("2")]))
    write(
        file,
        [
            line("1", InvoiceAmount="100.01", DueDate="7/1/2013"),
            line("2", customerID="9999-OTHER"),
            line("3"),
        ],
    )
    summary = bring_in(books, file)
    first, second = (problem.reason for problem in summary.errors)
    assert first == (
        "Invoice 1 is in the books with due date 2013-06-30, the file says 2013-07-01;"
        " amount 100, the file says 100.01."
    )
    assert second == "Invoice 2 is in the books with account 0187-ERLSR, the file says 9999-OTHER."
    assert set(summary.created.values()) == {0}
    summary = bring_in(books, file, skip_bad=True)
    assert summary.created["invoices"] == 1
    assert summary.created["customers"] == 0


def test_what_a_person_paid_here_meanwhile_is_not_paid_again(books: Books, file: Path) -> None:
    bring_in(books, write(file, [line("1"), line("2")]))
    with tenant(books.id):
        customer = Customer.objects.get()
        first, second = Invoice.objects.order_by("number")
        payments.record_payment(
            customer=customer,
            amount=Decimal(130),
            currency="USD",
            kind=PaymentKind.WIRE,
            received_on=books.on,
            to=[(first.id, Decimal(100)), (second.id, Decimal(30))],
            on=books.on,
            by=books.by,
            at=books.at,
        )
    settled = {"SettledDate": "7/15/2013"}
    summary = bring_in(books, write(file, [line("1", **settled), line("2", **settled)]), as_of=JULY)
    assert summary.created["payments"] == 1
    with tenant(books.id):
        assert Payment.objects.get(reference="2").amount == 70
        assert not Invoice.objects.open().exists()
        # The later day's payment was received earlier than the one recorded here.
        assert Customer.objects.get().last_payment_amount == 130
    assert differences(books.id) == ()


def test_disputes_open_close_and_are_not_opened_again(books: Books, file: Path) -> None:
    bring_in(books, write(file, [line("1"), line("2", Disputed="Yes")]))
    with tenant(books.id):
        dispute = Dispute.objects.get()
        assert (dispute.amount, dispute.opened_on) == (Decimal(100), date(2013, 6, 1))
        assert dispute.invoice.disputed_amount == 100
        resolve_dispute(dispute=dispute, on=books.on, by=books.by, at=books.at)
    both = [line("1", Disputed="Yes"), line("2", Disputed="Yes")]
    assert bring_in(books, write(file, both)).created["disputes"] == 1
    with tenant(books.id):
        assert Invoice.objects.get(number="1").disputed_amount == 100
        assert Invoice.objects.get(number="2").disputed_amount == 0
    settled = [line("1", Disputed="Yes", SettledDate="7/2/2013"), both[1]]
    bring_in(books, write(file, settled), as_of=JULY)
    with tenant(books.id):
        closed = Dispute.objects.get(invoice__number="1")
        assert (closed.state, closed.closed_on) == ("resolved", date(2013, 7, 2))
        assert Invoice.objects.get(number="1").disputed_amount == 0
    assert differences(books.id) == ()


def test_money_that_came_before_its_invoice_waited_unapplied(books: Books, file: Path) -> None:
    bring_in(books, write(file, [line("1", SettledDate="5/20/2013")]), as_of=JUNE)
    with tenant(books.id):
        [may] = aging_as_of(date(2013, 5, 31))
        assert (may.receivable, may.unapplied) == (Decimal(0), Decimal(100))
        [june] = aging_as_of(JUNE)
        assert june.receivable == june.unapplied == 0
    assert differences(books.id) == ()


def test_money_of_another_currency_is_kept_apart(books: Books, file: Path) -> None:
    customer = books.customer("Globex")
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(currency="EUR", number="0187-ERLSR")
    bring_in(books, write(file, [line("1"), line("2")]))
    bring_in(books, write(file, [line("1", SettledDate="6/30/2013"), line("2")]))
    with tenant(books.id):
        assert Customer.objects.get().open_amount == 0
        other = OtherBalance.objects.get()
        assert (other.currency, other.open_amount) == ("USD", Decimal(100))
    assert differences(books.id) == ()


def test_a_deactivated_customer_is_billed_no_more(books: Books, file: Path) -> None:
    bring_in(books, write(file, [line("1")]))
    with tenant(books.id):
        Customer.objects.update(state=CustomerState.INACTIVE)
    settled = line("1", SettledDate="6/30/2013")
    summary = bring_in(books, write(file, [settled, line("2")]), skip_bad=True)
    assert [problem.line for problem in summary.errors] == [3]
    assert "deactivated" in summary.errors[0].reason
    assert summary.created["payments"] == 1


def test_our_own_numbers_go_on_after_imported_ones(books: Books, file: Path) -> None:
    lines = [line("INV-00041", customerID="C-00007"), line("INV-x"), line("inv-00099")]
    bring_in(books, write(file, lines))
    customer = books.customer("Next")
    assert customer.number == "C-00008"
    assert books.invoice(customer).number == "INV-00042"


def test_noon_of_today_is_not_dated_ahead(books: Books, file: Path) -> None:
    today = f"{books.on:%m/%d/%Y}"
    bring_in(books, write(file, [line("1", InvoiceDate=today, DueDate=today)]), as_of=books.on)
    with tenant(books.id):
        assert Customer.objects.get().created_at == books.at


def test_two_organizations_have_the_same_ledger(books: Books, file: Path) -> None:
    write(file, [line("1")])
    other = found_books()
    assert bring_in(books, file).created == bring_in(other, file).created
    assert bring_in(other, file).created["invoices"] == 0


def test_a_header_that_no_mapping_knows(file: Path) -> None:
    write(file, [["1"]], ["Konto", "Beleg"])
    with pytest.raises(MappingRefused, match=r"Konto, Beleg.*late-payments"):
        read(file)


def test_a_mapping_of_ones_own(books: Books, file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mine.toml"
    mapping.write_text(
        'currency = "JPY"\ndates = "%d.%m.%Y"\n'
        '[columns]\naccount = "Konto"\nname = "Kunde"\ncountry = "Land"\n'
        'invoice = "Beleg"\nissued = "Datum"\ndue = "Fällig"\namount = "Betrag"\n',
        encoding="utf-8",
    )
    header = ["Konto", "Kunde", "Land", "Beleg", "Datum", "Fällig", "Betrag"]
    good = ["10", "Müller GmbH", "at", "R1", "01.06.2013", "30.06.2013", "500"]
    bad = ["11", "Maier", "XX", "R2", "01.06.2013", "30.06.2013", "500"]
    write(file, [good, bad], header)
    summary = bring_in(books, read(file, mapping=str(mapping)), skip_bad=True)
    assert [problem.reason for problem in summary.errors] == ["XX is no ISO 3166 country code."]
    with tenant(books.id):
        customer = Customer.objects.get()
        assert (customer.name, customer.billing_country) == ("Müller GmbH", "AT")
        assert (customer.currency, customer.open_amount) == ("JPY", Decimal(500))
    assert summary.created["contacts"] == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('dates = "%Y"\n[columns]\naccount = "a"\n', "lacks: currency, invoice"),
        ('currency = "USD"\ndates = "%Y"\nmood = 1\n', "shouldn't: mood"),
        ("currency = ", "mine.toml"),
    ],
)
def test_a_mapping_that_is_none(file: Path, tmp_path: Path, text: str, complaint: str) -> None:
    mapping = tmp_path / "mine.toml"
    mapping.write_text(text)
    write(file, [line()])
    with pytest.raises(MappingRefused, match=complaint):
        read(file, mapping=str(mapping))
    with pytest.raises(MappingRefused, match="no mapping “yours”"):
        read(file, mapping="yours")


def test_a_file_that_is_no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileRefused, match="CSV UTF-8"):
        read(file)
