"""Who gets to see a pay page: whoever holds its link, at the right host, not too often."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern

from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import PayLink
from paidup.portal import limits, urls
from paidup.ui import limits as counting
from paidup.ui.limits import Limit
from tests.portal.payer import Payer, words
from tests.support.books import Books, found_books


@pytest.fixture
def path(books: Books, payer: Payer) -> str:
    """A link that works."""
    return payer.invoice_link(books.invoice(books.customer()))


def lost(answer: object) -> bool:
    """Whether it is the one page that says nothing about why."""
    text = words(answer)
    return answer.status_code == 404 and "This link leads nowhere" in text  # type: ignore[attr-defined]  # a response


def use_up(limit: Limit, whose: str) -> None:
    """Leaves one more time."""
    for _time in range(limit.times - 1):
        limit.is_over(whose)


def test_every_page_names_who_may_open_it() -> None:
    routes = [*urls.urlpatterns, *urls.ACCOUNT]
    views = [route.callback for route in routes if isinstance(route, URLPattern)]
    assert {getattr(view, "access", None) for view in views} == {
        "link",
        "portal login",
        "visitor",
        "everyone",
    }
    assert {getattr(route.callback, "access", None) for route in urls.ACCOUNT} == {"portal login"}
    public = {view.__name__ for view in views if getattr(view, "access", None) == "everyone"}
    assert public == {"brand"}


def test_the_link_opens_the_page(payer: Payer, path: str) -> None:
    assert payer.see(path).status_code == 200


def test_at_another_organization_s_host_it_leads_nowhere(path: str) -> None:
    other = found_books().organization.slug
    for host in (other, "nobody", "a.b"):
        client = Client(headers={"host": f"{host}.localhost:8000"})
        assert client.get(path).status_code == 404
        assert client.post(f"{path}payments/").status_code == 404
    assert lost(Client(headers={"host": f"{other}.localhost:8000"}).get(path))


def test_at_the_staff_host_there_is_no_pay_page(path: str) -> None:
    assert Client(headers={"host": "localhost:8000"}).get(path).status_code == 404


def test_a_tampered_link_leads_nowhere(payer: Payer, path: str) -> None:
    token = path.split("/")[2]
    swapped = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]
    for wrong in (swapped, token[:-4], token + "AA", "x", "é", "%00", "." * 200):
        assert lost(payer.see(f"/pay/{wrong}/")), wrong


def test_a_revoked_link_leads_nowhere(books: Books, payer: Payer, path: str) -> None:
    with tenant(books.id):
        payments.revoke_link(link=PayLink.objects.get(), by=books.by, at=books.at)
    assert lost(payer.see(path))
    assert lost(payer.pay(path, "1.00"))


def test_nobody_learns_why(books: Books, payer: Payer, path: str) -> None:
    with tenant(books.id):
        payments.revoke_link(link=PayLink.objects.get(), by=books.by, at=books.at)
    assert (
        words(payer.see(path)) == words(payer.see("/pay/unknown/")) == words(payer.see("/nowhere/"))
    )


def test_a_link_opens_no_other_customer_s_payment(books: Books, payer: Payer, path: str) -> None:
    stranger = books.customer("Initech")
    made = payer.pay(payer.invoice_link(books.invoice(stranger)), "100.00")
    assert made.status_code == 303
    intent = made.url.rstrip("/").rpartition("/")[2]
    assert lost(payer.see(f"{path}payments/{intent}/"))


def test_an_invoice_s_link_opens_no_payment_of_another_invoice(books: Books, payer: Payer) -> None:
    customer = books.customer()
    one, other = books.invoice(customer), books.invoice(customer)
    intent = payer.pay(payer.invoice_link(one), "100.00").url.rstrip("/").rpartition("/")[2]
    assert lost(payer.see(f"{payer.invoice_link(other)}payments/{intent}/"))
    assert payer.see(f"{payer.balance_link(customer)}payments/{intent}/").status_code == 200


def test_a_charge_of_a_saved_method_is_not_shown(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    path = payer.invoice_link(invoice)
    intent = books.run(books.claim(customer, invoice))
    with tenant(books.id):
        type(intent).objects.filter(id=intent.id).update(purpose="autopay")
    assert lost(payer.see(f"{path}payments/{intent.id}/"))


@pytest.fixture
def _within_one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "time", SimpleNamespace(time=lambda: 0.0))


@pytest.mark.usefixtures("_within_one_window")
def test_a_link_is_not_opened_without_end(books: Books, payer: Payer, path: str) -> None:
    with tenant(books.id):
        link = PayLink.objects.get().id.hex
    use_up(limits.VIEWS_OF_LINK, link)
    assert payer.see(path).status_code == 200
    answer = payer.see(path)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "Please wait a minute" in words(answer)


@pytest.mark.usefixtures("_within_one_window")
def test_guessing_links_is_slowed_down(payer: Payer) -> None:
    use_up(limits.VIEWS_OF_ADDRESS, "127.0.0.1")
    assert payer.see("/pay/guess/").status_code == 404
    assert payer.see("/pay/guess/").status_code == 429
    assert payer.client.get("/pay/guess/", REMOTE_ADDR="192.0.2.7").status_code == 404


@pytest.mark.usefixtures("_within_one_window")
def test_trying_out_cards_is_slowed_down(books: Books, payer: Payer, path: str) -> None:
    with tenant(books.id):
        use_up(limits.PAYMENTS_OF_LINK, PayLink.objects.get().id.hex)
    assert payer.pay(path, "1.00", last4="0002").status_code == 303
    before = payer.traces()
    answer = payer.pay(path, "1.00", last4="4242")
    assert answer.status_code == 429
    assert "try again in an hour" in words(answer)
    assert payer.traces() == before


def test_payments_are_taken_from_the_page_alone(books: Books, path: str) -> None:
    client = Client(
        enforce_csrf_checks=True, headers={"host": f"{books.organization.slug}.localhost:8000"}
    )
    assert client.post(f"{path}payments/", {"amount": "1"}).status_code == 403
