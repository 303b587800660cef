"""Reads the environment: the data folder, its secrets, and database addresses."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def home() -> Path:
    """The data folder, `PAIDUP_HOME` or `.paidup` below the current folder."""
    return Path(os.environ.get("PAIDUP_HOME", ".paidup")).resolve()


def secret(name: str, folder: Path) -> str:
    """A secret from `PAIDUP_<NAME>`, else one made once and kept in the data folder."""
    given = os.environ.get(f"PAIDUP_{name.upper()}")
    if given:
        return given
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    try:
        with path.open("x", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def database_from(variable: str) -> dict[str, Any]:
    """Django's database settings from an address such as `postgresql://user:pw@host:5432/name`."""
    address = urlsplit(os.environ.get(variable, "postgresql://paidup@localhost/paidup"))
    options: dict[str, Any] = {"connect_timeout": 10}
    if variable == "DATABASE_URL" and os.environ.get("PAIDUP_TESTING") != "1":
        options["pool"] = {"min_size": 1, "max_size": 8}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.lstrip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(address.port or ""),
        "OPTIONS": options,
    }
