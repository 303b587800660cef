"""What stands behind a code, in the viewer's language: languages, countries, gateways' reasons."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

LANGUAGES: dict[str, str | Promise] = {code: _(name) for code, name in settings.LANGUAGES}
# Why a charge failed or came back, as far as the codes are known; a vendor's other one is shown
# as the vendor wrote it.
REASONS: dict[str, str | Promise] = {
    "insufficient_funds": _("not enough money"),
    "stolen_card": _("stolen card"),
    "expired_card": _("expired card"),
    "never_received": _("the gateway never received it"),
    "no_longer_due": _("no longer due"),
    "R01": _("not enough money (R01)"),
}


def language(code: str) -> str:
    """The language's name; the code itself when it isn't known."""
    return str(LANGUAGES.get(code, code))


def country(code: str) -> str:
    """The name of an ISO 3166 code's country; empty without one."""
    return str(countries.name(code)) if code else ""


def reason(code: str) -> str:
    """Why, in words; also what people wrote themselves."""
    return str(REASONS.get(code, code))
