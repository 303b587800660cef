"""A message's blocks as plain text and as HTML, in its reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from paidup.lib.formatting import day, money
from paidup.organizations.models import Organization

from . import addresses
from . import blocks as say
from .blocks import Block, Button, Facts, InvoiceTable, Paragraph, SecretButton
from .models import Message

INK, PAPER = "#1b2430", "#ffffff"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A message as its reader gets it."""

    language: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: str
    due: str
    amount: str
    url: str
    status: str
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A block with all its figures written out."""

    kind: str
    text: str = ""
    url: str = ""
    title: str = ""
    total: str = ""
    left_out: str = ""
    rows: tuple[_Row, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]


def render(message: Message, *, organization: Organization) -> Rendered:
    """The message for whoever looks at it here: addresses that open something lead nowhere."""
    return _rendered(message, say.from_json(message.blocks), organization)


def render_to_leave(message: Message, *, organization: Organization) -> Rendered:
    """The message as it leaves now, with the addresses that stand in the mail alone."""
    return _rendered(message, addresses.led(say.from_json(message.blocks)), organization)


def render_blocks(
    blocks: Iterable[Block], *, subject: str, organization: Organization, language: str
) -> Rendered:
    """Blocks as text and HTML, with the organization's name and colour."""
    with override(language):
        parts = [_part(block) for block in blocks]
        html = render_to_string(
            "communications/message.html",
            {
                "parts": parts,
                "subject": subject,
                "organization": organization,
                "language": language,
                "on_accent": legible_on(organization.colour),
                "preheader": next((p.text for p in parts if p.kind == "paragraph"), "")[:120],
            },
        )
        text = "\n\n".join(filter(None, (_as_text(part) for part in parts)))
        return Rendered(language=language, text=f"{text}\n\n-- \n{organization.name}\n", html=html)


def _rendered(message: Message, blocks: Iterable[Block], organization: Organization) -> Rendered:
    language = (message.contact.language if message.contact else "") or organization.language
    return render_blocks(
        blocks, subject=message.subject, organization=organization, language=language
    )


def legible_on(colour: str) -> str:
    """Dark or white ink, whichever stands out more on the colour by WCAG's contrast ratio."""
    light = _luminance(colour)
    on_white = 1.05 / (light + 0.05)
    on_ink = (light + 0.05) / (_luminance(INK) + 0.05)
    return PAPER if on_white >= on_ink else INK


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _part(block: Block) -> _Part:
    match block:
        case Paragraph(text):
            return _Part(kind="paragraph", text=text)
        case Button(label, url):
            return _Part(kind="button", text=label, url=url)
        case SecretButton(label):
            return _Part(kind="button", text=label)
        case InvoiceTable():
            return _invoices(block)
        case Facts(rows):
            return _Part(kind="facts", facts=rows)


def _invoices(table: InvoiceTable) -> _Part:
    return _Part(
        kind="invoices",
        title=table.title,
        total=money(table.total, table.currency) if len(table.rows) > 1 else "",
        left_out=ngettext(
            "and %(count)d more invoice", "and %(count)d more invoices", table.left_out
        )
        % {"count": table.left_out}
        if table.left_out
        else "",
        rows=tuple(
            _Row(
                number=row.number,
                due=day(row.due_on),
                amount=money(row.amount, table.currency),
                url=row.url,
                status=row.status,
                overdue=row.overdue,
            )
            for row in table.rows
        ),
    )


def _as_text(part: _Part) -> str:
    match part.kind:
        case "paragraph":
            return part.text.strip()
        case "button":
            return f"{part.text}: {part.url}" if part.url else ""
        case "facts":
            return "\n".join(f"{label}: {value}" for label, value in part.facts)
        case _:
            return _table_as_text(part)


def _table_as_text(part: _Part) -> str:
    lines = [part.title] if part.title else []
    for row in part.rows:
        facts = [row.number, _("due %(day)s") % {"day": row.due}, row.amount, row.status]
        lines.append(" · ".join(filter(None, facts)))
        if row.url:
            lines.append(f"  {row.url}")
    if part.left_out:
        lines.append(part.left_out)
    if part.total:
        lines.append(_("Total: %(amount)s") % {"amount": part.total})
    return "\n".join(lines)
