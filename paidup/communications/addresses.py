"""Addresses that stand in the mail alone, made at the moment of sending by the room that owns what
they open: no table, preview or export shows them."""

from collections.abc import Callable, Iterable
from uuid import UUID

from .blocks import Block, Button, SecretButton

Maker = Callable[[UUID], str]
_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Makes a maker known by the name that buttons carry."""
    _makers[name] = maker


def led(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with every such button leading somewhere."""
    return tuple(
        Button(block.label, _makers[block.maker](block.id))
        if isinstance(block, SecretButton)
        else block
        for block in blocks
    )
