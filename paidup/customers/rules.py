"""What the details of customers and contacts must be like, whether a form or a file brings them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries
from phonenumber_field.phonenumber import to_python

from paidup.lib import money

from .models import Contact, Customer

MOST_TERMS_DAYS = 365
LONGEST_TAG = 40


class BadDetail(Exception):
    """A text that can't be such a detail; the message says what to write instead."""


def _longest(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # noqa: SLF001  documented model API


LONGEST_NAME = _longest(Customer, "name")
LONGEST_NUMBER = _longest(Customer, "number")
LONGEST_CONTACT_NAME = _longest(Contact, "name")
LONGEST_EMAIL = _longest(Contact, "email")


def short(text: str, longest: int) -> str:
    """A text of no more than so many characters."""
    if len(text) > longest:
        raise BadDetail(
            ngettext(
                "It has %(count)s character; shorten it to %(longest)s.",
                "It has %(count)s characters; shorten it to %(longest)s.",
                len(text),
            )
            % {"count": len(text), "longest": longest}
        )
    return text


def email(text: str) -> str:
    """An e-mail address."""
    try:
        validate_email(short(text, LONGEST_EMAIL))
    except ValidationError:
        raise BadDetail(_("%s is no e-mail address.") % text) from None
    return text


def phone(text: str, region: str) -> str:
    """A phone number as it is stored; one without a country code is of that region."""
    number = to_python(text, region)
    if not number or not number.is_valid():
        raise BadDetail(_("%s is no phone number; begin it with + and the country's code.") % text)
    return str(number)


def country(text: str) -> str:
    """The two letters of a country, given by its code or its English name."""
    code = countries.alpha2(text) or countries.by_name(text, insensitive=True)
    if not code:
        raise BadDetail(_("%s is no country; write its ISO 3166 code, such as US.") % text)
    return str(code)


def language(text: str) -> str:
    """The code of a language, given by its code or its English name."""
    folded = text.lower()
    for code, name in settings.LANGUAGES:
        if folded in {code, str(name).lower()}:
            return str(code)
    raise BadDetail(_("%s is no language that we know; write its code, such as en.") % text)


def currency(text: str) -> str:
    """The code of a currency in which something can be billed."""
    code = text.upper()
    try:
        money.exponent(code)
    except money.BadAmount as bad:
        raise BadDetail(str(bad)) from None
    return code


def terms_days(text: str) -> int:
    """Days from issuing an invoice until it is due."""
    if not text.isascii() or not text.isdigit() or int(text) > MOST_TERMS_DAYS:
        raise BadDetail(
            _("%(text)s is no number of days from 0 to %(most)s.")
            % {"text": text, "most": MOST_TERMS_DAYS}
        )
    return int(text)


def tags(text: str) -> list[str]:
    """Each tag once, in the order written; they are separated by commas."""
    each = (tag.strip()[:LONGEST_TAG] for tag in text.split(","))
    return list(dict.fromkeys(filter(None, each)))
