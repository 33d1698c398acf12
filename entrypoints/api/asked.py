"""The bodies that programs send."""

from __future__ import annotations

from pydantic import ConfigDict

from domain.frozen import Frozen


class AskedBody(Frozen):
    """What a body asks for: it refuses fields that it does not know.

    It is made ready with its route: made ready at its first request, the web framework's names for it raise a warning.
    """

    model_config = ConfigDict(defer_build=False)
