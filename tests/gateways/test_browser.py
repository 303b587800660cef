"""Paying through the form in a real browser, under the project's own policy."""

from collections.abc import Iterator
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import FrameLocator, Page, Route, expect

pytestmark = pytest.mark.browser

FORM = "/sandbox/form/?amount=120.00&currency=USD"


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained of (policies, scripts). A test that expects some empties it."""
    heard: list[str] = []
    page.on("console", lambda told: heard.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    yield heard
    assert heard == []


def fields(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Payment details']")


def test_the_first_method_pays(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    expect(fields(page).get_by_text("Sandbox. No real money moves.")).to_be_visible()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="settled")).to_be_visible()


def test_the_chosen_method_pays(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    fields(page).get_by_label("Visa ending 0002").check()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="failed")).to_be_visible()


def test_the_keyboard_is_enough(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    expect(fields(page).get_by_label("Visa ending 4242")).to_be_checked()
    page.keyboard.press("Tab")
    expect(fields(page).get_by_label("Visa ending 4242")).to_be_focused()
    for _step in range(4):
        page.keyboard.press("ArrowDown")
    expect(fields(page).get_by_label("Bank debit ending 6789")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="authorized")).to_be_visible()


def test_paying_again_after_going_back_takes_a_new_token(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    for _time in range(2):
        page.get_by_role("button", name="Pay").click()
        expect(page.get_by_role("heading", name="settled")).to_be_visible()
        page.go_back()


def test_the_frame_is_as_high_as_its_content(page: Page, vendor_site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{vendor_site}/pay/")
    content = fields(page).locator("body")
    frame = page.locator("iframe")
    page.wait_for_function("document.querySelector('iframe').height > 300")
    assert content.evaluate("body => body.scrollWidth <= body.clientWidth")
    assert content.evaluate("body => document.documentElement.scrollHeight <= innerHeight")
    assert frame.evaluate("frame => frame.height < 1000")


def test_a_refused_token_is_explained_and_can_be_tried_again(
    page: Page, vendor_site: str, complaints: list[str]
) -> None:
    page.goto(f"{vendor_site}/pay/")
    first = fields(page).get_by_label("Visa ending 4242")
    first.evaluate("radio => radio.value = '1111'")
    page.get_by_role("button", name="Pay").click()
    expect(fields(page).get_by_role("alert")).to_have_text(
        "Choose one of the test methods in the list."
    )
    expect(page.get_by_role("button", name="Pay")).to_be_enabled()
    assert len(complaints) == 1
    assert "422" in complaints.pop()
    first.evaluate("radio => radio.value = '4242'")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="settled")).to_be_visible()


def test_a_lost_connection_is_explained(
    page: Page, vendor_site: str, complaints: list[str]
) -> None:
    page.goto(f"{vendor_site}/pay/")
    page.route("**/sandbox/tokens/", lambda route: route.abort())
    page.get_by_role("button", name="Pay").click()
    expect(fields(page).get_by_role("alert")).to_contain_text("Check your connection")
    expect(page.get_by_role("button", name="Pay")).to_be_enabled()
    complaints.clear()


@pytest.mark.parametrize("late", ["form.js", "fields.js"])
def test_paying_before_a_script_has_come_waits_for_it(
    page: Page, vendor_site: str, late: str
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/sandbox/{late}", hold)
    page.goto(f"{vendor_site}/pay/", wait_until="commit")
    expect(fields(page).get_by_label("Visa ending 4242")).to_be_checked()
    button = page.get_by_role("button", name="Pay")
    if late == "form.js":
        button.click()
    expect(button).to_be_disabled()
    held.pop().continue_()
    if late == "fields.js":
        button.click()
    expect(page.get_by_role("heading", name="settled")).to_be_visible()


def test_a_form_that_never_answers_is_given_up(page: Page, vendor_site: str) -> None:
    page.clock.install()
    page.goto(f"{vendor_site}/pay/?frame=/pay/silent/")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("button", name="Pay")).to_be_disabled()
    page.clock.fast_forward(21_000)
    expect(page.get_by_role("alert")).to_have_text("The payment form does not answer.")
    expect(page.get_by_role("button", name="Pay")).to_be_enabled()


def test_a_page_at_another_of_our_hosts_can_frame_it(
    page: Page, vendor_site: str, elsewhere: dict[str, str]
) -> None:
    parent = vendor_site.replace("localhost", "acme.localhost")
    elsewhere["acme.localhost"] = f"""<!doctype html><title>Pay</title>
        <link rel="icon" href="data:,">
        <script src="{vendor_site}/static/sandbox/fields.js" defer></script>
        <form data-hosted-form-for="details"><input type="hidden" name="token">
        <button disabled>Pay</button></form>
        <iframe id="details" data-hosted-form title="Payment details"
          src="{vendor_site}{FORM}&parent_origin={parent}"></iframe>"""
    page.goto(f"{parent}/pay/")
    expect(fields(page).get_by_label("Visa ending 4242")).to_be_checked()
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url(f"{parent}/pay/?token=tok_*")


@pytest.mark.parametrize("claimed", ["", "http://127.0.0.1", "http://acme.localhost"])
def test_a_stranger_cannot_frame_it(
    page: Page, vendor_site: str, elsewhere: dict[str, str], claimed: str, complaints: list[str]
) -> None:
    port = vendor_site.rpartition(":")[2]
    query = f"&parent_origin={claimed}:{port}" if claimed else ""
    elsewhere["127.0.0.1"] = f"""<!doctype html><title>Stranger</title>
        <iframe title="Payment details" src="{vendor_site}{FORM}{query}"></iframe>"""
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_load_state("networkidle")
    expect(fields(page).get_by_role("radio")).to_have_count(0)
    assert any("frame-ancestors" in complaint for complaint in complaints)
    complaints.clear()


def test_only_the_page_around_it_is_answered(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    expect(fields(page).get_by_label("Visa ending 4242")).to_be_checked()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('iframe'),"
        " {src: '/pay/silent/', name: 'neighbour'}))"
    )
    page.frame_locator("[name=neighbour]").locator("body").wait_for(state="attached")
    neighbour = page.frame("neighbour")
    assert neighbour is not None
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    neighbour.evaluate("parent.frames[0].postMessage({type: 'paidup:tokenize'}, '*')")
    page.wait_for_timeout(300)
    assert asked == []
    with page.expect_request("**/sandbox/tokens/"):
        page.evaluate("frames[0].postMessage({type: 'paidup:tokenize'}, '*')")


def test_the_amount_follows_the_page_around_it(page: Page, vendor_site: str) -> None:
    page.goto(f"{vendor_site}/pay/")
    expect(fields(page).get_by_text("$120.00")).to_be_visible()
    page.evaluate("frames[0].postMessage({type: 'paidup:amount', shown: '$60.00'}, '*')")
    expect(fields(page).get_by_text("$60.00")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 560)])
def test_axe_finds_nothing(
    page: Page, vendor_site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{vendor_site}{FORM}")
    page.evaluate((settings.NODE / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
