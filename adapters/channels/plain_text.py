"""A message as plain text that commands nothing in any channel: no mark-up, no mention, no link of a stranger's."""

from __future__ import annotations

import re

from domain.ports.channel import Message

_MARKS = str.maketrans({"<": "＜", ">": "＞", "@": "＠", "`": "ˋ", "[": "［", "]": "］"})
_YEAR = re.compile(r"［(\d{4})］(?= No\. \d)")
_LINK = re.compile(r"(?<=[A-Za-z0-9]):(?=[/\\]{2})|(?<=www)\.", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<=[A-Za-z0-9-])\.(?=[A-Za-z]{2})")
"""Programs make a link of a bare name too (`example.com/a`)."""


def harmless(text: str) -> str:
    """One line of text in which a chat sees no mention, no tag and no link: the signs are put in their wide form."""
    return _DOMAIN.sub("．", own(text))


def own(text: str) -> str:
    """The same for what the office itself says: the name of its log stays as a program compares it."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    marked = _YEAR.sub(r"[\1]", plain.translate(_MARKS))  # of an English number: it is no mark-up
    marked = marked.replace("=?", "=？")  # what mail programs would take for other words, written in code
    return _LINK.sub(lambda found: "：" if found.group() == ":" else "．", marked)


def text_of(message: Message, *, most: int, in_bytes: bool = False) -> str:
    """The whole message in at most so many characters (or bytes): as many lines as fit (of the first one its beginning
    at least), and how many there are.

    Every line begins with its number, so that none can be taken for a formula by what puts it in a table.
    """

    def size(text: str) -> int:
        return len(text.encode()) if in_bytes else len(text)

    words = message.words
    head = f"{words.urgent if message.urgent else ''}{harmless(message.subject)}"
    lines = [f"{number}. {harmless(line)}" for number, line in enumerate(message.lines, start=1)]
    link = [words.link.format(link=message.link)] if message.link else []
    remarks = [harmless(remark) for remark in message.remarks]
    footer = [own(message.footer)] if message.footer else []
    whole = "\n".join([head, *lines, *remarks, *footer, *link])
    if size(whole) <= most:
        return whole
    end = [words.more.format(count=len(lines)), *link]
    if size("\n".join(["…", *end])) > most:
        end = end[:1]  # half a link leads nowhere
    if (room := most - size("\n".join(["", *end]))) < size(head):
        # A reader of many offices has a long one, and is to find the rest all the same.
        return _cut(
            "\n".join([f"{_cut(head, max(room - size('…'), 0), in_bytes=in_bytes)}…", *end]), most, in_bytes=in_bytes
        )
    kept = [head]
    for line in lines:
        if size("\n".join([*kept, line, *end])) > most:
            break
        kept.append(line)
    if kept == [head] and (room := most - size("\n".join([head, "…", *end]))) > 0:
        # What one paper is begins its line: a gateway of short messages has no room for the whole of it.
        kept += [f"{_cut(line, room, in_bytes=in_bytes)}…" for line in lines[:1]]
    return "\n".join([*kept, *end])


def _cut(text: str, most: int, *, in_bytes: bool) -> str:
    return text.encode()[:most].decode(errors="ignore") if in_bytes else text[:most]
