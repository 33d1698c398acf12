"""The colours of a light, from the least to the most urgent."""

from __future__ import annotations

from typing import Literal, get_args

Colour = Literal["grey", "green", "yellow", "red"]
WORST_LAST: tuple[Colour, ...] = get_args(Colour)
