"""What a bulletin does: apart from the events, for a command names it and need not know them."""

from __future__ import annotations

from typing import Literal

BulletinKind = Literal["praise", "criticism"]
