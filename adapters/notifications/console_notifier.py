"""Shows each digest that goes out as a short block on a stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TextIO

from adapters.notifications.digest_text import by_kind, heading
from domain.clock import office_minute
from domain.papers.mail import Digest
from domain.papers.paper import PAPER_TITLES
from domain.papers.wording import Say, as_drafted, language_of
from domain.ports.vault import KeptFile

_SHOWN_NUMBERS = 4


class ConsoleNotifier:
    """Shows a digest once while the process lives, in the words of who looks; it is a window onto the mail, never the
    delivery itself, so a stream that is gone holds nothing up."""

    def __init__(self, stream: TextIO, in_words: Say = as_drafted) -> None:
        self._stream = stream
        self._in_words = in_words
        self._shown: set[str] = set()

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> tuple[KeptFile, ...]:
        """Print who gets what: a line for the digest and one for each kind."""
        del documents
        if digest.digest_id in self._shown:
            return ()
        block = self._in_words(_block(digest, sent_at, self._in_words))
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            self._stream.write(block.encode(encoding, errors="replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):
            # The terminal was closed or the pipe has no reader any more.
            return ()
        self._shown.add(digest.digest_id)
        return ()


def _block(digest: Digest, sent_at: datetime, say: Say) -> str:
    to = say(digest.addressee)
    lines = [f"{office_minute(sent_at)}  → {to}：{len(digest.items)}件"]
    for kind, items in by_kind(digest):
        joint = ", " if language_of(items) == "en" else "、"
        numbers = joint.join(heading(numbered, digest.addressee, say) for numbered in items[:_SHOWN_NUMBERS])
        more = f"等{len(items)}件" if len(items) > _SHOWN_NUMBERS else ""
        lines.append(f"    {PAPER_TITLES[kind]}  {numbers}{more}")
    return "\n".join(lines) + "\n"
