"""Webhook signatures: `t=<unix seconds>,v1=<HMAC-SHA256 of "t.body">`, checked by real time."""

import hashlib
import hmac

from django.conf import settings

from paidup.lib.environment import secret
from paidup.payments.gateways.interface import BadSignature

HEADER = "Sandbox-Signature"
TOLERANCE = 300  # seconds, either way


def sign(body: bytes, *, now: float) -> str:
    """The header for a body that is sent now (unix seconds of the real clock)."""
    return f"t={int(now)},v1={_mac(int(now), body)}"


def verify(body: bytes, header: str, *, now: float) -> None:
    """Raises BadSignature unless the vendor signed this very body within the tolerance."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        raise BadSignature("The signature bears no time.")
    # Compared as bytes: compare_digest refuses text that is not ASCII, which a stranger may send.
    given = parts.get("v1", "").encode(errors="replace")
    if not hmac.compare_digest(_mac(int(stamp), body).encode(), given):
        raise BadSignature("The signature is not the sandbox's.")
    if abs(now - int(stamp)) > TOLERANCE:
        raise BadSignature("The signature is too old, or from the future.")


def _mac(stamp: int, body: bytes) -> str:
    key = secret("sandbox_webhook_secret", settings.HOME).encode()
    return hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
