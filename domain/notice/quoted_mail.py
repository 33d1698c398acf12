"""An older mail that is quoted below a newer one: its list was replaced, and is left out of the notice."""

from __future__ import annotations

import re
from dataclasses import replace

from domain.notice.document import LeftOut, NoticeDocument, Paragraph, Table
from domain.notice.folding import fold
from domain.notice.item_numbers import item_level
from domain.notice.patterns import regex

_QUOTES = regex(
    r"[-_—=*\s]*(?:(?:以下[是为]?)?原始?邮件|(?:original|forwarded) message|begin forwarded message:?)[-_—=*\s]*"
    r"|(?:在|于)?\s*20\d\d[^。;]{4,60}(?:写道|写到):|on .{6,90} wrote:",
    re.IGNORECASE,
)
_SENDER = regex(r"(?:发件人|from)\s*:", re.IGNORECASE)


def without_quoted_mail(document: NoticeDocument) -> NoticeDocument:
    """The notice without the mail that it quotes below its own items; one whose only items are quoted keeps them."""
    listed, senders = False, 0
    kept: list[Paragraph | Table] = []
    for at, block in enumerate(document.blocks):
        text = fold(block.text).strip() if isinstance(block, Paragraph) else ""
        sender = _SENDER.match(text) is not None
        quotes = _QUOTES.fullmatch(text) is not None
        if quotes or (listed and sender and senders):
            quoted = document.blocks[at:] if listed else (block,)
            words = "\n".join(filter(None, NoticeDocument(document.name, quoted).texts()))
            document = replace(document, left_out=(*document.left_out, LeftOut("引用的原邮件", words)))
            if listed:
                break
            continue
        senders += sender
        listed = listed or not isinstance(block, Paragraph) or item_level(block.text) is not None
        kept.append(block)
    return replace(document, blocks=tuple(kept))
