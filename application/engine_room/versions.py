"""The builds of the code that the engine knows: which one is current, and which one is waited for in vain."""

from __future__ import annotations

import asyncio
import time

from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentRequest, SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from application.engine_room.build import DEPLOYMENT
from application.engine_room.pollers import pollers_of
from application.engine_room.unreachable import answered, is_not_there, not_done
from domain.errors import InputError
from domain.frozen import Frozen

_KNOWN_WITHIN_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.5
_NOT_ASKED = "没有问到各版本的督办程序"


class BuildUnknownError(InputError, rule="build_polls"):
    """No worker of a build has come to the engine."""


class Build(Frozen):
    """A build that the engine knows: how many projects and mailboxes are pinned to it, and whether a worker of it is
    there."""

    build_id: str
    current: bool
    pinned: int
    workers: int

    @property
    def waited_for_in_vain(self) -> bool:
        """Whether something is pinned to it and nobody works."""
        return self.pinned > 0 and self.workers == 0


async def current_build(client: Client) -> str | None:
    """The build that new runs go to, or none while no versioned worker has ever come.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    found = await _deployment(client)
    return found.routing_config.current_deployment_version.build_id or None if found is not None else None


async def make_current(client: Client, build_id: str) -> None:
    """Let new runs go to a build, and pinned ones at their next decision; waits a little until its worker has come.

    Raises:
        BuildUnknownError: no worker of that build has come.
        EngineUnreachableError: the engine does not answer.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build_id, identity="duban"
    )
    deadline = time.monotonic() + _KNOWN_WITHIN_SECONDS
    while True:
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
        except RPCError as error:
            if not is_not_there(error) and error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise not_done(client, error, _NOT_ASKED) from error
            if time.monotonic() > deadline:
                raise BuildUnknownError(
                    f"没有启用：版本 {build_id} 还没有督办程序在运行。"
                    "请管理员先启动这个版本的督办程序（环境变量 DUBAN_VERSIONS=pin），再启用。"
                ) from error
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return


async def first_becomes_current(client: Client, build_id: str) -> None:
    """Where no build is current yet, make this one so: a first start needs no operator."""
    if await current_build(client) is None:
        await make_current(client, build_id)


async def builds(client: Client, task_queue: str) -> list[Build]:
    """Every build that the engine knows, the newest first; none where nothing was ever pinned.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    found = await _deployment(client)
    if found is None:
        return []
    polling = await _polling(client, task_queue)
    current = found.routing_config.current_deployment_version.build_id
    known = sorted(found.version_summaries, key=lambda each: each.create_time.ToNanoseconds(), reverse=True)
    return [
        Build(
            build_id=each.deployment_version.build_id,
            current=each.deployment_version.build_id == current,
            pinned=await _pinned(client, each.deployment_version.build_id),
            workers=polling.count(each.deployment_version.build_id),
        )
        for each in known
    ]


async def _deployment(client: Client) -> WorkerDeploymentInfo | None:
    """What the engine knows of the builds; none while no versioned worker has come, or where it has no builds."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        described = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as error:
        if is_not_there(error) or error.status is RPCStatusCode.UNIMPLEMENTED:
            return None
        raise not_done(client, error, _NOT_ASKED) from error
    return described.worker_deployment_info


async def _polling(client: Client, task_queue: str) -> list[str]:
    there = (await pollers_of(client, task_queue, _NOT_ASKED)).lately()
    return list({poller.identity: poller.deployment_options.build_id for poller in there}.values())


async def _pinned(client: Client, build_id: str) -> int:
    query = (
        "ExecutionStatus='Running' AND TemporalWorkflowVersioningBehavior='Pinned'"
        f" AND TemporalWorkerDeploymentVersion='{DEPLOYMENT}:{build_id}'"
    )
    return (await answered(client, client.count_workflows(query), _NOT_ASKED)).count
