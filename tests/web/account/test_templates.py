"""Templates of e-mails: added, edited, removed, and looked at for a real customer."""

from html import unescape

import pytest

from paidup.communications.models import MessageTemplate
from paidup.correspondence.operations import establish_templates
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


def test_a_template_from_adding_to_removal() -> None:
    books = found_books(at=clock.now())
    account = f"/o/{books.organization.slug}/account/"
    client, list_path = signed_in(books), f"{account}?tab=templates"
    with tenant(books.id):
        establish_templates(organization=books.organization, by=books.by, at=books.at)
    assert "Account overview" in client.get(list_path).text
    words = {"name": "Thanks", "subject": "Thank you", "body": "Dear {{ contact.nme }}"}
    refused = client.post(f"{account}templates/new/", words)
    assert refused.status_code == 422
    assert "did you mean {{ contact.name }}?" in unescape(refused.text)
    words["body"] = "Dear {{ contact.name }}, {{ invoices.total }} is open."
    assert client.post(f"{account}templates/new/", words).status_code == 302
    with tenant(books.id):
        template = MessageTemplate.objects.get(name="Thanks")
    path = f"{account}templates/{template.id}/"
    assert "No customer was found" in client.get(f"{path}preview/").text
    customer = books.customer("Globex", email="ann@globex.example")
    refused = client.get(f"{path}preview/", {"q": "globex"})
    assert "{{ invoices.total }} is empty here" in unescape(refused.text)
    books.invoice(customer, "120.00")
    assert "Thank you" in client.get(f"{path}preview/").text
    assert "Dear Ann, $120.00 is open." in client.get(f"{path}preview/mail/").text
    assert client.post(path, words | {"subject": "Thanks a lot"}).status_code == 302
    assert "Thanks a lot" in client.get(list_path).text
    assert client.post(f"{path}removal/").status_code == 302
    assert "Thanks a lot" not in client.get(list_path).text


def test_a_cadences_template_is_not_among_them() -> None:
    books = found_books(at=clock.now())
    account = f"/o/{books.organization.slug}/account/"
    with tenant(books.id):
        reminder = MessageTemplate.objects.create(
            organization=books.organization,
            name="Dunning",
            purpose="reminder",
            subject="S",
            body="B",
        )
    client = signed_in(books)
    assert "Dunning" not in client.get(f"{account}?tab=templates").text
    assert client.get(f"{account}templates/{reminder.id}/").status_code == 404


def test_who_may_only_look_is_offered_no_change() -> None:
    books = found_books(at=clock.now())
    account = f"/o/{books.organization.slug}/account/"
    assert onlooker(books).get(f"{account}templates/new/").status_code == 403
