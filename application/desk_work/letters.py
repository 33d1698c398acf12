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

from domain.characters import printable

_IDENTITY = re.compile(r"<([0-9a-f]{40})@[^<>\s]+>")
_HEADS_OF_A_QUOTATION = re.compile(
    r"^(-{3,}\s*((回复|转发)的)?(原始?邮件|转发邮件|(Original|Forwarded|Replied) Message)"
    r"|_{5,}$|\*?(发件人|From)\s*[:：])",
    re.IGNORECASE,
)
_NAMES_WHO_WROTE = re.compile(r"^((On|At) .+ wrote|.*(在|于).+写道)[:：]$")
_BEGINS_TO_NAME = re.compile(r"^((On|At) .*\d|.*(在|于).*\d)")
_LONGEST_HEAD: Final = 300
"""No program names who wrote in a longer line; and of a long one these patterns take the square of its length."""
_BY_A_MACHINE = re.compile(
    r"^\W*(自动回复|自动答复|不在办公室|auto(matic)?[ -]?(reply|response)|out of (the )?office)", re.IGNORECASE
)
_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_OLD_NAMES: Final = dict.fromkeys(("gb2312", "gbk", "x-gbk", "cp936"), "gb18030")
"""Programs write letters of the large set under the name of the small one."""
_NOT_OF_LETTERS: Final = frozenset({"punycode", "idna"})
"""Codings of host names, which take the square of a text's length."""
_SLOW = re.compile(
    rb"^(?:from|subject|auto-submitted|precedence|content-[a-z-]+):[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_WORK: Final = 40_000_000
"""The library takes the square of each of these headers' length: beyond this a letter would take it minutes."""
_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")
_QUOTING, _UNSEEN = frozenset({"blockquote"}), frozenset({"script", "style", "head", "title"})
_RAW, _END_OF_RAW = frozenset({"script", "style"}), re.compile("</(script|style)", re.IGNORECASE)
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


def letter_from(content: bytes) -> Letter:
    """Read a letter.

    Raises:
        MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError: it is no
            letter that can be read.
    """
    if sum(len(found[0]) ** 2 for found in _SLOW.finditer(content)) > _MOST_WORK:
        raise ValueError("its headers are longer than any program writes them")
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
                    return Bounce(str(group["Status"]).strip(), str(group.get("Action", "")).strip().casefold())
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
    named = "" if named in _NOT_OF_LETTERS else _OLD_NAMES.get(named, named)
    for charset in filter(None, (named, "utf-8", "gb18030")):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode(errors="replace")


def _own_lines(lines: list[str]) -> Iterator[str]:
    """The lines before a quotation, and those between quoted lines: some answer below what they quote."""
    told = [line.strip() for line in lines]
    next_told = _places_of_next(told)
    at = 0
    while at < len(lines):
        line, behind = told[at], next_told[at]
        following, names = told[behind], _names_who_wrote(line)
        if not names and following and _begins_to_name(line) and _names_who_wrote(f"{line} {following}"):
            # A program breaks a long line before its last word.
            names, at = True, behind
            following = told[next_told[at]]
        if (len(line) <= _LONGEST_HEAD and _HEADS_OF_A_QUOTATION.match(line)) or (
            names and not following.startswith(">")
        ):
            return
        if not names and not line.startswith(">"):
            yield printable(lines[at].rstrip())
        at += 1


def _places_of_next(told: list[str]) -> list[int]:
    """For each line the place of the next one that says something; where none does, that of an empty one at the end."""
    places, place = [0] * len(told), len(told)
    for at in range(len(told) - 1, -1, -1):
        places[at] = place
        if told[at]:
            place = at
    told.append("")
    return places


def _names_who_wrote(line: str) -> bool:
    return len(line) <= 2 * _LONGEST_HEAD and _NAMES_WHO_WROTE.match(line) is not None


def _begins_to_name(line: str) -> bool:
    return len(line) <= _LONGEST_HEAD and _BEGINS_TO_NAME.match(line) is not None


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
    return re.sub(r"\n\s*\n+", "\n", "".join(shown).replace("\xa0", " "))


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
