"""Whatever colour an organization chooses, its customers can read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paidup.ui.branding import BLACK, NIGHT, WHITE, BadColour, contrast, stylesheet


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_text_in_any_colour_is_readable(colour: str) -> None:
    css = stylesheet(colour)
    match = re.search(r"--accent: light-dark\((#\w{6}), (#\w{6})\)", css)
    assert match
    by_day, by_night = match.groups()
    assert contrast(by_day, WHITE) >= 4.5
    assert contrast(by_night, NIGHT) >= 4.5
    on_brand = WHITE if f"--on-accent: {WHITE}" in css else BLACK
    assert contrast(on_brand, colour) >= 4.5


@pytest.mark.parametrize(
    "colour", ["", "red", "#fff", "#12345g", "#123456; } body { display: none"]
)
def test_anything_else_is_no_colour(colour: str) -> None:
    with pytest.raises(BadColour, match="write it as #0f5e59"):
        stylesheet(colour)
