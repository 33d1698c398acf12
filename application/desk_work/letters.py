"""A letter as mail programs write them: who sent it, what it answers, what he wrote, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from html import unescape
from typing import Final, NamedTuple

from application.desk_work.quoted import own_words
from domain.characters import without_invisible

_IDENTITY = re.compile(r"<([0-9a-f]{40})@[^<>\s]+>")
_BY_A_MACHINE = re.compile(
    r"^\W*((re|回复|答复)\s*[:：]\W*)?(自动回复|自动答复|不在办公室|auto(matic)?[ -]?(reply|response)"
    r"|out of (the )?office|(已读|未读|已阅读|(not )?read)\s*[:：])",
    re.IGNORECASE,
)
_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_OLD_NAMES: Final = dict.fromkeys(("gb2312", "gbk", "x-gbk", "cp936"), "gb18030")
"""Programs write letters of the large set under the name of the small one."""
_WESTERN: Final = frozenset({"us-ascii", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252"})
"""What programs name that name anything: a text in them may be any, and none is ever found unreadable."""
_CHINESE = re.compile(rb"(?:[\0-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
"""The letters of GB 2312: pairs alone, where a Western text has single ones."""
_FIRST_OF_THREE_BYTES: Final = "\u0800"
"""From here on a letter has three bytes in UTF-8, which no text in another coding has throughout by chance."""
_NOT_OF_LETTERS: Final = frozenset({"punycode", "idna"})
"""Codings of host names, which take the square of a text's length."""
_SLOW = re.compile(
    rb"^(?:from|subject|auto-submitted|precedence|content-[a-z-]+):[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_WORK: Final = 40_000_000
"""The library takes the square of each of these headers' length: beyond this a letter would take it minutes."""
_MOST_PARTS: Final = 2_000
"""The library takes a thousandth of a second for each part, and a letter has room for sixty thousand."""
_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")
_QUOTING, _UNSEEN = frozenset({"blockquote"}), frozenset({"script", "style", "head", "title"})
_RAW, _END_OF_RAW = frozenset({"script", "style"}), re.compile("</(script|style)", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})
_LINES = frozenset({"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "hr"})


class Bounce(NamedTuple):
    """A server's report of a letter of ours: the status of RFC 3463 and the action of RFC 3464, where it says them.

    A status of `4.…` is a delay as long as the server goes on, and a failure when it has given up.
    """

    status: str
    action: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the letter is not delivered any more; of what has no action the status says it."""
        return self.action == "failed" or (not self.action and not self.status.startswith(("2", "4")))


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
    name: str
    """Its own identity, or its date where it has none: how often a server hands it over, it is one letter."""


def letter_from(content: bytes) -> Letter:
    """Read a letter.

    Raises:
        MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError: it is no
            letter that can be read.
    """
    if sum(len(found[0]) ** 2 for found in _SLOW.finditer(content)) > _MOST_WORK:
        raise ValueError("its headers are longer than any program writes them")
    if content.count(b"\n--") + content.count(b"\r--") > _MOST_PARTS:
        raise ValueError("it has more parts than any program writes")
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    senders = tuple(address.casefold() for _, address in getaddresses(mail.get_all("From", [])))
    bounce = _bounce(mail, senders)
    named = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
    if bounce is not None:
        named += content.decode(errors="replace")
    return Letter(
        answers=tuple(dict.fromkeys(_IDENTITY.findall(named))),
        senders=senders,
        text=own_words(_said(mail)),
        automatic=_is_automatic(mail),
        forged=any(_FAILED.search(str(each)) for each in mail.get_all("Authentication-Results", [])),
        bounce=bounce,
        attachments=_files(mail),
        name=_name_of(mail),
    )


def _name_of(mail: EmailMessage) -> str:
    """As it stands: the library reads no more of these headers than it must, and fails on strange ones."""
    headers = {name.casefold(): str(value).strip() for name, value in mail.raw_items()}
    return headers.get("message-id") or headers.get("date", "")


def _is_automatic(mail: EmailMessage) -> bool:
    said = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().casefold()
    return (
        said != "no"
        or mail.get_content_type() == "multipart/report"
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
                    return Bounce(str(group["Status"]).strip(), str(group.get("Action", "")).strip().casefold())
    return Bounce("")


def _said(part: EmailMessage | MIMEPart) -> str:
    """What a letter, or a part of it, says and quotes: of several forms the first one that says something, of several
    texts all (programs put files between them), and of a page in HTML what is seen."""
    if part.get_content_maintype() == "multipart":
        texts = [text for each in part.iter_parts() if without_invisible(text := _said(each)).strip()]
        return "\n".join(texts[:1] if part.get_content_type() == "multipart/alternative" else texts)
    if not _is_text(part):
        return ""
    text = _decoded(part)
    if part.get_content_subtype() == "html":
        return _shown(text)
    return unescape(text).replace("\xa0", " ") if "&nbsp;" in text else text  # QQ writes a plain text as a page


def _is_text(part: MIMEPart) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _files(part: MIMEPart) -> int:
    """How many files a letter has, pictures in its text among them; a letter in it is one, whatever that has."""
    if part.get_content_maintype() == "multipart":
        return sum(_files(each) for each in part.iter_parts())
    kind = part.get_content_type()
    is_text = part.get_content_maintype() == "text" and not part.get_filename()
    return 0 if kind.endswith("-signature") or (is_text and part.get_content_disposition() != "attachment") else 1


def _decoded(body: MIMEPart) -> str:
    """The text of a part: what is UTF-8 by its bytes is so whatever it is called, and what is none is as it says."""
    content = body.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    named = (body.get_content_charset() or "").casefold()
    named = "" if named in _NOT_OF_LETTERS else _OLD_NAMES.get(named, named)
    if named in _WESTERN and _CHINESE.fullmatch(content):
        named = "gb18030"
    by_its_bytes = _in(content, "utf-8")
    if by_its_bytes is not None and max(by_its_bytes, default="") >= _FIRST_OF_THREE_BYTES:
        return by_its_bytes
    read = (_in(content, charset) for charset in (named, "utf-8", "gb18030"))
    return next((text for text in read if text is not None), content.decode(errors="replace"))


def _in(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset) if charset else None
    except (LookupError, UnicodeDecodeError):
        return None


def _shown(page: str) -> str:
    """What of a page is seen, but for what it quotes."""
    shown, hidden = list[str](), Counter[str]()
    for text, tag in _pieces(page):
        if not hidden.total():
            shown.append(unescape(text).replace("\r", "").replace("\n", " "))
        name = tag.lstrip("/")
        if name in _QUOTING or name in _UNSEEN:
            hidden[name] = max(hidden[name] + (-1 if tag.startswith("/") else 1), 0)
        elif name in _LINES and not hidden.total():
            shown.append("\n")
        elif tag in _CELLS and not hidden.total():
            shown.append(" ")
    lines = (" ".join(line.split()) for line in "".join(shown).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(page: str) -> Iterator[tuple[str, str]]:
    """The texts of a page, each with the name of the tag behind it (`/p` where it closes one). Whatever the page has,
    each of its signs is looked at once."""
    at = 0
    while (begins := page.find("<", at)) >= 0:
        tag = _TAG.match(page, begins + 1)
        if tag is None and page[begins + 1 : begins + 2] not in ("!", "?", "/"):
            yield page[at : begins + 1], ""  # a sign of the text
            at = begins + 1
            continue
        name = tag[0].lower() if tag else ""
        yield page[at:begins], name
        ends = page.find("-->", begins) + 2 if page.startswith("<!--", begins) else page.find(">", begins)
        behind = _END_OF_RAW.search(page, ends) if name in _RAW else None
        if ends < begins or (name in _RAW and behind is None):
            return  # nothing closes it: no text is behind it
        at = behind.start() if behind else ends + 1
    yield page[at:], ""
