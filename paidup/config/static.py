"""Collects the static files, compressed and named by their content, when they have changed."""

import fcntl
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_changed() -> None:
    """Does nothing where files are served from where they lie, as in tests."""
    if getattr(settings, "WHITENOISE_USE_FINDERS", False):
        return
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("a+") as seal:
        fcntl.flock(seal, fcntl.LOCK_EX)
        seal.seek(0)
        state = _state()
        if seal.read() == state:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        seal.truncate(0)
        seal.write(state)


def _state() -> str:
    """Which files there are, how large and how old."""
    digest = sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = Path(storage.path(path)).stat()
            digest.update(f"{path}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
