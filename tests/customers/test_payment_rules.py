"""What may be paid with: nobody is left with nothing, wherever of three places it is set."""

import pytest

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.operations import CustomerRefused, PaymentRulesRefused, TemplateDetails
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.organizations.models import InvoiceTemplate, Organization
from paidup.organizations.queries import default_template, invoice_templates
from paidup.payments.queries import allowed_kinds
from tests.lifecycle.cast import merge
from tests.support.books import Books, found_books
from tests.support.templates import add_template, edit, take

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def kinds(books: Books, customer: Customer) -> list[str]:
    with tenant(books.id):
        return list(allowed_kinds(Customer.objects.get(id=customer.id)))


def test_offered_is_what_all_three_agree_on(books: Books) -> None:
    customer = books.customer()
    assert kinds(books, customer) == ["card", "bank_debit", "check", "wire"]
    template = add_template(books, "By bank", "wire", "bank_debit")
    edit(books, customer, invoice_template=template)
    assert kinds(books, customer) == ["bank_debit", "wire"]
    edit(books, customer, payment_kinds=["wire", "card"])
    assert kinds(books, customer) == ["wire"]
    take(books, "card", "wire")
    edit(books, customer, invoice_template=None)
    assert kinds(books, customer) == ["card", "wire"]


def test_a_customer_left_with_nothing_is_refused(books: Books) -> None:
    customer = books.customer()
    template = add_template(books, "By bank", "wire")
    edit(books, customer, payment_kinds=["card"])
    with pytest.raises(CustomerRefused, match=r"of Card nothing .* template “By bank”"):
        edit(books, customer, invoice_template=template)
    assert kinds(books, customer) == ["card"]


def test_the_organization_leaves_no_customer_and_no_template_with_nothing(books: Books) -> None:
    for name in ("Globex", "Initech"):
        edit(books, books.customer(name), payment_kinds=["card"])
    with pytest.raises(PaymentRulesRefused, match=r"2 customers .*: Globex, Initech"):
        take(books, "bank_debit", "wire")
    add_template(books, "By bank", "wire")
    with pytest.raises(PaymentRulesRefused, match=r"1 invoice template .*: By bank"):
        take(books, "card")
    with pytest.raises(PaymentRulesRefused, match="at least one"):
        take(books)
    with tenant(books.id):
        assert len(Organization.objects.get(id=books.id).payment_kinds) == 4
        assert not Event.objects.filter(kind="organization.payment_kinds_set").exists()


def test_a_template_leaves_no_customer_with_nothing_however_it_changes(books: Books) -> None:
    customer = books.customer()
    chosen = add_template(books, "By card", "card")
    edit(books, customer, payment_kinds=["card"], invoice_template=chosen)
    by_bank = add_template(books, "By bank", "wire")
    other = books.customer("Initech")
    edit(books, other, payment_kinds=["card"])
    with tenant(books.id):
        standard = default_template(books.id)
        with pytest.raises(PaymentRulesRefused, match=r"1 customer .*: Globex"):
            customers.edit_invoice_template(
                template=chosen,
                details=TemplateDetails(name="By card", payment_kinds=["wire"]),
                by=books.by,
                at=books.at,
            )
        with pytest.raises(PaymentRulesRefused, match=r"1 customer .*: Initech"):
            customers.make_default_template(template=by_bank, by=books.by, at=books.at)
        with pytest.raises(PaymentRulesRefused, match="Make another one the default first"):
            customers.remove_invoice_template(template=standard, by=books.by, at=books.at)
        assert default_template(books.id) == standard


def test_a_removed_template_s_customers_have_the_default_one(books: Books) -> None:
    customer = books.customer()
    template = add_template(books, "By card", "card")
    edit(books, customer, invoice_template=template)
    invoice = books.invoice(customer)
    with tenant(books.id):
        assert customers.remove_invoice_template(template=template, by=books.by, at=books.at) == 1
        assert Customer.objects.get(id=customer.id).invoice_template is None
        assert [one.name for one in invoice_templates(books.id)] == ["Standard"]
        told = Event.objects.filter(customer_id=customer.id).latest("id")
        assert told.data == {"changes": {"invoice_template": ["By card", None]}}
        assert list(allowed_kinds(customer, [invoice])) == ["card"], "the invoice keeps it"
    with pytest.raises(CustomerRefused, match="removed meanwhile"):
        edit(books, customer, invoice_template=template)


def test_a_name_is_given_once(books: Books) -> None:
    add_template(books, "By bank", "wire")
    with pytest.raises(PaymentRulesRefused, match="a template “by BANK” already"):
        add_template(books, " by  BANK ", "wire")


def test_a_merge_fills_what_is_blank_unless_it_leaves_nothing(books: Books) -> None:
    by_bank = add_template(books, "By bank", "wire")
    source, blank, card = (books.customer(name) for name in ("Globex", "Blank", "Card"))
    edit(books, source, invoice_template=by_bank, payment_kinds=["wire"])
    edit(books, card, payment_kinds=["card"])
    merged = merge(books, source, blank)
    with tenant(books.id):
        blank = Customer.objects.get(id=merged.id)
        assert (blank.payment_kinds, blank.invoice_template) == (["wire"], by_bank)
    merge(books, blank, card)
    assert kinds(books, card) == ["card"]
    with tenant(books.id):
        assert InvoiceTemplate.objects.filter(removed=False).count() == 2
