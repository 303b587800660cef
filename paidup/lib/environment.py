"""Reads the environment: the data folder, its secrets, and database addresses."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict


def home() -> Path:
    """The data folder, `PAIDUP_HOME` or `.paidup` below the current folder."""
    return Path(os.environ.get("PAIDUP_HOME", ".paidup")).resolve()


def make_passable(folder: Path) -> Path:
    """Makes the folder, through which others may pass (PostgreSQL's user must) but not look."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    return folder


def secret(name: str, folder: Path, *, size: int = 48) -> str:
    """A secret from `PAIDUP_<NAME>`, else one of `size` bytes made once and kept in the folder."""
    given = os.environ.get(f"PAIDUP_{name.upper()}")
    if given:
        return given
    path = folder / name
    if not path.exists():
        _keep(secrets.token_urlsafe(size), path)
    return path.read_text()


def database_from(variable: str) -> dict[str, Any]:
    """Django's database settings from an address such as `postgresql://user:pw@host:5432/name`."""
    address = conninfo_to_dict(os.environ.get(variable) or "postgresql://paidup@localhost/paidup")
    options: dict[str, Any] = {"connect_timeout": 10}
    if variable == "DATABASE_URL" and os.environ.get("PAIDUP_TESTING") != "1":
        options["pool"] = {"min_size": 1, "max_size": 8}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.pop("dbname", ""),
        "USER": address.pop("user", ""),
        "PASSWORD": address.pop("password", ""),
        "HOST": address.pop("host", ""),
        "PORT": address.pop("port", ""),
        # So that a request after the database restarted gets a living connection.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, **address},
    }


def _keep(text: str, path: Path) -> None:
    """Two processes that both find none keep the same one, whole: the first to link it."""
    handle, aside = tempfile.mkstemp(dir=make_passable(path.parent))  # readable by us alone
    with os.fdopen(handle, "w") as file:
        file.write(text)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink()
