"""`paidup mailbox`: the demo's mail server, which keeps every message and sends none on."""

import asyncio
import signal
import time
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope, Session

from paidup.lib.environment import home


@click.command()
@click.option("--port", default=2525, show_default=True)
def mailbox(*, port: int) -> None:
    """Catch mail on 127.0.0.1 and keep it as .eml files in the data folder's `mail`."""
    folder = home() / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_serve(Kept(folder), port))


class Kept:
    """Stores each message as one file, complete or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Takes a message in."""
        del server, session
        path = self.folder / f"{time.time_ns()}.eml"
        aside = path.with_suffix(".part")
        aside.write_bytes(envelope.original_content or b"")
        aside.rename(path)
        return "250 Kept"


async def _serve(kept: Kept, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        server = await loop.create_server(lambda: SMTP(kept, loop=loop), "127.0.0.1", port)
    except OSError as error:
        raise click.ClickException(f"Port {port} can't be listened on: {error.strerror}.") from None
    async with server:
        await ended.wait()
