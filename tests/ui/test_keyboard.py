"""The list by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LIST = "/o/harbour/customers/"


def rows(page: Page) -> list[str]:
    return page.locator("tr[data-row] .row-link").all_inner_texts()


def test_slash_searches_as_one_types_and_the_arrow_leads_into_the_rows(
    page: Page, complaints: list[str]
) -> None:
    page.goto(LIST)
    page.evaluate("window.stayed = true")
    page.keyboard.press("/")
    expect(page.get_by_placeholder("Search customers")).to_be_focused()

    page.keyboard.type("hal")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("#total")).to_have_text("10")
    assert page.url.endswith("?q=hal&category=active&sort=-balance")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Halden Maritime")).to_be_focused()
    assert page.evaluate("window.stayed")

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halden Maritime")
    assert complaints == []


def test_j_and_k_walk_the_rows_and_the_quick_panel_follows(page: Page) -> None:
    page.goto(LIST)
    first, second, *_ = rows(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=second)).to_be_focused()

    page.keyboard.press("Space")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading")).to_have_text(second)
    page.keyboard.press("k")
    expect(panel.get_by_role("heading")).to_have_text(first)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_x_selects_and_the_batch_bar_counts(page: Page) -> None:
    page.goto(LIST)
    bar = page.locator("#batch")
    expect(bar).to_be_hidden()
    for key in "jxjx":
        page.keyboard.press(key)
    expect(bar).to_contain_text("2 selected")
    page.get_by_label("Select all rows").check()
    expect(bar).to_contain_text("24 selected")
    page.get_by_label("Select all rows").uncheck()
    expect(bar).to_be_hidden()


def test_two_keys_lead_to_another_section(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/invoices/")


def test_the_help_names_the_keys_of_the_page_and_switches_them_off(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_dialog).to_contain_text("Add Customer")
    help_dialog.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("j")
    expect(page.locator("tr[data-row] .row-link:focus")).to_have_count(0)


def test_keys_typed_into_a_field_are_letters(page: Page) -> None:
    page.goto("/o/harbour/credit/")
    page.get_by_label("Description").fill("")
    page.get_by_label("Description").press_sequentially("jgi?/")
    expect(page.get_by_label("Description")).to_have_value("jgi?/")
    assert page.url.endswith("/credit/")


def test_a_click_beside_the_name_shows_the_row_in_the_quick_panel(page: Page) -> None:
    page.goto(LIST)
    page.locator("tr[data-row]").nth(3).locator("td").nth(4).click()
    expect(page.locator("#panel").get_by_role("heading")).to_have_text(rows(page)[3])


def test_sorting_turns_and_keeps_the_search(page: Page) -> None:
    page.goto(f"{LIST}?q=ma")
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    names = rows(page)
    assert names == sorted(names)
    assert len(names) < 24
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    assert rows(page) == sorted(names, reverse=True)
