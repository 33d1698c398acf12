"""The composition root of what seals the engine's contents."""

from __future__ import annotations

from adapters.engine_keys.payload_keys import FolderPayloadKeys
from application.engine_room.sealed_payloads import SealedPayloads
from application.settings import Settings
from entrypoints.bootstrap import engine_now


def payload_keys_of(settings: Settings) -> FolderPayloadKeys:
    """The keys with which what the engine keeps is sealed."""
    return FolderPayloadKeys(settings.payload_keys_file, settings.made_payload_keys_file, engine_now)


def payloads_of(settings: Settings) -> SealedPayloads:
    """What seals and opens what the engine keeps."""
    return SealedPayloads(payload_keys_of(settings), seals=settings.payloads == "sealed")
