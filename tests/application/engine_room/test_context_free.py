"""What lets a workflow's payloads be read and written without a question about what they belong to."""

from __future__ import annotations

from temporalio.converter import CompositePayloadConverter, WithSerializationContext

from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.sealed_payloads import SealedPayloads


def test_nothing_that_reads_or_writes_a_payload_asks_what_it_belongs_to() -> None:
    """Neither our converter's parts, nor the cipher, nor what tells failures, and there is no store but the history."""
    whole = DATA_CONVERTER.payload_converter_class()
    assert isinstance(whole, CompositePayloadConverter)
    parts = list(whole.converters.values())

    assert parts
    assert not [
        each for each in (*parts, DATA_CONVERTER.failure_converter) if isinstance(each, WithSerializationContext)
    ]
    assert not issubclass(SealedPayloads, WithSerializationContext)
    assert DATA_CONVERTER.external_storage is None
