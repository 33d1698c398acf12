"""A letter as mail programs write them: who sent it, what it answers, what he wrote, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final, NamedTuple

from domain.characters import printable

_IDENTITY = re.compile(r"<([0-9a-f]{40})@[^<>\s]+>")
_HEADS_OF_A_QUOTATION = re.compile(
    r"^(-{3,}\s*((回复|转发)的)?(原始?邮件|转发邮件|(Original|Forwarded|Replied) Message)"
    r"|_{5,}$|\*?(发件人|From)\s*[:：])",
    re.IGNORECASE,
)
_NAMES_WHO_WROTE = re.compile(r"^((On|At) .+ wrote|.*(在|于).+写道)[:：]$")
_BEGINS_TO_NAME = re.compile(r"^((On|At) .*\d|.*(在|于).*\d)")
_BY_A_MACHINE = re.compile(
    r"^\W*(自动回复|自动答复|不在办公室|auto(matic)?[ -]?(reply|response)|out of (the )?office)", re.IGNORECASE
)
_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_OLD_NAMES: Final = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
"""Programs write letters of the large set under the name of the small one."""
_QUOTING, _UNSEEN = frozenset({"blockquote"}), frozenset({"script", "style", "head", "title"})
_LINES = frozenset({"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "hr"})


class Bounce(NamedTuple):
    """That a letter of ours was not delivered: the status of RFC 3463, where the server says one."""

    status: str


class Letter(NamedTuple):
    """What of a letter counts here."""

    answers: tuple[str, ...]
    """The identities of messages that it names."""
    senders: tuple[str, ...]
    text: str
    automatic: bool
    forged: bool
    """Whether the office's own mail server found that it is not from whom it says."""
    bounce: Bounce | None
    attachments: int


def letter_from(content: bytes) -> Letter:
    """Read a letter.

    Raises:
        MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError: it is no
            letter that can be read.
    """
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    senders = tuple(address.casefold() for _, address in getaddresses(mail.get_all("From", [])))
    bounce = _bounce(mail, senders)
    named = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
    if bounce is not None:
        named += content.decode(errors="replace")
    return Letter(
        answers=tuple(dict.fromkeys(_IDENTITY.findall(named))),
        senders=senders,
        text=_said(mail),
        automatic=_is_automatic(mail),
        forged=any(_FAILED.search(str(each)) for each in mail.get_all("Authentication-Results", [])),
        bounce=bounce,
        attachments=sum(1 for part in mail.walk() if part.get_content_disposition() == "attachment"),
    )


def _is_automatic(mail: EmailMessage) -> bool:
    said = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().casefold()
    return (
        said != "no"
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse"))
        or str(mail.get("Precedence", "")).strip().casefold() in _MACHINES
        or bool(_BY_A_MACHINE.match(str(mail.get("Subject", ""))))
    )


def _bounce(mail: EmailMessage, senders: tuple[str, ...]) -> Bounce | None:
    reported = mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"
    by_the_server = any(each.partition("@")[0] in ("mailer-daemon", "postmaster") for each in senders)
    if not (reported or by_the_server):
        return None
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for group in part.iter_parts() if part.is_multipart() else ():
                if "Status" in group:
                    return Bounce(str(group["Status"]).strip())
    return Bounce("")


def _said(mail: EmailMessage) -> str:
    """What the sender wrote, without what he quotes; from the page in HTML where there is no plain text."""
    for kind in ("plain", "html"):
        body = mail.get_body(preferencelist=(kind,))
        if body is None:
            continue
        text = _decoded(body)
        own = "\n".join(_own_lines((_shown(text) if kind == "html" else text).splitlines())).strip()
        if own:
            return own
    return ""


def _decoded(body: MIMEPart) -> str:
    content = body.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    named = (body.get_content_charset() or "").casefold()
    for charset in filter(None, (_OLD_NAMES.get(named, named), "utf-8", "gb18030")):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode(errors="replace")


def _own_lines(lines: list[str]) -> Iterator[str]:
    """The lines before a quotation, and those between quoted lines: some answer below what they quote."""
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        following = next((each.strip() for each in lines[at + 1 :] if each.strip()), "")
        names, step = bool(_NAMES_WHO_WROTE.match(line)), 1
        if not names and _BEGINS_TO_NAME.match(line) and _NAMES_WHO_WROTE.match(f"{line} {following}"):
            # A program breaks a long line before its last word.
            names, step = True, next(n for n in range(1, len(lines) - at) if lines[at + n].strip()) + 1
            following = next((each.strip() for each in lines[at + step :] if each.strip()), "")
        if _HEADS_OF_A_QUOTATION.match(line) or (names and not following.startswith(">")):
            return
        if not names and not line.startswith(">"):
            yield printable(lines[at].rstrip())
        at += step


class _Page(HTMLParser):
    """What of a page is seen, but for what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _QUOTING or tag in _UNSEEN:
            self._within.append(tag)
        elif tag in _LINES:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                pass
        elif tag in _LINES:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.text.append(data.replace("\r", "").replace("\n", " "))


def _shown(page: str) -> str:
    found = _Page()
    found.feed(page)
    found.close()
    return re.sub(r"\n\s*\n+", "\n", "".join(found.text).replace("\xa0", " "))
