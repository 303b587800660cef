"""An e-mail from the record to the reader, in a browser: written, sent, undone, sent again."""

import re

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from paidup.correspondence.operations import establish_templates
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support import processes
from tests.support.books import found_books
from tests.support.mail import MailServer
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

pytestmark = pytest.mark.usefixtures("committed")


def half_a_minute_passes(organization_id: object) -> None:
    """The queue goes by its own clock: what waits in it is due now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now()"
            " WHERE status = 'todo' AND args ->> 'organization_id' = %s",
            [str(organization_id)],
        )


def test_an_email_is_sent_undone_and_sent_again(page: Page, site: Site, mail: MailServer) -> None:
    books = found_books(at=clock.now())
    with tenant(books.id):
        establish_templates(organization=books.organization, by=books.by, at=books.at)
    customer = books.customer("Globex", email=f"ann@{books.organization.slug}.example")
    address = f"bob@{books.organization.slug}.example"
    books.contact(customer, address)
    bill = books.invoice(customer, "120.00", due_in=-3)
    page.goto(f"{sign_in(page, site, books)}customers/{customer.id}/")

    page.get_by_role("link", name="Send E-mail").click()
    page.get_by_label("Template", exact=True).select_option("Invoices enclosed")
    expect(page.get_by_label("Subject")).to_have_value(re.compile("^Enclosed: "))
    page.get_by_role("checkbox", name="Ann").uncheck()
    page.get_by_role("checkbox", name="Bob").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "{{ invoices }} is empty here: choose invoices to enclose"
    )
    assert violations(page) == []
    page.get_by_role("checkbox", name=bill.number).check()
    page.get_by_label("Subject").fill("Dear ")
    page.get_by_label("Insert a variable").select_option("Contact's name")
    expect(page.get_by_label("Subject")).to_have_value("Dear {{ contact.name }}")
    page.get_by_role("button", name="Preview").click()
    expect(page.frame_locator("iframe[name=mail-frame]").get_by_text("$120.00")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_text("Throw away what you have written?")).to_be_visible()
    page.get_by_role("button", name="Cancel").last.click()
    page.get_by_label("Text").press("ControlOrMeta+Enter")
    toast = page.locator("#toasts", has_text="The e-mail to Bob leaves in a moment.")
    toast.get_by_role("button", name="Undo").click(timeout=20_000)
    expect(page.get_by_label("Subject")).to_have_value("Dear {{ contact.name }}")
    expect(page.get_by_role("checkbox", name=bill.number)).to_be_checked()
    expect(page.locator("#tab .message-state")).to_have_text(re.compile("Withdrawn"))

    page.get_by_role("button", name="Send", exact=True).click()
    state = page.locator("#tab .message-state").first
    expect(state.get_by_role("button", name="Undo")).to_be_visible(timeout=20_000)
    assert violations(page) == []
    half_a_minute_passes(books.id)
    with processes.worker(**mail.environment):
        [arrived] = mail.wait(address)
    assert arrived["Subject"] == "Dear Bob"
    [pdf] = arrived.iter_attachments()
    assert pdf.get_filename() == f"{bill.number}.pdf"
    expect(state).to_have_text(re.compile("Sent"), timeout=20_000)
    assert len(mail.to(books.organization.slug)) == 1
