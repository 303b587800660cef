"""Attachments, made at the moment of sending by the room that owns what they show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file to be made at the moment of sending: the maker's name, and the id of what it draws."""

    maker: str
    id: UUID


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as it is attached."""

    name: str
    content: bytes
    content_type: str  # "application/pdf"


Maker = Callable[[UUID], File]
_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Makes a maker known by the name that attachments carry."""
    _makers[name] = maker


def to_json(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    """The attachments as a message keeps them."""
    return [{"maker": file.maker, "id": str(file.id)} for file in attachments]


def make(stored: list[dict[str, str]]) -> list[File]:
    """The files of a message's attachments, in their order."""
    return [_makers[file["maker"]](UUID(file["id"])) for file in stored]
