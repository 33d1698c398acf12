"""The engine's namespace: search attributes that the lists filter by, and histories that are kept for ten years."""

from __future__ import annotations

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.unreachable import not_done

RETENTION = timedelta(days=3_653)
"""Ten years: retention is frozen when a run closes, so it is set before anything starts."""


async def prepare_namespace(client: Client) -> timedelta:
    """Register the search attributes and raise the retention to ten years; answer the retention that holds.

    Raises:
        EngineUnreachableError: the namespace is not there or may not be changed by us.
    """
    namespace = client.namespace
    try:
        await _register_search_attributes(client)
        service = client.workflow_service
        described = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        kept = described.config.workflow_execution_retention_ttl.ToTimedelta()
        if kept >= RETENTION:
            return kept
        request = UpdateNamespaceRequest(namespace=namespace)
        ttl = Duration()
        ttl.FromTimedelta(RETENTION)
        request.config.workflow_execution_retention_ttl.CopyFrom(ttl)
        await service.update_namespace(request)
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            return RETENTION  # the time-skipping server keeps everything while it runs
        raise not_done(client, error, f"命名空间 {namespace} 不能准备好（检索属性和十年保留期）") from error
    return RETENTION


async def retention_of(client: Client) -> timedelta:
    """How long the engine keeps a run after it closed.

    Raises:
        EngineUnreachableError: the namespace is not there.
    """
    namespace = client.namespace
    try:
        described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            return RETENTION
        raise not_done(client, error, f"命名空间 {namespace} 问不到") from error
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


async def _register_search_attributes(client: Client) -> None:
    from workflows.search_attributes import ALL_KEYS

    operator, namespace = client.operator_service, client.namespace
    try:
        present = await operator.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        known = set(present.custom_attributes)
    except RPCError as error:
        if error.status is not RPCStatusCode.UNIMPLEMENTED:
            raise
        known = set()
    missing = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type.value) for key in ALL_KEYS if key.name not in known
    }
    if missing:
        request = AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
        await operator.add_search_attributes(request)
