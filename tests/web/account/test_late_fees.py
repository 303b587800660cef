"""Late fees on pages: the rules, what they would charge, a customer's switch, waiving a fee."""

import csv
from decimal import Decimal

import pytest

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.late_fees.models import Rule
from paidup.late_fees.states import Kind
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.models import Member
from paidup.organizations.roles import RoleDetails
from paidup.organizations.states import Level, Module
from paidup.payments.models import Credit, Proposal
from tests.late_fees.fining import assess, document, rule
from tests.payments.test_proposals import with_limits
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


def a_member(books: Books, levels: dict[Module, Level], *, limited: bool = False) -> Member:
    """One with a role of these levels."""
    details = RoleDetails(name=f"Role {len(levels)}", limited=limited, levels=levels)
    with tenant(books.id):
        role = roles.add_role(details=details, by=books.by, at=books.at)
    return member_with(books, role)


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/{rest}"


def test_a_rule_is_added_seen_at_work_switched_on_and_removed(books: Books) -> None:
    client = signed_in(books)
    late = books.invoice(books.customer("Globex"), due_in=-20)
    account = path(books, "account/?tab=late_fees")
    assert "No rules" in client.get(account).content.decode()
    sent = {
        "kind": "percent",
        "rate": "1.5",
        "amount": "9",  # of no use here
        "currency": "usd",
        "grace_days": "10",
        "every_days": "30",
        "most": "",
        "starts_on": "2001-01-01",
    }
    refused = client.post(path(books, "account/late-fees/new/"), {**sent, "rate": ""})
    assert refused.status_code == 422
    assert "Say how many percent" in refused.content.decode()
    answer = client.post(path(books, "account/late-fees/new/"), sent)
    assert answer["Location"] == account
    with tenant(books.id):
        added = Rule.objects.get()
    assert (added.currency, added.rate, added.amount) == ("USD", Decimal("1.5"), None)
    shown = client.get(account).content.decode()
    assert "1.5% of what is late" in shown
    assert "After 10 days, every 30 days" in shown
    preview = client.get(path(books, "account/late-fees/preview/")).content.decode()
    assert late.number in preview
    assert "$1.50" in preview
    assert assess(books) == 0
    assert client.post(path(books, f"account/late-fees/{added.id}/switch/"), {"to": "on"})
    assert assess(books) == 1
    preview = client.get(path(books, "account/late-fees/preview/?reason=already")).content.decode()
    assert "Charged already" in preview
    assert late.number in preview
    edited = client.post(path(books, f"account/late-fees/{added.id}/"), {**sent, "rate": "2"})
    assert edited["Location"] == account
    assert onlooker(books).post(path(books, f"account/late-fees/{added.id}/")).status_code == 403
    client.post(path(books, f"account/late-fees/{added.id}/removal/"))
    assert "No rules" in client.get(account).content.decode()
    assert client.get(path(books, f"account/late-fees/{added.id}/")).status_code == 404


def test_the_preview_is_for_who_may_read_invoices_and_tells_them_of_their_customers_alone(
    books: Books,
) -> None:
    added = rule(books, Kind.FLAT)
    hidden = books.invoice(books.customer("Hiddenco"), "777.00", due_in=-20)
    own = books.customer("Ownwell")
    late = books.invoice(own, due_in=-20)
    preview, account = path(books, "account/late-fees/preview/"), path(books, "account/")
    clerk = client_of(a_member(books, {Module.ACCOUNT: Level.EDIT}).user)
    assert clerk.get(preview).status_code == 403
    assert preview not in clerk.get(f"{account}?tab=late_fees").content.decode()
    everything = dict.fromkeys(Module, Level.EDIT)
    limited = a_member(books, everything, limited=True)
    with tenant(books.id):
        customers.edit_customer(customer=own, sales_rep=limited, by=books.by, at=books.at)
    client = client_of(limited.user)
    shown = client.get(preview).content.decode()
    assert late.number in shown
    assert hidden.number not in shown
    assert "Hiddenco" not in shown
    # Nobody has everyone charged who sees only a part of whom that would hit.
    switch = path(books, f"account/late-fees/{added.id}/switch/")
    assert switch not in client.get(f"{account}?tab=late_fees").content.decode()
    assert client.post(switch, {"to": "off"}).status_code == 403


def test_late_fees_are_switched_from_the_menu_and_in_place(books: Books) -> None:
    client, customer = signed_in(books), books.customer("Globex")
    record = path(books, f"customers/{customer.id}/")
    assert "Disable Late Fees" in client.get(record).content.decode()
    client.post(f"{record}late-fees/")
    assert "Enable Late Fees" in client.get(record).content.decode()
    client.post(f"{record}details/late_fees/", {"late_fees": "yes"})
    with tenant(books.id):
        assert Customer.objects.get().late_fees
    assert "Late fees enabled" in client.get(f"{record}?tab=timeline").content.decode()


def test_a_fee_is_waived_from_its_page_or_waits_for_approval(books: Books) -> None:
    rule(books, Kind.FLAT)
    invoice = books.invoice(books.customer("Globex"), due_in=-20)
    assess(books)
    fee = document(books, invoice)
    client = signed_in(books)
    shown = client.get(path(books, f"invoices/{fee.id}/")).content.decode()
    assert invoice.number in shown
    assert f"invoices/{fee.id}/waiver/" in shown
    assert fee.number in client.get(path(books, f"invoices/{invoice.id}/")).content.decode()
    listed = (
        client.get(path(books, "invoices/invoices.csv")).getvalue().decode("utf-8-sig").splitlines()
    )
    [row] = [row for row in csv.DictReader(listed) if row["Number"] == fee.number]
    assert row["Late fee for"] == invoice.number
    waiver = path(books, f"invoices/{fee.id}/waiver/")
    assert client.get(waiver).status_code == 200
    client_of(with_limits(books, "Junior", "9").user).post(waiver, {"reason": "A friend"})
    with tenant(books.id):
        assert Proposal.objects.get().amount == Decimal(10)
        assert Invoice.objects.get(id=fee.id).open_amount == Decimal(10)
    answer = client.post(waiver, {"reason": "First time"})
    assert answer["Location"] == path(books, f"invoices/{fee.id}/")
    with tenant(books.id):
        assert Credit.objects.get().description == "First time"
    again = client.post(waiver, {"reason": "Once more"})
    assert again.status_code == 422
    assert "Nothing is open" in again.content.decode()
