"""Which files of others are served, and their collection: compressed, named by their content."""

import fcntl
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder, get_finders
from django.core.files.storage import Storage
from django.core.management import call_command


class VendorFinder(FileSystemFinder):
    """Finds the files of `VENDOR_FILES` in `STATICFILES_DIRS`, and no other there."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Each wanted file with the folder it is in."""
        for path, storage in super().list(ignore_patterns):
            name = f"{storage.prefix}/{path}"
            if any(fnmatch(name, wanted) for wanted in settings.VENDOR_FILES):
                yield path, storage


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
