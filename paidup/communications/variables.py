"""Merge variables: what a template may say, and what it says of one customer.

A variable that isn't known is refused when the template is saved, one that is empty when it is
used: no gap is ever sent to a customer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .states import Purpose

_VARIABLE = re.compile(r"\{\{\s*([a-z_.]*)\s*\}\}")


class TemplateRefused(Exception):
    """The template can't be used so; the message names the variable and says what to change."""


@dataclass(frozen=True)
class Variable:
    """A variable as the picker offers it. A block stands in the text only, never in the subject."""

    name: str
    label: str | Promise
    example: str | Promise
    block: bool = False


_EVERYWHERE = (
    Variable("contact.name", gettext_lazy("Contact's name"), gettext_lazy("Jane Miller")),
    Variable("customer.name", gettext_lazy("Customer's name"), gettext_lazy("Miller & Sons Ltd")),
    Variable("customer.number", gettext_lazy("Account number"), "C-00042"),
    Variable("owner.name", gettext_lazy("Billing owner's name"), gettext_lazy("Sam Lee")),
    Variable(
        "organization.name", gettext_lazy("Your organization's name"), gettext_lazy("Acme Inc")
    ),
)
_of_purpose: dict[Purpose, tuple[Variable, ...]] = {}


def offer(purpose: Purpose, variables: Sequence[Variable]) -> None:
    """Makes variables known for templates of this purpose, beside those known everywhere."""
    _of_purpose[purpose] = tuple(variables)


def variables(purpose: Purpose) -> tuple[Variable, ...]:
    """What the picker offers for templates of this purpose."""
    return _EVERYWHERE + _of_purpose.get(purpose, ())


def check(*, subject: str, body: str, purpose: Purpose) -> None:
    """Raises TemplateRefused for a variable that isn't known, or braces that are no variable."""
    known = [variable.name for variable in variables(purpose)]
    blocks = {variable.name for variable in variables(purpose) if variable.block}
    for name in _VARIABLE.findall(subject + body):
        if name not in known:
            raise _unknown(name, known)
    if "{{" in (rest := _VARIABLE.sub("", subject + body)) or "}}" in rest:
        raise TemplateRefused(
            _("Write a variable as {{ customer.name }}, with two braces on either side.")
        )
    for name in blocks.intersection(_VARIABLE.findall(subject)):
        raise TemplateRefused(_("{{ %s }} is too long for a subject; use it in the text.") % name)


def used(text: str) -> set[str]:
    """The names of the variables in it."""
    return set(_VARIABLE.findall(text))


def split(text: str, name: str) -> list[str]:
    """The texts before and after each place of a block variable."""
    return [piece for piece, _name in parts(text, [name])]


def parts(text: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """The text in pieces, each with the block variable of these names that follows it; "" after the
    last."""
    pieces, at = [], 0
    for found in _VARIABLE.finditer(text):
        if found[1] in names:
            pieces.append((text[at : found.start()].strip(), found[1]))
            at = found.end()
    return [*pieces, (text[at:].strip(), "")]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable's value. Raises TemplateRefused for one without a value."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            raise _unknown(name, list(values))
        if not values[name].strip():
            raise TemplateRefused(
                _("{{ %(name)s }} is empty here; fill it in, or take it out of the template.")
                % {"name": name}
            )
        return values[name]

    return _VARIABLE.sub(value, text)


def _unknown(name: str, known: Sequence[str]) -> TemplateRefused:
    close = get_close_matches(name, known, n=1)
    hint = _("did you mean {{ %s }}?") % close[0] if close else _("choose one from the list.")
    return TemplateRefused(
        _("{{ %(name)s }} is no variable here; %(hint)s") % {"name": name, "hint": hint}
    )
