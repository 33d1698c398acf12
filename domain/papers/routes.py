"""How notices leave the house: the channels, and for each reader whose mail he gets, by which of them, and when not.

Secrets stand in files that are named here and never in this.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.clock import OFFICE_TIME
from domain.frozen import Frozen
from domain.names import Addressee, Name
from domain.texts import OWN, Line

LINKS = "/opened/"
"""Where at the desk the link of a message leads; the message's identity follows."""
MEGABYTE = 1_000_000
INBOX = "inbox"
"""The desk's own inbox: it takes every message and needs no line in the file."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9-]+"
Address = Annotated[str, StringConstraints(pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*$", max_length=254)]
"""An e-mail address: nothing in it can begin another header or another address. Of plain letters alone, because many
servers take no others; a Chinese domain has a name of these too (`xn--…`)."""
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
"""How the office calls a channel (`mail`, `group-3`)."""
_LOCAL_HTTP = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/.*)?")
_HTTPS = re.compile(r"https://[^\s/@]+(/\S*)?")


def is_safe_url(url: str) -> bool:
    """Whether what is sent there cannot be read on the way: by TLS, or on this machine alone."""
    return bool(_HTTPS.fullmatch(url) or _LOCAL_HTTP.fullmatch(url))


def _refused(kind: str, text: str) -> PydanticCustomError:
    return PydanticCustomError(f"{OWN}{kind}", text)


Attached = Literal["docx", "pdf", "both"]


class _Channel(Frozen):
    per_minute: int = Field(default=20, ge=1, le=10_000)
    timeout_seconds: int = Field(default=20, ge=1, le=300)
    tries: int = Field(default=5, ge=1, le=50)
    """How often a message is tried before the reader's next way is taken."""
    pause_seconds: int = Field(default=60, ge=1, le=86_400)
    """The first pause before a repeat; each further one is twice as long, up to an hour."""
    off: bool = False
    ca_file: Line | None = None
    """The certificates that vouch for the other side, where it is one of the office's own network."""


class EmailChannel(_Channel):
    """A server that takes e-mail."""

    kind: Literal["email"]
    host: Line
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Line | None = None
    password_file: Line | None = None
    sender: Address
    sender_name: Line | None = None
    attach: Attached = "docx"
    """The documents as they were issued, PDFs made from them, or both; documents alone where nothing makes PDFs."""
    attach_megabytes: int = Field(default=10, ge=0, le=50)
    """How much of the papers' documents a letter takes along; none at 0."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if self.security == "none" and self.host not in ("127.0.0.1", "localhost", "::1"):
            raise _refused("plain_mail", "不加密（security: none）只许发到本机")
        if (self.user is None) != (self.password_file is None):
            raise _refused("half_login", "user 和 password_file 要么都写，要么都不写")
        return self


class ChatChannel(_Channel):
    """A robot in a group of WeCom, DingTalk or Feishu; its address is a secret of its own."""

    kind: Literal["wecom", "dingtalk", "feishu"]
    url_file: Line
    secret_file: Line | None = None

    @model_validator(mode="after")
    def _is_signed(self) -> Self:
        if self.kind == "wecom" and self.secret_file is not None:
            raise _refused("wecom_unsigned", "企业微信的机器人不签名，请删去 secret_file")
        return self


class WebhookChannel(_Channel):
    """A program that takes signed messages: a gateway of short messages, an OA, another system."""

    kind: Literal["webhook"]
    url: Line
    secret_file: Line
    most_characters: int = Field(default=20_000, ge=20, le=100_000)
    """How long a text the other side takes; a gateway of short messages takes some 300 characters."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not is_safe_url(self.url):
            raise _refused("plain_url", "url 只能是 https:// 的地址（本机除外），其中不写用户名和密码")
        return self


Channel = Annotated[EmailChannel | ChatChannel | WebhookChannel, Field(discriminator="kind")]
"""One way out; `adapters/channels/registry.py` makes each kind's."""
KINDS: tuple[str, ...] = tuple(
    kind for lines in get_args(get_args(Channel)[0]) for kind in get_args(lines.model_fields["kind"].annotation)
)
"""Every kind of channel."""


class Step(Frozen):
    """One way to a reader; an address where the channel needs one."""

    channel: ChannelName
    address: Address | None = None


def _without_offset(value: time) -> time:
    if value.tzinfo is not None:
        # It would be compared with the offices' clocks, and neither is earlier.
        raise PydanticCustomError("time_parsing", "an offset")
    return value


_Clock = Annotated[time, AfterValidator(_without_offset)]


class QuietHours(Frozen):
    """From when until when nothing is sent; over midnight where it ends earlier than it begins."""

    begin: _Clock
    end: _Clock

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.begin == self.end:
            raise _refused("endless_quiet", "quiet 的 begin 和 end 不能相同：那样整天都不发送")
        return self

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet ends that reigns at an instant; none where none does."""
        at = now.astimezone(OFFICE_TIME)
        clock = at.time()
        over_midnight = self.end <= self.begin
        quiet = (clock >= self.begin or clock < self.end) if over_midnight else self.begin <= clock < self.end
        if not quiet:
            return None
        day = at.date() + timedelta(days=1) if over_midnight and clock >= self.begin else at.date()
        return datetime.combine(day, self.end, OFFICE_TIME)


class Reader(Frozen):
    """One person, or one office, who reads: whose mail he gets, and by which ways, the next one where one fails."""

    reads: tuple[Addressee, ...] = Field(min_length=1)
    to: tuple[Step, ...] = ()
    quiet: QuietHours | None = None
    urgent_in_quiet: bool = True
    """Whether what is urgent comes in quiet hours too."""


class Routes(Frozen):
    """All channels and all readers of an installation."""

    gather_minutes: int = Field(default=10, ge=0, le=240)
    """How long a morning's message waits for the mail of a reader's other offices."""
    urgent_minutes: int = Field(default=30, ge=0, le=240)
    """How long after an urgent message the next one comes at the earliest: a morning's red orders are decided over half
    an hour, and the first one brings a reader to the rest."""
    stale_days: int = Field(default=3, ge=1, le=60)
    """After how many days a message that no channel took is withheld."""
    desk_url: Line | None = None
    """The desk's address as readers reach it: each message then has a link, which gives no right of its own."""
    channels: dict[ChannelName, Channel] = Field(default_factory=dict)
    readers: dict[Name, Reader] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if INBOX in self.channels:
            raise _refused("inbox", f"{INBOX} 是督办平台收件箱的名字，请给这个通道另取一个")
        if self.desk_url is not None and not is_safe_url(self.desk_url):
            raise _refused("plain_url", "desk_url 只能是 https:// 的地址（本机除外），其中不写用户名和密码")
        for name, reader in self.readers.items():
            for step in reader.to:
                channel = self.channels.get(step.channel)
                if channel is None:
                    raise _refused("no_channel", f"“{name}”要用的通道 {step.channel} 没有写在 channels 下")
                if isinstance(channel, EmailChannel) != (step.address is not None):
                    needs = "须写 address" if step.address is None else "不写 address"
                    raise _refused("address", f"“{name}”用通道 {step.channel} {needs}")
        return self

    def link_to(self, identity: str) -> str:
        """The link of a message; empty where the desk has no address for readers."""
        return f"{self.desk_url.rstrip('/')}{LINKS}{identity}" if self.desk_url else ""

    def steps_of(self, reader: str) -> tuple[Step, ...]:
        """The ways to a reader that are open, in order; the inbox is always the last one."""
        known = self.readers.get(reader)
        open_ = (step for step in (known.to if known else ()) if not self.channels[step.channel].off)
        return (*open_, Step(channel=INBOX))
