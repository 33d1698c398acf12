"""Why an engine could not be reached, in a sentence: what can be done depends on whether a certificate is at fault."""

from __future__ import annotations

from typing import Final

from domain.errors import EngineUnreachableError

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
)
_HUNG_UP: Final = (("after connection",), "对方挂断了，多半是要求加密", f"请设置 TEMPORAL_TLS=true、{_SERVER_CA} 等")


def unreachable(target: str, error: BaseException, *, over_tls: bool) -> EngineUnreachableError:
    """The sentence about an engine at `target` that could not be reached, over TLS or without."""
    said = repr(error).lower()
    for words, what, todo in _FAULTS if over_tls else (_HUNG_UP,):
        if any(word in said for word in words):
            return EngineUnreachableError(f"引擎 {target} 的连接没有建成：{what}；{todo}。", target=target)
    where = "TEMPORAL_ADDRESS，以及 TEMPORAL_TLS_ 开头的各项设置和证书文件" if over_tls else "TEMPORAL_ADDRESS"
    return EngineUnreachableError(
        f"引擎 {target} 没有应答：请先运行 duban run 或 duban engine up，或检查 {where}。", target=target
    )
