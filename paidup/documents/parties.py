"""Who issues a document and whom it addresses."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

ACCENT = re.compile(r"#[0-9a-f]{6}")
LOGO_LIMIT = 1024 * 1024
LOGO_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg", b"<?xml")
# The territories whose letters are US Letter, by Unicode's CLDR; the others use A4.
LETTER_COUNTRIES = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)


class BadDocument(Exception):
    """What was given can't be drawn as a document; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The legal entity a document comes from, and its look.

    `country` is an ISO 3166 code and decides the paper, `accent` a colour such as `#0f5e59`, `logo`
    a PNG, JPEG or SVG of at most 1 MB. Raises BadDocument for another colour or logo.
    """

    name: str
    country: str
    address: tuple[str, ...] = ()
    tax_id: str = ""
    logo: bytes | None = None
    accent: str = "#0f5e59"

    def __post_init__(self) -> None:
        if not ACCENT.fullmatch(self.accent):
            raise BadDocument(_("“%s” is no colour; write it as #0f5e59.") % self.accent)
        if self.logo is None:
            return
        if not self.logo.lstrip().startswith(LOGO_STARTS):
            raise BadDocument(_("The logo must be a PNG, JPEG or SVG image."))
        if len(self.logo) > LOGO_LIMIT:
            raise BadDocument(_("The logo is larger than 1 MB; give a smaller one."))

    @property
    def paper(self) -> str:
        """The paper of the issuer's country, by typst's name."""
        return "us-letter" if self.country.upper() in LETTER_COUNTRIES else "a4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The customer a document is addressed to."""

    name: str
    address: tuple[str, ...] = ()
    account_number: str = ""
    tax_id: str = ""


def party(whom: Issuer | Recipient) -> dict[str, Any]:
    """A party's name, and the lines below it, as the active language writes them."""
    tax_id = _("Tax ID %(number)s") % {"number": whom.tax_id} if whom.tax_id else ""
    return {"name": whom.name, "lines": [line for line in (*whom.address, tax_id) if line]}


def web_address(link: str) -> str:
    """The link itself, when it is empty or leads to a website. Raises BadDocument otherwise."""
    if link and not (urlsplit(link).scheme in ("https", "http") and link.isprintable()):
        raise BadDocument(_("“%s” is no web address; it must begin with https://.") % link)
    return link
