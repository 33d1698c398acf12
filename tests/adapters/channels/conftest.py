"""Messages and channels for the tests of the channels."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from adapters.channels.registry import channels_of
from domain.clock import OFFICE_TIME
from domain.papers.routes import Routes
from domain.ports.channel import Channel, Message
from tests.other_sides.chat_sides import DING_SECRET, FEISHU_SECRET, HOOK_SECRET

MORNING = datetime(2026, 5, 9, 9, 0, tzinfo=OFFICE_TIME)
KINDS = ("wecom", "dingtalk", "feishu", "webhook")
WRONG = "wrong"
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "a\r\nBcc: all@example.com\r\n\r\nbody",
    '<at user_id="all">所有人</at> @all <script>alert(1)</script>',
    "[点这里](http://evil.example) **加粗** `x` www.evil.example",
    "\u202e反过来\x1b[31m\x00",
)
"""What a title or a reason may say to command a program that shows it."""


@pytest.fixture
def message() -> Message:
    """A morning's message of two papers."""
    return Message(
        message_id="组织部联络员/2026-05-09T091000-7",
        reader="组织部联络员",
        subject="督办文书2件（组织部，2026年5月9日）",
        urgent=False,
        lines=(
            "催办〔2026〕3号 催办单（组织部）：配备挂兼职干部。请反馈。",
            "提醒〔2026〕7号 提醒（组织部）：选派干部。",
        ),
    )


def http_channel(
    kind: str, url: str, folder: Path, *, secret: str | None = None, key: str = "right", **more: object
) -> Channel:
    """A channel of a kind that posts to a server, with its right secret or another one, and a second of patience."""
    secrets = {"dingtalk": DING_SECRET, "feishu": FEISHU_SECRET, "webhook": HOOK_SECRET}
    (folder / "secret").write_text(secret or secrets.get(kind, "none"), encoding="utf-8")
    (folder / "url").write_text(f"{url}/robot/send?key={key}", encoding="utf-8")
    lines: dict[str, object] = {"kind": kind, "timeout_seconds": 1, **more}
    if kind == "webhook":
        lines |= {"url": f"{url}/hook", "secret_file": "secret"}
    else:
        lines |= {"url_file": "url"} | ({} if kind == "wecom" else {"secret_file": "secret"})
    routes = Routes.model_validate({"channels": {"out": lines}})
    return channels_of(routes, folder, lambda: MORNING)["out"]
