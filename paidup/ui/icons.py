"""The drawings of the sprite `static/ui/icons.svg`, ready to stand in a page."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawings() -> dict[str, str]:
    """The inner SVG of every icon by its name."""
    root = ET.parse(SPRITE).getroot()  # noqa: S314  our own file
    return {
        symbol.attrib["id"]: "".join(_written(shape) for shape in symbol)
        for symbol in root.iter(f"{SVG}symbol")
    }


def _written(shape: ET.Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(SVG)}{attributes}/>"
