"""Ids: UUIDv7, made here and not by the database, so an id is known before its row is stored."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A new UUIDv7; later ids sort after earlier ones."""
    return uuid7()
