"""Each script is drawn with a font that has it: typst refuses PDF/UA where a letter is missing."""

from dataclasses import replace

import pytest

from paidup.documents.invoice import render_invoice
from paidup.documents.parties import Recipient
from paidup.documents.statement import render_statement

from .cast import INVOICE, LINE, STATEMENT, accessible, sheet, typefaces, words


@pytest.mark.parametrize(
    ("text", "regular", "bold"),
    [
        ("Łódź Çağrı Őrség Việt Nam Ærø ß", "Inter-Regular", "Inter-SemiBold"),
        ("Ελληνική Εταιρεία ΑΕ", "Inter-Regular", "Inter-SemiBold"),
        ("Общество Ромашка Їжак", "Inter-Regular", "Inter-SemiBold"),
        ("€ £ ¥ ₹ ₪ ₩ ₫ ₺ ₽ ₦ ₴ ₸ ₾", "Inter-Regular", "Inter-SemiBold"),
        ("شركة الخليج للتجارة", "IBMPlexSansArabic-Regular", "IBMPlexSansArabic-SemiBold"),
        ("אלון ובניו בעמ", "NotoSansHebrew", "NotoSansHebrew-Bold"),
        ("广东省汇丰银行", "NotoSansHans-Regular-Identity-H", "NotoSansHans-Bold-Identity-H"),
        ("臺灣銀行龍廣", "NotoSansHans-Regular-Identity-H", "NotoSansHans-Bold-Identity-H"),
        ("さくらカナ株式会社", "NotoSansHans-Regular-Identity-H", "NotoSansHans-Bold-Identity-H"),
        ("한국전력공사 뷁", "NotoSansKR-Regular-Identity-H", "NotoSansKR-Bold-Identity-H"),
    ],
)
def test_a_script_is_drawn_regular_and_bold(text: str, regular: str, bold: str) -> None:
    invoice = replace(
        INVOICE, customer=Recipient(name=text), lines=(replace(LINE, description=text),)
    )
    pdf = render_invoice(invoice)
    assert accessible(pdf)
    assert {regular, bold} <= typefaces(pdf)
    drawn = words(pdf)
    assert [letter for letter in text if drawn.count(letter) < text.count(letter)] == []


@pytest.mark.parametrize(
    ("language", "typeface"),
    [
        ("ja", "NotoSansJP-Regular-Identity-H"),
        ("ko", "NotoSansKR-Regular-Identity-H"),
        ("zh-hans", "NotoSansHans-Regular-Identity-H"),
    ],
)
def test_shared_characters_are_drawn_as_the_language_draws_them(
    language: str, typeface: str
) -> None:
    invoice = replace(INVOICE, language=language, lines=(replace(LINE, description="直骨角"),))
    assert typeface in typefaces(render_invoice(invoice))


@pytest.mark.parametrize("language", ["ar", "he", "fa"])
def test_a_right_to_left_language_mirrors_the_sheet(language: str) -> None:
    mirrored = render_invoice(replace(INVOICE, language=language))
    assert before("Invoice number", "INV-001042", render_invoice(INVOICE))
    assert before("INV-001042", "Invoice number", mirrored)
    assert accessible(mirrored)
    assert accessible(render_statement(replace(STATEMENT, language=language)))


def before(left: str, right: str, pdf: bytes) -> bool:
    """Whether one text stands to the left of another on the first page's line of both."""
    lines = sheet(pdf).extract_text(extraction_mode="layout").splitlines()
    line = next(line for line in lines if left in line and right in line)
    return line.index(left) < line.index(right)
