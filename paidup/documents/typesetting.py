"""Sets a template and its data as a PDF. Nothing from outside is ever read as markup."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from .figures import locale_of
from .lettering import lettered, letters
from .parties import BadDocument, Issuer

TEMPLATES = Path(__file__).parent / "typst"
FONT_FOLDERS = (
    "@expo-google-fonts/inter",
    "@expo-google-fonts/ibm-plex-sans-arabic",
    "@embedpdf/fonts-hebrew",
    "@embedpdf/fonts-jp",
    "@embedpdf/fonts-kr",
    "@embedpdf/fonts-sc",
)
LETTERS = ("Inter", "IBM Plex Sans Arabic", "Noto Sans Hebrew")
CHINESE, JAPANESE, KOREAN = "Noto Sans S Chinese", "Noto Sans Japanese", "Noto Sans Korean"
# Characters that the three share are drawn as the document's language draws them.
IDEOGRAPHS = {
    "ja": (JAPANESE, CHINESE, KOREAN),
    "ko": (KOREAN, CHINESE, JAPANESE),
}


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What typst needs to set a document: a template, its data, and the moment it bears."""

    template: Path
    inputs: dict[str, str]
    created_at: datetime


def manuscript(
    template: str,
    *,
    title: str,
    issuer: Issuer,
    language: str,
    created_at: datetime,
    link: str,
    stamp: str = "",
    text: dict[str, Any],
) -> Manuscript:
    """The manuscript of a document. `text` is a tree of texts, written in the language already."""
    locale = locale_of(language)
    right_to_left = locale.text_direction == "rtl"
    data = {
        "title": letters(title),
        "author": letters(issuer.name),
        "look": {
            "paper": issuer.paper,
            "accent": issuer.accent,
            "logo": list(issuer.logo) if issuer.logo else None,
            "link": link,
            "stamp": stamp,
            "language": locale.language,
            "region": locale.territory,
            "direction": locale.text_direction,
            "fonts": LETTERS + IDEOGRAPHS.get(locale.language, (CHINESE, JAPANESE, KOREAN)),
        },
        "text": lettered(text, isolate=right_to_left),
    }
    return Manuscript(TEMPLATES / template, {"document": json.dumps(data)}, created_at)


def typeset(copy: Manuscript) -> bytes:
    """The PDF of a manuscript, the same bytes each time.

    It is a PDF/UA-1. A letter that no font has, such as an emoji, costs it that mark, since the
    standard refuses it, and is drawn as a box. Raises BadDocument for a logo that is broken.
    """
    try:
        return _compiled(copy, standards=["ua-1"])
    except typst.TypstError as refusal:
        if not refusal.message.startswith("PDF/UA-1"):
            raise BadDocument(_("The document can't be drawn: %s.") % refusal.message) from refusal
    return _compiled(copy, standards=[])


@cache
def fonts() -> typst.Fonts:
    """The fonts, read once per process. Raises FileNotFoundError while npm has not brought them."""
    folders = [settings.NODE / folder for folder in FONT_FOLDERS]
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"The fonts in {folder} are missing; run npm ci.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _compiled(copy: Manuscript, *, standards: list[Any]) -> bytes:
    return typst.compile(
        copy.template,
        root=TEMPLATES,
        font_paths=fonts(),
        sys_inputs=copy.inputs,
        pdf_standards=standards,
        timestamp=int(copy.created_at.timestamp()),
    )
