"""Entering a payment method by its link: kept while nothing is charged, and shown to nobody."""

from contextlib import suppress
from types import SimpleNamespace
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest

from paidup.communications.models import Message
from paidup.customers.models import Customer
from paidup.lib.jobs import name_of
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.payments import links
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Outage
from paidup.payments.gateways.sandbox.models import Charge, StoredMethod
from paidup.payments.jobs import forget_unless_kept
from paidup.payments.mandates import Authority
from paidup.payments.models import ErasedMethod, Mandate, MethodLink, PaymentMethod
from paidup.payments.operations import MethodRefused, keep, keep_method
from paidup.payments.states import Channel
from paidup.portal import limits
from paidup.ui import limits as counting
from tests.portal.payer import Payer, one_time_token, words
from tests.portal.test_access import lost, use_up
from tests.support.books import AT, SANDBOX, Books, found_books, jobs_of
from tests.support.races import both, meeting


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Globex")


@pytest.fixture
def path(payer: Payer, customer: Customer) -> str:
    """A link that works."""
    return payer.method_link(customer)


def live(books: Books) -> list[PaymentMethod]:
    with tenant(books.id):
        return list(PaymentMethod.objects.filter(removed_at=None).order_by("saved_at", "id"))


def test_a_method_is_kept_with_the_authority_and_nothing_is_charged(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    books.invoice(customer)
    former = books.method(customer, last4="4444")
    page = words(payer.see(path))
    assert "Nothing is charged now." in page
    assert "4444" not in page  # what is on file is nobody's to see
    assert "becomes the method that is charged, in place of any other" in page
    said = words(payer.save(path))
    assert "Acme may charge Visa •••• 4242 for the invoices of Globex from now on" in said
    with tenant(books.id):
        method = PaymentMethod.objects.get(last4="4242")
        assert (method.customer_id, method.default) == (customer.id, True)
        assert not PaymentMethod.objects.get(id=former.id).default
        mandate = Mandate.objects.get(method=method)
        assert (mandate.channel, mandate.given_by, mandate.revoked_at) == ("web", "Ann", None)
        assert mandate.text in page
    assert not Charge.objects.filter(token=method.token).exists()
    assert payer.traces()[1:] == (0, 0, 0)


def test_opening_it_changes_nothing(payer: Payer, path: str) -> None:
    before = payer.traces()
    assert payer.see(path).status_code == 200
    assert payer.see(f"{path}methods/").url == path
    assert payer.traces() == before


def test_sent_twice_it_is_kept_once(
    monkeypatch: pytest.MonkeyPatch, books: Books, payer: Payer, path: str
) -> None:
    token = one_time_token()
    with meeting(monkeypatch, keep, "refuse_open_transaction"):
        answers = both(lambda: payer.elsewhere().save(path, token=token))
    for answer in (*answers, payer.save(path, token=token)):
        assert "Your payment method is saved" in words(answer)
    assert len(live(books)) == 1


def test_details_that_are_kept_already_are_nobody_else_s(
    books: Books, payer: Payer, path: str
) -> None:
    token = one_time_token()
    kept = books.method(books.customer("Initech"))
    assert payer.save(payer.method_link(books.customer("Hooli")), token=token).status_code == 200
    for wrong in (token, kept.token, "tok_unknown"):
        answer = payer.save(path, token=wrong)
        assert answer.status_code == 422
        assert "These details can't be used." in words(answer)
    assert len(live(books)) == 2
    assert StoredMethod.objects.filter(token=kept.token).exists()


def test_without_a_name_there_is_no_authority(books: Books, payer: Payer, path: str) -> None:
    answer = payer.save(path, name=" ")
    assert answer.status_code == 422
    assert "Write your name" in words(answer)
    assert live(books) == []


def test_what_the_customer_may_not_pay_with_is_not_kept(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(payment_kinds=["bank_debit"])
    assert "/sandbox/form/?kinds=bank_debit" in words(payer.see(path))
    token = one_time_token()
    answer = payer.save(path, token=token)
    assert answer.status_code == 422
    assert "Card can't be kept for automatic payments" in words(answer)
    assert not StoredMethod.objects.filter(made_from__token=token).exists()
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(payment_kinds=["wire"])
    assert "can't be saved on this page yet" in words(payer.see(path))


def test_neither_link_is_taken_for_the_other(
    payer: Payer, books: Books, customer: Customer, path: str
) -> None:
    paying = payer.balance_link(customer)
    assert lost(payer.see(path.replace("/method/", "/pay/")))
    assert lost(payer.see(paying.replace("/pay/", "/method/")))
    assert lost(payer.save(paying.replace("/pay/", "/method/")))
    assert live(books) == []


def test_a_revoked_link_leads_nowhere_and_the_next_is_another(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    assert payer.method_link(customer) == path
    with tenant(books.id):
        link = MethodLink.objects.get()
        payments.revoke_method_link(link=link, by=books.by, at=books.at)
    assert lost(payer.see(path))
    assert lost(payer.save(path))
    assert payer.method_link(customer) != path


def test_what_was_revoked_meanwhile_is_forgotten_again(
    books: Books, customer: Customer, path: str
) -> None:
    del path
    with tenant(books.id):
        link = MethodLink.objects.get()
        payments.revoke_method_link(link=link, by=books.by, at=books.at)
    token = one_time_token()
    with pytest.raises(MethodRefused, match="taken back"):
        keep_method(
            customer=customer,
            token=token,
            authority=Authority(text="I agree.", channel=Channel.WEB, given_by="Ann"),
            vendor=SANDBOX,
            link=link,
            by=books.by,
            at=AT,
        )
    assert not StoredMethod.objects.filter(made_from__token=token).exists()
    assert live(books) == []


@pytest.mark.parametrize("falls", [True, False])
def test_what_nobody_has_an_hour_later_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, books: Books, payer: Payer, path: str, *, falls: bool
) -> None:
    """As when the process is killed between the gateway's answer and our row."""
    token = one_time_token()
    with monkeypatch.context() as patch, suppress(SystemExit):
        if falls:
            patch.setattr(keep, "save_method", Mock(side_effect=SystemExit))
        payer.save(path, token=token)
    assert StoredMethod.objects.filter(made_from__token=token).exists()
    [job] = jobs_of(books.id, name_of(forget_unless_kept))
    forget_unless_kept(**job)
    assert StoredMethod.objects.filter(made_from__token=token).exists() is not falls
    forget_unless_kept(**job)  # its worker may be killed, too
    assert len(live(books)) == (0 if falls else 1)


def test_after_a_merge_it_serves_the_customer_that_stays(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    target = books.customer("Initech")
    own = payer.method_link(target)
    with tenant(books.id):
        merge_customers(source=customer, target=target, by=books.by, at=books.at)
    assert "keeps it for Initech" in words(payer.see(path))
    assert payer.save(path).status_code == 200
    assert [method.customer_id for method in live(books)] == [target.id]
    assert payer.method_link(target) == own


def test_trying_out_cards_is_slowed_down(
    monkeypatch: pytest.MonkeyPatch, books: Books, payer: Payer, path: str
) -> None:
    monkeypatch.setattr(counting, "time", SimpleNamespace(time=lambda: 0.0))
    with tenant(books.id):
        use_up(limits.PAYMENTS_OF_LINK, MethodLink.objects.get().id.hex)
    assert payer.save(path).status_code == 200
    assert payer.save(path).status_code == 429


def test_a_declined_auto_payment_s_notice_leads_there(
    books: Books, payer: Payer, customer: Customer
) -> None:
    books.contact(customer, "ann@globex.example")
    books.run(books.claim_unattended(customer, books.invoice(customer), last4="0341"))
    with tenant(books.id):
        blocks = Message.objects.get(purpose="charge_failed").blocks
        link = links.url(MethodLink.objects.get(customer=customer), books.organization)
    assert next(block["url"] for block in blocks if block["kind"] == "button") == link
    assert payer.see(urlsplit(link).path).status_code == 200


def test_what_was_agreed_to_is_what_stood_on_the_page(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    agreed = payer.agreed(path)
    assert "invoices of Globex" in agreed
    target = books.customer("Initech")
    with tenant(books.id):
        merge_customers(source=customer, target=target, by=books.by, at=books.at)
    answer = payer.save(path, wording=agreed)
    assert answer.status_code == 422
    assert "What you allow has changed meanwhile. Read it again before you agree." in words(answer)
    assert "invoices of Initech" in words(answer)
    assert live(books) == []
    assert payer.save(path).status_code == 200


def test_a_saved_method_of_another_organization_is_nobody_s_here(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    elsewhere = found_books(name="Hooli")
    stranger = elsewhere.method(elsewhere.customer("Initech"))
    assert "These details can't be used." in words(payer.save(path, token=stranger.token))
    paying = payer.invoice_link(books.invoice(customer))
    for fields in ({}, {"save": "on", "name": "Ann"}):
        answer = payer.pay(paying, "10.00", token=stranger.token, **fields)
        assert answer.status_code == 422
    assert live(books) == []
    assert not Charge.objects.filter(token=stranger.token).exists()
    assert StoredMethod.objects.filter(token=stranger.token).exists()


def test_details_kept_already_are_not_forgotten_when_they_are_sent_to_pay(
    books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    token = one_time_token()
    assert payer.save(path, token=token).status_code == 200
    [kept] = live(books)
    other = books.customer("Initech")
    paying = payer.invoice_link(books.invoice(other))
    assert payer.pay(paying, "10.00", token=token, save="on", name="Ann").status_code == 422
    assert live(books) == [kept]
    assert StoredMethod.objects.filter(token=kept.token).exists()


def test_what_is_not_kept_is_forgotten_also_after_an_outage(
    monkeypatch: pytest.MonkeyPatch, books: Books, payer: Payer, customer: Customer, path: str
) -> None:
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(payment_kinds=["bank_debit"])

    def fail(token: str) -> None:
        raise Outage(token)

    with monkeypatch.context() as patch:
        patch.setattr(type(SANDBOX), "forget", staticmethod(fail))
        assert "Card can't be kept" in words(payer.save(path))
    with tenant(books.id):
        erased = ErasedMethod.objects.get()
    assert StoredMethod.objects.filter(token=erased.token).exists()
    payments.forget_erased(organization_id=books.id, erased_id=erased.id)
    assert not StoredMethod.objects.filter(token=erased.token).exists()
