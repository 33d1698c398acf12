"""Delivers digests as files: one folder for each addressee, a letter for people and its data for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from adapters.files.whole_file import alone, described, json_in, keep, safe_name
from adapters.notifications.digest_text import letter
from domain.errors import PhrasedError
from domain.papers.mail import Digest
from domain.papers.wording import Say, as_drafted, language_of
from domain.ports.vault import KeptFile


class DigestTakenError(PhrasedError, rule="one_digest_per_identity"):
    """Another digest already lies in the outbox folder under this identity; the folder was left as it is."""

    says = (
        "汇总件 {digest_id} 已经送达过，内容不同（{place}），不会覆盖："
        "如果数据是从备份恢复的，请先移走旧的发件目录再继续。"
    )
    digest_id: str
    place: Path


class FileNotifier:
    """Files at `<root>/<addressee>/<instant>.txt` and `.json`, the instant being the rest of the digest's identity.

    The JSON is written last and says that the digest is delivered; a delivered digest is never written again, so it
    keeps the instant of its first delivery. `head` answers the line that names the ledger's last head, so that every
    addressee keeps one; `english` says what a letter says whose papers were issued in English.
    """

    def __init__(self, root: Path, head: Callable[[], str] = str, english: Say = as_drafted) -> None:
        self._root = root
        self._head = head
        self._english = english

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        return await asyncio.to_thread(self._deliver, digest, documents, sent_at)

    def _deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        name = digest.digest_id.removeprefix(f"{digest.addressee}/")
        text = self._root / safe_name(digest.addressee) / f"{safe_name(name)}.txt"
        data = text.with_suffix(".json")
        text.parent.mkdir(parents=True, exist_ok=True)
        # One at a time: the letter names the ledger's head, so that two writers would not leave the same bytes.
        with alone(text.parent):
            kept = json_in(data)
            if kept is None:
                self._write(text, digest, documents, sent_at)
                kept = json_in(data)
        papers = [numbered.model_dump(mode="json") for numbered in digest.items]
        if not isinstance(kept, dict) or (kept.get("digest_id"), kept.get("papers")) != (digest.digest_id, papers):
            raise DigestTakenError(digest_id=digest.digest_id, place=text)
        return [described(path, self._root) for path in (text, data)]

    def _write(self, text: Path, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> None:
        content = {
            "digest_id": digest.digest_id,
            "addressee": digest.addressee,
            "sent_at": sent_at.isoformat(),
            "papers": [numbered.model_dump(mode="json") for numbered in digest.items],
            "documents": {paper_id: documents[paper_id] for paper_id in sorted(documents)},
        }
        head = self._head()
        say = self._english if language_of(digest.items) == "en" else as_drafted
        keep(text, letter(digest, documents, sent_at, head, say).encode(errors="replace"))
        data = text.with_suffix(".json")
        keep(data, json.dumps(content, ensure_ascii=False, indent=2).encode(errors="backslashreplace") + b"\n")
