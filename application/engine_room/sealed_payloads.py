"""What the engine keeps, encrypted: each payload is sealed before it leaves this process and opened when it comes back.

The engine stores and shows what it cannot read. What it needs in clear (ids, search attributes, names of messages)
carries nothing of a person (docs/adr/0162).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NoReturn

from google.protobuf.message import DecodeError, Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import WorkflowHistory
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    EncodingPayloadConverter,
    PayloadCodec,
    PayloadConverter,
)
from temporalio.exceptions import ApplicationError

from domain.errors import PhrasedError
from domain.ports.payload_cipher import PayloadCipher, Sealed
from workflows.message_names import NOT_RECORDED_YET

ENCODING: Final = b"binary/encrypted"
_KEY: Final = "encryption-key-id"
_LONGEST_ID: Final = 40


class StillSealedError(PhrasedError, rule="readable_payload"):
    """What the engine keeps is encrypted with a key that is not here, or was changed."""

    says = (
        "引擎中的这段内容是加密的，本机没有能打开它的密钥（{key_id}）：请核对设置 DUBAN_PAYLOADS，"
        "并从备份或督办程序所在的机器恢复密钥文件 keys/payloads.keys。"
    )
    key_id: str


class SealedFailures(DefaultFailureConverterWithEncodedAttributes):
    """Seals what a failure says. One word stays, which a client must read in an answer: the engine passes
    such answers on without what is sealed."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """Convert an exception to what the engine keeps of it."""
        super().to_failure(exception, payload_converter, failure)
        if isinstance(exception, ApplicationError) and exception.type == NOT_RECORDED_YET:
            failure.message = NOT_RECORDED_YET


class StillSealed(EncodingPayloadConverter):
    """Says of what could not be opened why it cannot be read."""

    @property
    def encoding(self) -> str:
        """The encoding of what is sealed."""
        return ENCODING.decode()

    def to_payload(self, value: Any) -> None:
        """Nothing is made so: sealing is the codec's."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> NoReturn:
        """Refuse to read.

        Raises:
            StillSealedError: always.
        """
        del type_hint
        key_id = payload.metadata.get(_KEY, b"").decode("utf-8", "replace")[:_LONGEST_ID]
        raise StillSealedError(key_id=key_id)


class SealedPayloads(PayloadCodec):
    """Seals and opens payloads.

    What is not sealed passes as it is: histories from before, and systems that send signals without a key. What is
    sealed and cannot be opened passes too, and is refused where it is read: no stranger's bytes stop a supervision.
    """

    def __init__(self, cipher: PayloadCipher, *, seals: bool = True) -> None:
        self._cipher, self._seals = cipher, seals

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload, its kind and all; where nothing is sealed any more, they stay as they are."""
        return [self._sealed(each) for each in payloads] if self._seals else list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each payload that is sealed."""
        return [self.opened(each) for each in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        sealed = self._cipher.seal(payload.SerializeToString(deterministic=True))
        return Payload(metadata={"encoding": ENCODING, _KEY: sealed.key_id.encode()}, data=sealed.data)

    def opened(self, payload: Payload) -> Payload:
        """A payload as it was before it was sealed, or itself."""
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get(_KEY, b"").decode("utf-8", "replace")
        found = self._cipher.open(Sealed(key_id, payload.data))
        try:
            return payload if found is None else Payload.FromString(found)
        except DecodeError:
            return payload

    def converter(self, plain: DataConverter) -> DataConverter:
        """A data converter that seals: the texts of failures too, which would otherwise stand in clear."""
        if not self._seals:
            return replace(plain, payload_codec=self)
        return replace(plain, payload_codec=self, failure_converter_class=SealedFailures)

    def in_clear(self, history: WorkflowHistory) -> WorkflowHistory:
        """A history as it would be had nothing been sealed: as it is kept, replayed and read by an auditor."""
        events = [type(event).FromString(event.SerializeToString()) for event in history.events]
        for event in events:
            for message in _messages_in(event):
                if isinstance(message, Payload):
                    message.CopyFrom(self.opened(message))
                elif isinstance(message, Failure) and message.HasField("encoded_attributes"):
                    self._say_in_clear(message)
        return WorkflowHistory(history.workflow_id, events)

    def _say_in_clear(self, failure: Failure) -> None:
        try:
            said = json.loads(self.opened(failure.encoded_attributes).data)
            failure.message, failure.stack_trace = said["message"], said["stack_trace"]
        except (ValueError, KeyError, TypeError):
            return
        failure.ClearField("encoded_attributes")


def _messages_in(message: Message) -> Iterator[Message]:
    """Every message inside a message, the outer ones first."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for each in value.values():
                    yield from _with_inner(each)
        elif isinstance(value, Message):
            yield from _with_inner(value)
        else:
            for each in value:
                yield from _with_inner(each)


def _with_inner(message: Any) -> Iterator[Message]:
    yield message
    yield from _messages_in(message)
