"""Keys that were stolen, or may be: what they signed between the earliest instant and their report is in doubt. What
stands before, and what its person's own device signed besides, is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verifier.findings import Step
from verifier.own_keys import SignedAct

STREAM = "log/stolen-keys"
_MOST_TOLD = 12
_WHOSE = {"shell": "命令行", "desk": "督办台", "api": "接口", "ledger": "台账", "person": "本人"}


@dataclass(frozen=True)
class Window:
    """A window of doubt: whose key, which, from when, and the entry that reported it."""

    whose: str
    key: str
    since: str
    reported: int


class Doubts:
    """The windows of doubt of a log, told in order of its entries."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of the stream of stolen keys."""
        if event["type"] == "key.stolen":
            data = event["data"]
            datetime.fromisoformat(data["since"])
            self.windows.append(Window(str(data["whose"]), str(data["key"]), str(data["since"]), position))

    def tell(self, step: Step, acts: Sequence[SignedAct], appended: Sequence[str]) -> None:
        """Say of each window which acts are in doubt, and how many of them their persons' devices signed besides."""
        for window in self.windows:
            since, until = datetime.fromisoformat(window.since), appended[window.reported]
            inside = [
                act
                for act in acts
                if act.position < window.reported
                and _is_by(act, window)
                and datetime.fromisoformat(appended[act.position]) >= since
            ]
            doubted = [act for act in inside if window.whose == "person" or act.said.get("own_key") is None]
            places = "、".join(str(act.position) for act in doubted[:_MOST_TOLD])
            more = "等" if len(doubted) > _MOST_TOLD else ""
            step.note += (
                f"；存疑：{_WHOSE.get(window.whose, window.whose)}密钥 {window.key[:16]} 自 {window.since} 至 {until}"
                f" 可能被盗，其间由它作证的 {len(doubted)} 项办理不能断定是谁办的"
                + (f"（第 {places} 条{more}）" if doubted else "")
                + (f"，另有 {len(inside) - len(doubted)} 项有本人密钥的签名，不受影响" if inside != doubted else "")
            )


def _is_by(act: SignedAct, window: Window) -> bool:
    if window.whose == "person":
        proof = act.said.get("own_key") or {}
        return bool(proof.get("key") == window.key)
    # Whoever has the ledger's key can write entries of his own: every act of the window came through it.
    return window.whose == "ledger" or bool(act.said["door"]["key"] == window.key)
