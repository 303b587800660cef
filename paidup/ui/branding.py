"""An organization's colour as a stylesheet for its customers' pages, readable in any case."""

import re
from colorsys import hls_to_rgb, rgb_to_hls

from django.utils.translation import gettext as _

# One of white and black has 4.5 on any colour.
WHITE, BLACK, NIGHT = "#ffffff", "#000000", "#1b1d21"
# More than the 4.5 asked for, since the text also stands on a tint of its own colour.
READABLE = 6.0
STEP = 0.02
Rgb = tuple[float, float, float]


class BadColour(Exception):
    """Not a colour of the form #rrggbb."""


def stylesheet(colour: str) -> str:
    """CSS that puts the colour where the look has its accent. Raises BadColour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise BadColour(_("“%s” is no colour; write it as #0f5e59.") % colour)
    on_brand, away = sorted((WHITE, BLACK), key=lambda text: -contrast(text, colour))
    by_day = _readable(colour, WHITE, -STEP)
    by_night = _readable(colour, NIGHT, STEP)
    return (
        ":root {\n"
        f"  --accent-fill: {colour};\n"
        f"  --accent-fill-hover: color-mix(in oklab, {colour} 88%, {away});\n"
        f"  --on-accent: {on_brand};\n"
        f"  --accent: light-dark({by_day}, {by_night});\n"
        f"  --accent-soft: light-dark(color-mix(in oklab, {colour} 9%, white),"
        f" color-mix(in oklab, {colour} 22%, {NIGHT}));\n"
        "}\n"
    )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, ground: str, step: float) -> str:
    while contrast(colour, ground) < READABLE:
        hue, lightness, saturation = rgb_to_hls(*_rgb(colour))
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _hex(hls_to_rgb(hue, lightness, saturation))
    return colour


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(colour: str) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in _rgb(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
