"""An invoice's PDF: what it says, how it looks on paper, and what it never does."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from paidup.documents.invoice import InvoiceDocument, Stamp, render_invoice
from paidup.documents.parties import BadDocument, Recipient

from .cast import ALPINE, INVOICE, LINE, NORTHWIND, accessible, catalog, links, pages, sheet, words

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><path d="M0 0h40v10z"/></svg>'
)


def png(data: bytes) -> bytes:
    """A PNG of one pixel whose picture data is as given."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_it_says_all_that_the_invoice_says() -> None:
    said = words(render_invoice(INVOICE))
    for text in (
        "Invoice number INV-001042",
        "Date of issue June 30, 2013",
        "Date due July 30, 2013",
        "Terms Net 30",
        "PO number PO-77810",
        "Account number ALP-0042",
        "Northwind Traders Inc. 1200 Harbor Street Oakland, CA 94607 Tax ID 94-3155012",
        "Alpine Ski House LLC 88 Ridge Road Boulder, CO 80302",
        "$1,894.38 due July 30, 2013",
        "Consulting, June 2013 12.5 140.00 8.25% 1,750.00",
        "Subtotal $1,750.00 Tax (8.25%) $144.38 Total $1,894.38 Balance due $1,894.38",
        "Notes Thank you for your business.",
        "1 / 1",
    ):
        assert text in said
    for absent in ("Discount", "Amount paid", "VOID", "PAID", "DRAFT"):
        assert absent not in said


def test_discount_and_payments_are_taken_off() -> None:
    invoice = replace(INVOICE, discount=Decimal(50), paid=Decimal("844.38"), balance=Decimal(1000))
    said = words(render_invoice(invoice))
    assert "Discount −$50.00" in said
    assert "Total $1,894.38 Amount paid −$844.38 Balance due $1,000.00" in said
    assert "$1,000.00 due July 30, 2013" in said


def test_lines_without_tax_have_no_tax_column() -> None:
    invoice = replace(INVOICE, lines=(replace(LINE, tax_rate=None),), tax=Decimal(0))
    assert "Tax (" not in words(render_invoice(invoice))
    assert "Unit price Amount (USD)" in words(render_invoice(invoice))


def test_tax_of_several_rates_names_none() -> None:
    invoice = replace(INVOICE, lines=(LINE, replace(LINE, tax_rate=Decimal(0))))
    assert "Tax $144.38" in words(render_invoice(invoice))


def test_the_same_invoice_gives_the_same_bytes() -> None:
    assert render_invoice(INVOICE) == render_invoice(replace(INVOICE))
    later = replace(INVOICE, created_at=datetime(2013, 7, 1, tzinfo=UTC))
    assert render_invoice(later) != render_invoice(INVOICE)


def test_it_is_accessible() -> None:
    pdf = render_invoice(INVOICE)
    metadata = PdfReader(BytesIO(pdf)).metadata
    root = catalog(pdf)
    assert accessible(pdf)
    assert metadata is not None
    assert metadata.title == "Invoice INV-001042 from Northwind Traders Inc."
    assert metadata.author == "Northwind Traders Inc."
    assert metadata.creation_date == INVOICE.created_at
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


@pytest.mark.parametrize(
    ("country", "size"), [("US", (612, 792)), ("ca", (612, 792)), ("DE", (595, 842))]
)
def test_the_paper_is_that_of_the_issuers_country(country: str, size: tuple[int, int]) -> None:
    box = sheet(
        render_invoice(replace(INVOICE, issuer=replace(NORTHWIND, country=country)))
    ).mediabox
    assert (round(box.width), round(box.height)) == size


def test_the_pay_button_leads_to_the_payment_page() -> None:
    assert links(render_invoice(INVOICE)) == ["https://pay.example/p/abc"]
    assert links(render_invoice(replace(INVOICE, payment_link=""))) == []


@pytest.mark.parametrize(
    ("stamp", "mark", "headline"),
    [
        (Stamp.VOID, "VOID", "Void: nothing is owed"),
        (Stamp.PAID, "PAID", "$1,894.38 paid in full"),
        (Stamp.DRAFT, "DRAFT", "$1,894.38 due July 30, 2013"),
    ],
)
def test_a_stamped_invoice_says_so_and_cannot_be_paid(
    stamp: Stamp, mark: str, headline: str
) -> None:
    pdf = render_invoice(replace(INVOICE, stamp=stamp))
    assert mark in words(pdf)
    assert headline in words(pdf)
    assert links(pdf) == []


def test_every_page_of_a_void_invoice_shows_it() -> None:
    said = pages(render_invoice(replace(INVOICE, lines=(LINE,) * 100, stamp=Stamp.VOID)))
    assert len(said) > 2
    assert all("Void" in page.split() for page in said)


@pytest.mark.parametrize(("accent", "grey"), [("#ffd400", 0), ("#0f5e59", 1)])
def test_the_pay_button_can_be_read_on_any_accent(accent: str, grey: int) -> None:
    """Its letters are the only ones in pure black (0) or white (1)."""
    drawing = sheet(
        render_invoice(replace(INVOICE, issuer=replace(NORTHWIND, accent=accent)))
    ).get_contents()
    assert drawing is not None
    assert f"cs {grey} scn".encode() in drawing.get_data()
    assert f"cs {1 - grey} scn".encode() not in drawing.get_data()


def test_a_draft_needs_no_number() -> None:
    said = words(render_invoice(replace(INVOICE, number="", stamp=Stamp.DRAFT)))
    assert "Invoice number" not in said


def test_200_lines_repeat_the_head_and_number_the_pages() -> None:
    lines = tuple(replace(LINE, description=f"Delivery {n:03}") for n in range(200))
    said = pages(render_invoice(replace(INVOICE, lines=lines)))
    for number, page in enumerate(said, start=1):
        assert "Description Quantity Unit price Tax Amount (USD)" in page
        assert f"{number} / {len(said)}" in page
    assert [n for n in range(200) if f"Delivery {n:03}" not in "".join(said)] == []


def test_totals_never_stand_on_a_page_without_a_line() -> None:
    seen = set()
    for count in range(1, 31):
        said = pages(render_invoice(replace(INVOICE, lines=(LINE,) * count)))
        seen.add(len(said))
        final = next(page for page in said if "Balance due" in page)
        assert "Consulting" in final
        assert "Subtotal" in final
    assert seen >= {1, 2}


@pytest.mark.parametrize("separator", [" ", "\n"])
def test_a_description_longer_than_a_page_goes_on_over_it(separator: str) -> None:
    line = replace(LINE, description=separator.join(["Reached"] * 700 + ["Finished"]))
    said = pages(render_invoice(replace(INVOICE, lines=(line,))))
    assert len(said) > 2
    assert "".join(said).count("Reached") == 700
    assert "Finished" in "".join(said)


@pytest.mark.parametrize(
    ("currency", "language", "written"),
    [
        ("JPY", "ja", "￥1,750"),
        ("KWD", "en", "KWD 1,750.000"),
        ("EUR", "de", "1.750,00 €"),
        ("USD", "fr", "1 750,00 $US"),
    ],
)
def test_money_is_written_as_the_language_and_the_currency_want(
    currency: str, language: str, written: str
) -> None:
    invoice = replace(
        INVOICE,
        currency=currency,
        language=language,
        lines=(replace(LINE, unit_price=Decimal(1750), quantity=Decimal(1)),),
        tax=Decimal(0),
        total=Decimal(1750),
        balance=Decimal(1750),
    )
    assert f"Balance due {written}" in words(render_invoice(invoice))


def test_markup_from_outside_is_drawn_as_it_stands() -> None:
    text = '#panic("x") *bold* _it_ $x^2$ <label> @ref = head \\ #sys.inputs `raw` //note'
    invoice = replace(
        INVOICE,
        customer=Recipient(name=text),
        lines=(replace(LINE, description=text),),
        notes=text,
        terms=text,
    )
    assert words(render_invoice(invoice)).count('#panic("x") *bold* _it_ $x^2$ <label> @ref') == 4


def test_text_cannot_turn_the_direction_of_what_follows() -> None:
    plain = render_invoice(replace(INVOICE, customer=replace(ALPINE, name="Alpine 100")))
    turned = render_invoice(
        replace(INVOICE, customer=replace(ALPINE, name="\u202eAlpine\u2066 100"))
    )
    assert plain == turned


def test_a_letter_without_a_font_costs_the_mark_and_not_the_invoice() -> None:
    pdf = render_invoice(replace(INVOICE, notes="Thanks \N{PARTY POPPER}"))
    assert not accessible(pdf)
    assert "Thanks" in words(pdf)
    assert "/StructTreeRoot" in catalog(pdf)


@pytest.mark.parametrize("logo", [SVG, png(zlib.compress(b"\0\x10\x20\x30"))])
def test_the_logo_takes_the_place_of_the_name_at_the_head(logo: bytes) -> None:
    pdf = render_invoice(replace(INVOICE, issuer=replace(NORTHWIND, logo=logo)))
    assert words(pdf).startswith("Invoice Invoice number")
    assert accessible(pdf)


@pytest.mark.parametrize("reference", ["/etc/hostname", "https://example.com/pixel.png"])
def test_a_logo_reads_nothing_but_itself(reference: str) -> None:
    logo = SVG.replace(b"<path", f'<image width="9" height="9" href="{reference}"/><path'.encode())
    with pytest.raises(BadDocument, match="can't be drawn"):
        render_invoice(replace(INVOICE, issuer=replace(NORTHWIND, logo=logo)))


def test_a_broken_logo_is_refused() -> None:
    with pytest.raises(BadDocument, match="can't be drawn"):
        render_invoice(replace(INVOICE, issuer=replace(NORTHWIND, logo=png(b"broken"))))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"accent": "red"}, "write it as #0f5e59"),
        ({"accent": '#0f5e59"'}, "write it as #0f5e59"),
        ({"logo": b"GIF89a"}, "must be a PNG, JPEG or SVG"),
        ({"logo": b"\x89PNG\r\n\x1a\n" + bytes(2**20)}, "larger than 1 MB"),
    ],
)
def test_a_look_that_cannot_be_drawn_is_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDocument, match=sentence):
        replace(NORTHWIND, **wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"payment_link": "javascript:alert(1)"}, "must begin with https://"),
        ({"payment_link": "https://pay.example/\nx"}, "must begin with https://"),
        ({"lines": ()}, "at least one line"),
        ({"number": ""}, "Only a draft"),
    ],
)
def test_an_invoice_that_makes_no_sense_is_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDocument, match=sentence):
        replace(INVOICE, **wrong)


def test_an_unknown_language_is_refused() -> None:
    invoice: InvoiceDocument = replace(INVOICE, language="tlh-xx")
    with pytest.raises(BadDocument, match="no language code"):
        render_invoice(invoice)
