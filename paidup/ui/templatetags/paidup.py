"""Tags and filters that every template has without loading them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from phonenumber_field.phonenumber import to_python

from paidup.customers.states import Grade
from paidup.lib import clock, formatting
from paidup.ui import names
from paidup.ui.aging import Aging, bars
from paidup.ui.icons import drawings
from paidup.ui.statuses import HEALTH_TONES, STATUSES, statuses_of

register = template.Library()
register.filter(names.country)
register.filter(names.reason)

AVATAR_TONES = 6


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency's sign; a dash when there is none."""
    return "–" if amount is None else _with_minus(formatting.money(amount, currency))


@register.filter
def plain_money(amount: Decimal | None, currency: str) -> str:
    """An amount without the sign; a dash when there is none."""
    return "–" if amount is None else _with_minus(formatting.plain_money(amount, currency))


def _with_minus(written: str) -> str:
    # The hyphen is narrower than a digit and would be taken for a dash.
    return written.replace("-", "−")


@register.filter("date")
def day(value: date | None, length: str = "medium") -> str:
    """A day in the viewer's language (`short`, `medium`, `long`); a dash when there is none."""
    return "–" if value is None else formatting.day(value, length)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the viewer's language and time zone; a dash when there is none."""
    return "–" if value is None else formatting.moment(value)


@register.filter
@lru_cache(maxsize=10_000)
def phone(stored: str) -> str:
    """A stored phone number as people write it: `+1 212-555-0702`."""
    number = to_python(stored)
    return number.as_international if number and number.country_code else stored


@register.filter
def ago(value: datetime | None) -> str | SafeString:
    """How long ago, with the exact moment in its title; a dash when never."""
    if value is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formatting.moment(value),
        formatting.ago(value, clock.now()),
    )


@register.simple_tag
@cache  # by the product's own names and labels
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers unless it has a label of its own."""
    hidden = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>',
        mark_safe(hidden),  # noqa: S308  a constant, or escaped above
        mark_safe(drawings()[name]),  # noqa: S308  our own file
    )


@register.simple_tag
@lru_cache(maxsize=1024)  # a list repeats its owners
def avatar(name: str, size: str = "") -> SafeString:
    """The initials of a name on a tone that stays the same for it (`large` for headers)."""
    words = [word for word in name.split() if word[:1].isalnum()] or ["?"]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if words[1:] else words))
    return format_html(
        '<span class="initials tone-{}{}" aria-hidden="true">{}</span>',
        crc32(name.encode()) % AVATAR_TONES + 1,
        f" initials-{size}" if size else "",
        initials.upper(),
    )


@register.simple_tag
def status(value: str, label: Any = None) -> SafeString:
    """A pill for a status; `label` when the words are the organization's own."""
    tone, words = STATUSES.get(str(value), ("quiet", label or _own_words(value)))
    return format_html('<span class="pill pill-{}">{}</span>', tone, label or words)


@register.simple_tag
def options(choices: Iterable[Any], chosen: Any) -> SafeString:
    """The options of rows with an id and a name; a removed one only where it is the chosen one."""
    offered = (each for each in choices if not each.removed or each.id == chosen)
    return _options(tuple((each.id, each.name) for each in offered), chosen)


@lru_cache(maxsize=1024)  # the rows of a list offer the same
def _options(offered: tuple[tuple[Any, str], ...], chosen: Any) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, mark_safe(" selected") if value == chosen else "", name)
            for value, name in offered
        ),
    )


@register.simple_tag
def invoice_pills(invoice: Any, on: date) -> SafeString:
    """How an invoice, or a row that tells of one, stands on a day."""
    return mark_safe(" ".join(map(status, statuses_of(invoice, on))))  # noqa: S308  pills alone


@register.simple_tag
def health(score: int | None) -> str | SafeString:
    """The grade of a health score with the score itself; a dash where there is none."""
    if score is None:
        return "–"
    grade = Grade.of(score)
    return format_html(
        '<span class="pill pill-{}"><strong>{}</strong>{}</span>',
        HEALTH_TONES[grade],
        grade.label,
        score,
    )


@register.inclusion_tag("ui/aging.html")
def aging_bar(aging: Aging, currency: str, url: str = "") -> dict[str, Any]:
    """Aging as a bar and its figures; with `url` each leads to the rows behind it (`?aging=…`)."""
    return {"bars": bars(aging), "currency": currency, "url": url}


@register.inclusion_tag("ui/sorting.html", takes_context=True)
def sorting(context: Context, key: str, label: str, kind: str = "") -> dict[str, Any]:
    """A column head that sorts by `key`, read from the view's `sort` (`balance`, `-balance`)."""
    current = str(context.get("sort", ""))
    first = f"-{key}" if kind == "number" else key
    is_current = current.removeprefix("-") == key
    turned = key if current.startswith("-") else f"-{key}"
    return {
        "request": context["request"],
        "label": label,
        "kind": kind,
        "direction": _direction(current) if is_current else "",
        "next": turned if is_current else first,
    }


def _direction(sort: str) -> str:
    return "descending" if sort.startswith("-") else "ascending"


def _own_words(value: object) -> str | Promise:
    words: str | Promise = getattr(value, "label", "") or str(value).replace("_", " ").capitalize()
    return words
