"""Dialogs, menus, toasts, theme: what the little JavaScript does."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser
RECORD = "/o/harbour/customers/1/"


def open_credit(page: Page) -> None:
    page.goto(RECORD)
    page.get_by_label("Actions menu").click()
    page.get_by_role("link", name="Add Credit").click()
    expect(page.get_by_role("dialog", name="Add Credit")).to_be_visible()


def fill(page: Page, amount: str) -> None:
    page.get_by_label("Amount").fill(amount)
    page.get_by_label("Description").fill("Goodwill")
    page.get_by_label("Reason").select_option("goodwill")
    page.get_by_role("button", name="Add", exact=True).click()


def test_a_form_opens_in_the_dialog_with_the_focus_in_its_first_field(
    page: Page, complaints: list[str]
) -> None:
    open_credit(page)
    expect(page.get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#dialog form")).to_have_count(0)
    assert complaints == []


def test_a_refusal_stays_in_the_dialog_and_says_what_to_do(page: Page) -> None:
    open_credit(page)
    fill(page, "5000")
    expect(page.get_by_role("alert")).to_contain_text("You may credit up to $1,000.00.")
    expect(page.get_by_label("Amount")).to_have_value("5000")


def test_the_first_field_in_error_has_the_focus_and_is_tied_to_its_sentence(page: Page) -> None:
    open_credit(page)
    page.get_by_label("Amount").fill("12")
    page.evaluate("document.querySelector('#dialog form').noValidate = true")
    page.get_by_role("button", name="Add", exact=True).click()
    field = page.get_by_label("Description")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("required.*|.*required"))


def test_success_reloads_the_page_below_and_says_so(page: Page) -> None:
    open_credit(page)
    fill(page, "12")
    expect(page.get_by_text("Credit added.")).to_be_visible()
    expect(page.locator("#dialog")).to_be_hidden()
    assert page.url.endswith(RECORD)


def test_a_press_beside_the_dialog_closes_it_until_something_is_typed(page: Page) -> None:
    open_credit(page)
    page.mouse.click(5, 5)
    expect(page.locator("#dialog")).to_be_hidden()

    open_credit(page)
    page.get_by_label("Description").fill("half a thought")
    page.mouse.click(5, 5)
    expect(page.locator("#dialog")).to_be_visible()


def test_the_same_form_works_as_a_page_of_its_own(page: Page) -> None:
    page.goto("/o/harbour/credit/")
    fill(page, "12")
    expect(page.get_by_text("Credit added.")).to_be_visible()


def test_the_typed_confirmation_waits_for_the_words(page: Page) -> None:
    page.goto(RECORD)
    page.get_by_label("Actions menu").click()
    page.get_by_text("Delete").click()
    button = page.get_by_role("button", name="Delete customer")
    expect(button).to_be_disabled()
    page.get_by_label("Type Halden Maritime to confirm").fill("Halden")
    expect(button).to_be_disabled()
    page.get_by_label("Type Halden Maritime to confirm").fill("Halden Maritime")
    button.click()
    page.wait_for_url("**/customers/")


def test_a_menu_is_walked_by_arrows_and_closed_by_escape(page: Page) -> None:
    page.goto(RECORD)
    page.get_by_label("Actions menu").focus()
    page.keyboard.press("Enter")
    menu = page.locator("#actions")
    expect(menu.get_by_role("link", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Payment method link")).to_be_focused()
    page.keyboard.press("End")
    expect(menu.get_by_role("link", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_label("Actions menu")).to_be_focused()


def test_what_the_server_refuses_it_says_in_its_own_words(page: Page) -> None:
    page.goto(RECORD)

    def refuse(route: Route) -> None:
        route.fulfill(
            status=403, content_type="text/html", body="<p data-refusal>Only owners may.</p>"
        )

    page.route("**/credit/", refuse)
    page.get_by_label("Actions menu").click()
    page.get_by_role("link", name="Add Credit").click()
    expect(page.locator("#toasts")).to_contain_text("Only owners may.")
    expect(page.locator("#dialog")).to_be_hidden()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)


def test_a_lost_connection_is_told(page: Page) -> None:
    page.goto(RECORD)
    page.route("**/credit/", lambda route: route.abort())
    page.get_by_label("Actions menu").click()
    page.get_by_role("link", name="Add Credit").click()
    expect(page.locator("#toasts")).to_contain_text("Paidup cannot be reached.")


def test_good_news_goes_by_itself_and_trouble_stays(page: Page) -> None:
    page.clock.install()
    page.goto("/o/harbour/?toast=1")
    expect(page.locator("[data-toast]")).to_have_count(2)
    page.clock.fast_forward(10_000)
    expect(page.locator("[data-toast]")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("The mailbox refused the connection.")


def test_the_theme_is_chosen_at_once_and_the_server_remembers_it(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/o/harbour/")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.get_by_role("button", name="Maya Okafor").click()
    page.get_by_role("radio", name="Dark").click()
    assert page.evaluate(ground) == "rgb(20, 21, 24)"

    page.goto("/o/harbour/customers/", wait_until="commit")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.get_by_role("button", name="Maya Okafor").click()
    page.get_by_role("radio", name="Like the system").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page: Page) -> None:
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.goto("/o/harbour/credit/")
    page.route("**/credit/", take)
    page.get_by_label("Amount").fill("1")
    page.get_by_label("Description").fill("x")
    page.get_by_label("Reason").select_option("goodwill")
    button = page.get_by_role("button", name="Add", exact=True)
    button.click()
    button.click()
    page.wait_for_timeout(200)
    assert sent == ["POST"]


def test_copying_says_so(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(RECORD)
    page.get_by_role("button", name="Pay Balance Link").click()
    expect(page.locator("#toasts")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://harbour.localhost/pay/x"


def test_a_tab_changes_without_the_page_and_the_way_back_leads_to_it(page: Page) -> None:
    page.goto(RECORD)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_text("Promise to pay $136,110.55")).to_be_visible()
    assert page.evaluate("window.stayed")
    page.go_back()
    expect(page.get_by_role("link", name="INV-2041")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_have_count(1)


def test_on_a_phone_the_rail_opens_from_the_bar(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/o/harbour/customers/")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cadences").click()
    page.wait_for_url("**/cadences/")
