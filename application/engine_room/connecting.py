"""How every process meets the engine: one data converter, and the engine library's own lines through our log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

from temporalio.client import Client, Interceptor, WorkflowHistory
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import TLSConfig

from application.engine_room.sealed_payloads import SealedPayloads, StillSealed
from application.log_lines import ENGINE_LIBRARY
from domain.errors import EngineUnreachableError


class _SharedPayloadConverter(PydanticPayloadConverter):
    """The one payload converter of a process.

    The engine's library makes a converter for every workflow and one more for every task, each with a memory of its
    own of how a type is read, empty at first. Ours holds nothing of a workflow, so one does for all.
    """

    _only: ClassVar[Self | None] = None

    def __new__(cls) -> Self:
        if cls._only is None:
            cls._only = super().__new__(cls)
            PydanticPayloadConverter.__init__(cls._only)
            sealed = StillSealed()
            cls._only.converters = {**cls._only.converters, sealed.encoding.encode(): sealed}
        return cls._only

    def __init__(self) -> None:
        """Made ready once, in `__new__`."""


DATA_CONVERTER = DataConverter(payload_converter_class=_SharedPayloadConverter)


def engine_log_forwarding(log_level: str = "warning") -> LoggingConfig:
    """How the engine library's own core, which is not Python, hands its lines over to be shown like all others."""
    core = {"debug": "DEBUG", "info": "INFO", "warning": "WARN", "error": "ERROR"}[log_level]
    return LoggingConfig(
        filter=TelemetryFilter(core_level=core, other_level="ERROR"),
        forwarding=LogForwardingConfig(
            logger=logging.getLogger(ENGINE_LIBRARY), append_target_to_name=False, prepend_target_on_message=False
        ),
    )


@cache
def speak_through_our_log(log_level: str) -> None:
    """Let the engine library's core speak through our log: left alone it writes to standard output, where answers go.

    Once for a process, before its first connection.
    """
    Runtime.set_default(
        Runtime(telemetry=TelemetryConfig(logging=engine_log_forwarding(log_level))), error_if_already_set=False
    )


def runtime_with_metrics(address: str | None) -> Runtime | None:
    """The engine library's runtime with its metrics served on `address` for Prometheus, or none for the default."""
    if address is None:
        return None
    logging = engine_log_forwarding("warning")
    return Runtime(telemetry=TelemetryConfig(logging=logging, metrics=PrometheusConfig(bind_address=address)))


async def connect(
    target: str,
    *,
    payloads: SealedPayloads | None = None,
    runtime: Runtime | None = None,
    interceptors: Sequence[Interceptor] = (),
    **config: Any,
) -> Client:
    """A client of the engine, which sees what it keeps sealed by `payloads`, or in clear without; `config` is
    Temporal's standard connection configuration."""
    converter = DATA_CONVERTER if payloads is None else payloads.converter(DATA_CONVERTER)
    return await Client.connect(
        target, data_converter=converter, runtime=runtime, interceptors=list(interceptors), **config
    )


def in_clear(client: Client, history: WorkflowHistory) -> WorkflowHistory:
    """A history that a client fetched, as it would be had nothing been sealed."""
    codec = client.data_converter.payload_codec
    return codec.in_clear(history) if isinstance(codec, SealedPayloads) else history


@dataclass(frozen=True, slots=True)
class Standard:
    """Temporal's standard connection configuration, as the environment and the profile file give it."""

    target: str
    config: dict[str, Any]

    @property
    def certificates(self) -> dict[str, bytes | None]:
        """The certificates by which the engine is known and by which it knows us, by the variables that name them."""
        tls = self.config.get("tls")
        if not isinstance(tls, TLSConfig):
            return {}
        return {
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": tls.server_root_ca_cert,
            "TEMPORAL_TLS_CLIENT_CERT_PATH": tls.client_cert,
        }


def standard_configuration() -> Standard | None:
    """What TEMPORAL_* and the profile file say, or none when they name no address.

    Raises:
        EngineUnreachableError: the profile file cannot be read.
    """
    try:
        config = dict(ClientConfig.load_client_connect_config())
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineUnreachableError(
            f"Temporal 的连接配置读不出来（{error}）：请核对 TEMPORAL_ 开头的设置和配置文件。"
        ) from error
    target = config.pop("target_host", None)
    return Standard(str(target), config) if target else None
