"""The kinds of channels and how each is made from its lines in the file; secrets are read from theirs."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from adapters.channels.chats import DingTalkRobot, FeishuRobot, WeComRobot
from adapters.channels.email import Email
from adapters.channels.http_post import HttpPost
from adapters.channels.signed_webhook import SignedWebhook, is_signed
from domain.errors import InputError
from domain.os_faults import os_fault
from domain.papers.routes import Channel as ChannelLines
from domain.papers.routes import ChatChannel, EmailChannel, Routes, WebhookChannel, is_safe_url
from domain.ports.channel import Channel

Clock = Callable[[], datetime]


class UnreadableSecretError(InputError, rule="readable_secret"):
    """A file with a secret of a channel cannot be used; what stands in it is never shown."""


def channels_of(routes: Routes, folder: Path, clock: Clock) -> dict[str, Channel]:
    """The channels that are on, each made from its lines; files are found from the folder of the routes.

    Raises:
        UnreadableSecretError: a file cannot be read, or what it holds cannot be used.
    """
    return {name: _made(name, lines, folder, clock) for name, lines in routes.channels.items() if not lines.off}


def is_own_receipt(
    routes: Routes, folder: Path, channel: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether a channel that is on says this: one with a secret of its own, which proves it.

    Raises:
        UnreadableSecretError: its file cannot be used.
    """
    lines = routes.channels.get(channel)
    if not isinstance(lines, WebhookChannel) or lines.off:
        return False
    return is_signed(_secret(channel, "secret_file", lines.secret_file, folder), headers, body, now)


def _email(name: str, lines: EmailChannel, folder: Path, clock: Clock) -> Channel:
    login = None
    if lines.user is not None and lines.password_file is not None:
        login = (lines.user, _secret(name, "password_file", lines.password_file, folder))
    tls = None
    if lines.security != "none":
        tls = _own_authority(name, lines.ca_file, folder) or ssl.create_default_context()
    return Email(lines, tls=tls, login=login, clock=clock)


def _chat(name: str, lines: ChatChannel, folder: Path, clock: Clock) -> Channel:
    url = _secret(name, "url_file", lines.url_file, folder)
    if not is_safe_url(url):
        raise UnreadableSecretError(f"通道 {name} 的 url_file 里不是 https:// 的地址，请核对。", channel=name)
    secret = _secret(name, "secret_file", lines.secret_file, folder) if lines.secret_file else None
    http = _http(name, lines, folder, knows_repeats=False)
    match lines.kind:
        case "wecom":
            return WeComRobot(url, http)
        case "dingtalk":
            return DingTalkRobot(url, secret, http, clock)
        case "feishu":
            return FeishuRobot(url, secret, http, clock)


def _webhook(name: str, lines: WebhookChannel, folder: Path, clock: Clock) -> Channel:
    secret = _secret(name, "secret_file", lines.secret_file, folder)
    http = _http(name, lines, folder, knows_repeats=True)
    return SignedWebhook(lines.url, secret, http, clock, lines.most_characters)


def _http(name: str, lines: ChatChannel | WebhookChannel, folder: Path, *, knows_repeats: bool) -> HttpPost:
    tls = _own_authority(name, lines.ca_file, folder)
    return HttpPost(lines.timeout_seconds, knows_repeats=knows_repeats, tls=tls)


def _made(name: str, lines: ChannelLines, folder: Path, clock: Clock) -> Channel:
    match lines:
        case EmailChannel():
            return _email(name, lines, folder, clock)
        case ChatChannel():
            return _chat(name, lines, folder, clock)
        case WebhookChannel():
            return _webhook(name, lines, folder, clock)


def _secret(channel: str, key: str, file: str, folder: Path) -> str:
    path = folder / file
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = os_fault(error) if isinstance(error, OSError) else "不是 UTF-8"
        raise UnreadableSecretError(
            f"通道 {channel} 的 {key}（{path}）读不出来（{why}）：请检查路径和权限。", channel=channel
        ) from None
    if not text or not text.isprintable():
        raise UnreadableSecretError(f"通道 {channel} 的 {key}（{path}）应只有一行内容，请核对文件。", channel=channel)
    return text


def _own_authority(channel: str, ca_file: str | None, folder: Path) -> ssl.SSLContext | None:
    """Trust in the certificates of the office's own file alone; none where the public authorities are meant."""
    if ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(folder / ca_file))
    except (OSError, ssl.SSLError) as error:
        raise UnreadableSecretError(
            f"通道 {channel} 的 ca_file（{folder / ca_file}）不是可用的证书，请换 PEM 格式的证书。",
            channel=channel,
        ) from error
