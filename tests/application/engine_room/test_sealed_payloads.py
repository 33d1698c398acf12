"""What the engine is given when it may read nothing, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, SearchAttributes
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.exceptions import ApplicationError

from adapters.engine_keys.payload_keys import FolderPayloadKeys
from application.audit.kept_histories import history_bytes, history_from
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.sealed_payloads import ENCODING, SealedPayloads, StillSealedError
from tests.architecture.tree import ROOT

GOLDEN = sorted((ROOT / "tests" / "replay" / "histories").glob("*/run-01.pb"))
TEXT = "经初审符合条件"


def codec_in(folder: Path, *, seals: bool = True) -> SealedPayloads:
    """The codec of a folder's keys."""
    now = datetime(2026, 5, 4, tzinfo=UTC)
    keys = FolderPayloadKeys(folder / "payloads.keys", folder / "payload-keys.json", lambda: now)
    return SealedPayloads(keys, seals=seals)


@pytest.fixture
def codec(tmp_path: Path) -> SealedPayloads:
    """A codec with keys of its own."""
    return codec_in(tmp_path)


def payloads_in(message: Any) -> Iterator[Payload]:
    """The payloads that the engine's library hands to a codec: all but the search attributes."""
    for field, value in message.ListFields():
        inner = value.values() if isinstance(getattr(value, "keys", None), object) and hasattr(value, "keys") else value
        for each in [inner] if isinstance(inner, Message) else inner if field.message_type else ():
            if isinstance(each, Payload):
                yield each
            elif isinstance(each, Message) and not isinstance(each, SearchAttributes):
                yield from payloads_in(each)


@pytest.mark.parametrize("kept", [path.read_bytes() for path in GOLDEN], ids=[path.parent.name for path in GOLDEN])
async def test_a_sealed_history_comes_back_byte_for_byte(codec: SealedPayloads, kept: bytes) -> None:
    """What is kept, hashed and replayed is what it would be had nothing been sealed; sealed, no text is in it."""
    sealed = History.FromString(kept)
    in_clear = []
    for event in sealed.events:
        for payload in payloads_in(event):
            in_clear.append(payload.data)
            payload.CopyFrom((await codec.encode([payload]))[0])
    # Long enough that sealed bytes cannot be the same by chance: three bytes of one character were, once.
    texts = [data for data in in_clear if len(data) >= 16]
    assert len(texts) > 10
    assert all(data in kept for data in texts)
    written = sealed.SerializeToString()
    assert not [data for data in texts if data in written]
    history = WorkflowHistory("key-project/2018/05a", list(sealed.events))
    assert history_bytes(codec.in_clear(history)) == history_bytes(history_from("key-project/2018/05a", kept))


async def test_values_and_the_texts_of_failures_are_sealed(codec: SealedPayloads) -> None:
    """A converter that seals gives the engine nothing to read, and takes back what it gave."""
    converter = codec.converter(DATA_CONVERTER)
    (sealed,) = await converter.encode([{"text": TEXT}])
    assert sealed.metadata["encoding"] == ENCODING
    assert TEXT.encode() not in sealed.SerializeToString()
    assert await converter.decode([sealed], [dict]) == [{"text": TEXT}]
    failure = Failure()
    await converter.encode_failure(ApplicationError(TEXT, TEXT, type="rule"), failure)
    assert TEXT.encode() not in failure.SerializeToString()
    back = await converter.decode_failure(failure)
    assert isinstance(back, ApplicationError)
    assert (back.message, back.details) == (TEXT, (TEXT,))


async def test_a_failure_in_a_history_says_in_clear_what_it_said(codec: SealedPayloads) -> None:
    """A person who looks for the cause of a stuck project finds the sentence."""
    history = History()
    failed = history.events.add().workflow_task_failed_event_attributes
    await codec.converter(DATA_CONVERTER).encode_failure(ApplicationError(TEXT), failed.failure)
    clear = codec.in_clear(WorkflowHistory("x", list(history.events)))
    assert clear.events[0].workflow_task_failed_event_attributes.failure.message == TEXT


async def test_what_was_never_sealed_and_what_is_sealed_no_more_stay_readable(tmp_path: Path) -> None:
    """The setting may change either way while projects run."""
    sealing, plain = codec_in(tmp_path), codec_in(tmp_path, seals=False)
    (before,) = await DATA_CONVERTER.encode([TEXT])
    assert await sealing.converter(DATA_CONVERTER).decode([before], [str]) == [TEXT]
    (sealed,) = await sealing.encode([before])
    without = plain.converter(DATA_CONVERTER)
    assert await without.decode([sealed], [str]) == [TEXT]
    assert await without.encode([TEXT]) == [before]


@pytest.mark.parametrize("strange", ["another's key", "no key", "no bytes", "no payload inside"])
async def test_what_cannot_be_opened_stops_nothing_and_says_why_when_it_is_read(
    codec: SealedPayloads, tmp_path: Path, strange: str
) -> None:
    """A stranger may send bytes that look sealed: a task that cannot be decoded would stop a project for good."""
    (other,) = await codec_in(tmp_path / "elsewhere").encode([Payload(data=b"x")])
    sealed = codec._cipher.seal(b"\xff\xff\xff")
    sent = {
        "another's key": other,
        "no key": Payload(metadata={"encoding": ENCODING}, data=b"x" * 40),
        "no bytes": Payload(metadata={"encoding": ENCODING, "encryption-key-id": b"\xff"}),
        "no payload inside": Payload(
            metadata={"encoding": ENCODING, "encryption-key-id": sealed.key_id.encode()}, data=sealed.data
        ),
    }[strange]
    assert await codec.decode([sent]) == [sent]
    with pytest.raises(StillSealedError, match=r"payloads\.keys"):
        await codec.converter(DATA_CONVERTER).decode([sent], [str])
