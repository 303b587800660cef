"""The token of a link that opens without signing in: its id and a signature over it, so that no
table holds a usable one. A pay link and a payment method link are signed apart: neither is ever
taken for the other."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from paidup.organizations.models import Organization

from .models import MethodLink, PayLink

Link = PayLink | MethodLink

_SIGNATURE_BYTES = 16
_SALTS: dict[type[Link], str] = {PayLink: "paidup.pay_link", MethodLink: "paidup.method_link"}
_PATHS: dict[type[Link], str] = {PayLink: "pay", MethodLink: "method"}


def token(link: Link) -> str:
    """The unguessable part of the link's address."""
    signed = link.id.bytes + _signature(link.id, type(link))
    return urlsafe_b64encode(signed).decode().rstrip("=")


def link_id(token: str, kind: type[Link]) -> UUID | None:
    """The link of this kind that a token stands for; None unless we signed it."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        found = UUID(bytes=raw[:-_SIGNATURE_BYTES])
    except (ValueError, UnicodeEncodeError):
        return None
    signature = _signature(found, kind)
    return found if constant_time_compare(raw[-_SIGNATURE_BYTES:], signature) else None


def url(link: Link, organization: Organization) -> str:
    """The whole address, at the organization's own host."""
    scheme, _, host = settings.BASE_URL.partition("://")
    return f"{scheme}://{organization.slug}.{host}/{_PATHS[type(link)]}/{token(link)}/"


def _signature(link_id: UUID, kind: type[Link]) -> bytes:
    return salted_hmac(_SALTS[kind], link_id.bytes, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
