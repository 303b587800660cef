"""The token of a pay link: its id and a signature over it, so that no table holds a usable one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from paidup.organizations.models import Organization

from .models import PayLink

_SIGNATURE_BYTES = 16


def token(link: PayLink) -> str:
    """The unguessable part of the link's address."""
    return urlsafe_b64encode(link.id.bytes + _signature(link.id)).decode().rstrip("=")


def link_id(token: str) -> UUID | None:
    """The link a token stands for; None unless we signed it."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        found = UUID(bytes=raw[:-_SIGNATURE_BYTES])
    except (ValueError, UnicodeEncodeError):
        return None
    return found if constant_time_compare(raw[-_SIGNATURE_BYTES:], _signature(found)) else None


def url(link: PayLink, organization: Organization) -> str:
    """The whole address, at the organization's own host."""
    scheme, _, host = settings.BASE_URL.partition("://")
    return f"{scheme}://{organization.slug}.{host}/pay/{token(link)}/"


def _signature(link_id: UUID) -> bytes:
    return salted_hmac("paidup.pay_link", link_id.bytes, algorithm="sha256").digest()[
        :_SIGNATURE_BYTES
    ]
