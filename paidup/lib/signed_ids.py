"""Tokens that open something without signing in: an id and a signature over it, so that no table
holds a usable one. Each kind of thing is signed apart, by a salt of its own: none is ever taken for
another."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_SIGNATURE_BYTES = 16


def token(of: UUID, *, salt: str) -> str:
    """What stands for the id in an address; nobody else can make one."""
    return urlsafe_b64encode(of.bytes + _signature(of, salt)).decode().rstrip("=")


def read(token: str, *, salt: str) -> UUID | None:
    """The id that a token of this kind stands for; None unless we signed it."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        found = UUID(bytes=raw[:-_SIGNATURE_BYTES])
    except (ValueError, UnicodeEncodeError):
        return None
    signed = constant_time_compare(raw[-_SIGNATURE_BYTES:], _signature(found, salt))
    return found if signed else None


def _signature(of: UUID, salt: str) -> bytes:
    return salted_hmac(salt, of.bytes, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
