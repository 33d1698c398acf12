"""Long texts in a file: smaller, and as they were for whoever reads them."""

from __future__ import annotations

import hashlib

from adapters.ledger import packing
from adapters.ledger.packing import packed, text_of, unpacked


def test_a_packed_text_comes_back_and_what_is_not_packed_stays() -> None:
    """What an earlier build or the other store wrote is read by the same code; damage is left for its hash to say."""
    text = '{"stage":"assigned","title":"基层组织规范化建设提升行动"}'
    assert unpacked(packed(text)) == text.encode()
    assert len(packed(text * 9)) * 4 < len((text * 9).encode())
    assert (unpacked(text.encode()), text_of(text), text_of(packed(text))) == (text.encode(), text, text)
    torn = packed(text)[:6] + b"\x00" + packed(text)[7:]
    assert unpacked(torn) != text.encode()


def test_what_is_known_beforehand_never_changes() -> None:
    """Whoever changes it makes every ledger unreadable that was written before: what was packed then is read."""
    assert (
        unpacked(bytes.fromhex("68bfc4d603b7abc698f6c19819aa0500ded40c34")) == b'{"light":"green","stage":"assigned"}'
    )
    assert (
        hashlib.sha256(packing._KNOWN).hexdigest() == "3219fc5e2839df51c947ab381ea3c6b7ad690fb8c4612519f1c505b1a3c4f820"
    )
