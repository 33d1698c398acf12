"""How sure a reviewer is that a milestone will be done, in five steps: said by a person, beside the computed light."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.colours import Colour

Step = Annotated[int, Field(ge=1, le=5)]
STEP_WORDS: dict[int, str] = {1: "没有把握", 2: "较没把握", 3: "把握一般", 4: "较有把握", 5: "很有把握"}
_OF_LIGHTS: dict[Colour, int] = {"green": 5, "yellow": 3, "red": 1}
_APART = 2


def differ(step: int, light: Colour) -> bool:
    """Whether a person's word and a light are two steps apart or more; a grey light says nothing to differ from."""
    said = _OF_LIGHTS.get(light)
    return said is not None and abs(said - step) >= _APART
