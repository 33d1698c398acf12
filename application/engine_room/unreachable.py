"""Why an engine could not be reached, or did not do what it was asked, in a sentence that says what can be done.

What the engine's library says of it is for the log: whoever reads the sentence runs an office, not a network.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import EngineUnreachableError

Answer = TypeVar("Answer")
_SERVER_CA, _SERVER_NAME = "TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_NAME"
_OWN, _OWN_KEY = "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH"
_FAULTS: Final = (
    # What the engine's library says, in small letters; what that means; what to do.
    (("expired",), "证书已过期", f"请换上有效的证书（服务器的，或 {_OWN}）"),
    (("notvalidfor", "not valid for"), "服务器的证书不是发给这个名字的", f"请核对 {_SERVER_NAME}"),
    (("unknownissuer", "unknownca"), "证书不是所信任的机构签发的", f"请核对 {_SERVER_CA} 和 {_OWN}"),
    # A server tells only after the connection stands, or by hanging up, what it has against our own certificate.
    (
        ("after connection",),
        "对方挂断了：本机没有出示证书，或出示的证书不为它所信任、已经过期",
        f"请核对 {_OWN} 和 {_OWN_KEY}",
    ),
    (
        ("shard status unknown", "failed. error"),
        "引擎在运行，而它自己的数据库读写不了",
        "请看引擎的数据库和它的磁盘（没有运行、满了、只读），恢复后自动继续",
    ),
)
_STATES: Final = {
    RPCStatusCode.UNAVAILABLE: (
        "引擎连不上",
        "请看引擎是否在运行（本机的用 duban run 或 duban engine up），网络是否通，过一会儿再试",
    ),
    RPCStatusCode.DEADLINE_EXCEEDED: ("引擎没有及时答复", "请过一会儿再试；仍不行请看引擎的负荷和网络"),
    RPCStatusCode.RESOURCE_EXHAUSTED: ("引擎太忙，没有收下", "请过一会儿再试；常常如此请看引擎的限额"),
    RPCStatusCode.PERMISSION_DENIED: (
        "引擎不让本机做这件事",
        f"请核对 {_OWN} 和 DUBAN_ENGINE_TOKEN_FILE（引擎发给本机的令牌）",
    ),
}
_LIKE: Final = {
    RPCStatusCode.CANCELLED: RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.ABORTED: RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.UNAUTHENTICATED: RPCStatusCode.PERMISSION_DENIED,
}
_OTHERWISE: Final = ("引擎没有接受这个请求", "请用 duban doctor 检查，并把日志里 engine_call_failed 一行交给维护人员")
_TIME_IS_UP: Final = "timeout expired"
"""No certificate has ended where the library says this."""
_HUNG_UP: Final = (("after connection",), "对方挂断了，多半是要求加密", f"请设置 TEMPORAL_TLS=true、{_SERVER_CA} 等")


def unreachable(target: str, error: BaseException, *, over_tls: bool) -> EngineUnreachableError:
    """The sentence about an engine at `target` that could not be reached, over TLS or without."""
    if _TIME_IS_UP in repr(error).lower():
        # A server that is frozen, or its machine: it has not hung up.
        text = f"引擎 {target} 接受了连接而没有答复：请看引擎是否停住、负荷是否过高，过一会儿再试。"
        return EngineUnreachableError(text, target=target)
    fault = _fault_in(repr(error), _FAULTS if over_tls else (_HUNG_UP,))
    if fault is not None:
        what, todo = fault
        return EngineUnreachableError(f"引擎 {target} 的连接没有建成：{what}；{todo}。", target=target)
    where = "TEMPORAL_ADDRESS，以及 TEMPORAL_TLS_ 开头的各项设置和证书文件" if over_tls else "TEMPORAL_ADDRESS"
    return EngineUnreachableError(
        f"引擎 {target} 没有应答：请管理员先运行 duban run 或 duban engine up，或检查 {where}。", target=target
    )


def not_done(client: Client, error: RPCError, what: str) -> EngineUnreachableError:
    """The sentence about something that the engine behind a client did not do: `what`, where, why, and what to do."""
    from application.log_lines import log_lines  # noqa: PLC0415 - only what fails waits for it

    target = client.service_client.config.target_host
    log_lines("duban.engine").warning("engine_call_failed", target=target, status=error.status.name, said=error.message)
    why, todo = _why(error, client.namespace)
    return EngineUnreachableError(f"{what}；{why}（{target}）；{todo}。", target=target)


async def answered(client: Client, call: Awaitable[Answer], undone: str) -> Answer:
    """What the engine answers to a call.

    Raises:
        EngineUnreachableError: it did not do it: `undone` says what.
    """
    try:
        return await call
    except RPCError as error:
        raise not_done(client, error, undone) from error


async def answered_if_there(client: Client, call: Awaitable[Answer], undone: str) -> Answer | None:
    """The same, or none where the engine does not have what the call is about."""
    try:
        return await call
    except RPCError as error:
        if is_not_there(error):
            return None
        raise not_done(client, error, undone) from error


def is_not_there(error: RPCError) -> bool:
    """Whether the engine does not have what was asked for; one that lacks our whole namespace cannot know."""
    return error.status is RPCStatusCode.NOT_FOUND and not _lacks_the_namespace(error)


def _why(error: RPCError, namespace: str) -> tuple[str, str]:
    if _lacks_the_namespace(error):
        # An engine whose own store is slow says so of one that it has.
        todo = "引擎很慢时也会这样答，请过一会儿再试；仍不行请核对 TEMPORAL_NAMESPACE，或请管理员在引擎里建立它"
        return f"引擎里没有命名空间 {namespace}", todo
    fault = _fault_in(error.message, _FAULTS)
    return fault or _STATES.get(_LIKE.get(error.status, error.status), _OTHERWISE)


def _fault_in(said: str, faults: Sequence[tuple[Sequence[str], str, str]]) -> tuple[str, str] | None:
    said = said.lower().replace(_TIME_IS_UP, "")
    return next(((what, todo) for words, what, todo in faults if any(word in said for word in words)), None)


def _lacks_the_namespace(error: RPCError) -> bool:
    return error.status is RPCStatusCode.NOT_FOUND and error.message.lower().startswith("namespace ")
