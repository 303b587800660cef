"""Gates: what the room a message comes from says of it at the moment of sending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .blocks import Block
from .files import Attachment
from .models import Message


@dataclass(frozen=True)
class Send:
    """Send it as it is."""


@dataclass(frozen=True, kw_only=True)
class Render:
    """Send it, but saying this."""

    subject: str
    blocks: Sequence[Block]
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Withdraw:
    """Don't send it; the reason is shown beside the message."""

    reason: str


@dataclass(frozen=True)
class Fail:
    """It can't be sent as it should be; a person is told the reason."""

    reason: str


Decision = Send | Render | Withdraw | Fail
Gate = Callable[[Message, datetime], Decision]
_gates: dict[str, Gate] = {}


def register(name: str, gate: Gate) -> None:
    """Makes a gate known by the name that messages carry."""
    _gates[name] = gate


def ask(message: Message, at: datetime) -> Decision:
    """What its gate says of the message; without one it is sent."""
    return _gates[message.gate](message, at) if message.gate else Send()
