"""Blocks as they are stored, and as they are read."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paidup.communications.blocks import (
    BadBlock,
    Block,
    Button,
    Facts,
    InvoiceRow,
    InvoiceTable,
    Paragraph,
    from_json,
    to_json,
)
from paidup.communications.rendering import Rendered, legible_on, render_blocks
from paidup.organizations.models import Organization

ACME = Organization(name="Acme & Sons <Ltd>", colour="#0f5e59", language="en")
AMOUNTS = st.decimals(0, 10**9, places=2)
ROWS = st.builds(InvoiceRow, st.text(), st.dates(), AMOUNTS, st.text(), st.text(), st.booleans())
BLOCKS = st.one_of(
    st.builds(Paragraph, st.text()),
    st.builds(Button, st.text(), st.text()),
    st.builds(Facts, st.lists(st.tuples(st.text(), st.text())).map(tuple)),
    st.builds(
        InvoiceTable,
        st.sampled_from(["USD", "JPY", "KWD"]),
        st.lists(ROWS).map(tuple),
        st.text(),
        st.integers(0, 99),
        AMOUNTS,
    ),
)


def render(*blocks: Block, language: str = "en") -> Rendered:
    return render_blocks(blocks, subject="Hello", organization=ACME, language=language)


@settings(deadline=None)
@given(st.lists(BLOCKS))
def test_blocks_come_back_as_they_were_stored(blocks: list[Block]) -> None:
    assert from_json(to_json(blocks)) == tuple(blocks)


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(BadBlock):
        from_json([{"kind": "script"}])


def test_html_is_escaped_and_text_is_not() -> None:
    rendered = render(Paragraph("<b>Hi</b> & bye"), Button("Pay", 'https://x.example/?a="b"&c'))
    assert "<b>Hi</b>" not in rendered.html
    assert "&lt;b&gt;Hi&lt;/b&gt; &amp; bye" in rendered.html
    assert 'href="https://x.example/?a=&quot;b&quot;&amp;c"' in rendered.html
    assert "Acme &amp; Sons &lt;Ltd&gt;" in rendered.html
    assert "<b>Hi</b> & bye" in rendered.text
    assert 'Pay: https://x.example/?a="b"&c' in rendered.text


def test_money_and_days_are_written_in_the_readers_language() -> None:
    table = InvoiceTable(
        "EUR",
        (
            InvoiceRow("INV-1", date(2026, 3, 2), Decimal("1234.5"), "https://x.example/1", "Late"),
            InvoiceRow("INV-2", date(2026, 3, 9), Decimal(10)),
        ),
        "Globex",
    )
    english, german = render(table), render(table, language="de")
    assert "INV-1 · due Mar 2, 2026 · €1,234.50 · Late" in english.text
    assert "Total: €1,244.50" in english.text
    assert "1.234,50\xa0€" in german.html
    assert "02.03.2026" in german.html
    assert 'lang="de"' in german.html
    assert 'href="https://x.example/1"' in english.html


def test_a_long_table_says_what_it_leaves_out() -> None:
    rows = (InvoiceRow("INV-1", date(2026, 3, 2), Decimal(10)),) * 2
    rendered = render(InvoiceTable("USD", rows, "", 3, Decimal(5)))
    for text in (rendered.text, rendered.html):
        assert "and 3 more invoices" in text
        assert "$25.00" in text


def test_a_button_without_an_address_leads_nowhere() -> None:
    rendered = render(Button("Pay", ""))
    assert "<a " not in rendered.html
    assert "Pay" not in rendered.text


@pytest.mark.parametrize(("colour", "ink"), [("#0f5e59", "#ffffff"), ("#ffd400", "#1b2430")])
def test_the_button_can_be_read_on_any_brand_colour(colour: str, ink: str) -> None:
    assert legible_on(colour) == ink
