"""Pages outside the frame: sign-in by invitation only, and refusals that say what to do."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_nobody_signs_up_by_themselves(page: Page) -> None:
    page.goto("/accounts/signup/")
    expect(page.get_by_role("heading")).to_have_text("By invitation")
    expect(page.locator("form")).to_have_count(0)


def test_the_sign_in_page_names_its_fields_and_its_ways_out(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/accounts/login/")
    expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "email")
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "current-password")
    page.get_by_role("link", name="Forgot your password?").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    page.get_by_role("link", name="Back to sign in").click()
    page.wait_for_url("**/accounts/login/")
    assert complaints == []


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "409", "429", "500"])
def test_a_refusal_says_what_to_do_and_leads_out(page: Page, status: str) -> None:
    answer = page.goto(f"/o/refused/{status}/")
    assert answer
    assert answer.status == int(status[:3])
    sentence = page.locator("[data-refusal]")
    expect(sentence).to_have_text(re.compile(r"\w.*\."))
    expect(page.get_by_role("link", name="Go to the start page")).to_be_visible()


def test_an_unknown_address_is_answered_in_the_same_look(page: Page) -> None:
    answer = page.goto("/nowhere/")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is nothing here")


def test_the_portal_wears_the_organizations_colour(page: Page, complaints: list[str]) -> None:
    page.goto("/pay/")
    expect(page.get_by_role("banner")).to_have_text("Harbour & Vale Trading")
    button = page.get_by_role("button", name="Continue to payment")
    expect(button).to_have_css("background-color", "rgb(15, 94, 89)")
    assert complaints == []
