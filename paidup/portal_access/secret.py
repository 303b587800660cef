"""Secrets that a mail or a cookie carries; tables hold their digests."""

from hashlib import sha256
from secrets import token_urlsafe


def new() -> str:
    """One that nobody can guess."""
    return token_urlsafe(32)


def digest(secret: str) -> str:
    """By which it is found again. The secret is long and random, so a plain hash does."""
    return sha256(secret.encode(errors="replace")).hexdigest()
