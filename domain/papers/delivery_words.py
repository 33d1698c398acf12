"""How a message stands and why, in words for whoever has to do something about it; the record keeps short codes."""

from __future__ import annotations

from typing import Final

from domain.clock import office_minute
from domain.papers.delivery import Delivery, DeliveryState

STATE_WORDS: Final[dict[DeliveryState, str]] = {
    "waiting": "待发",
    "handed_over": "已交出",
    "unanswered": "已交出，无回音",
    "accepted": "对方已收下",
    "delivered": "已送达",
    "read": "已阅",
    "failed_for_now": "暂未成功",
    "failed_for_good": "不能送达",
    "withheld": "未发",
}
_UNKNOWN: Final = "不知道对方收到没有"
_WORDS: Final = {
    "stale": "过期未能送出",
    "reader_gone": "通道文件里已没有这位收件人，请补上 readers",
    "no_address": "通道文件里没有写收件地址，请补上 address",
    "certificate": (
        "对方的证书不可信（过期、不是这台主机的，或签发者不明），什么也没有发出：请核对地址，"
        "由单位自己签发的证书请在通道文件里写明 ca_file"
    ),
    "no_tls": "邮件服务器不支持加密，什么也没有发出：请核对 port 和 security",
    "not_supported": "邮件服务器不支持登录：请核对 port 和 user",
    "url": "地址写得不对：请核对通道文件和 url_file",
    "crash": f"发送时督办程序中断，{_UNKNOWN}",
    "timeout": f"没有按时回答，{_UNKNOWN}",
    "connect:tls": "建立不了加密的连接：请核对地址和端口",
    "connect:timeout": "连不上（超时）：请核对地址、端口和网络",
    "answer:not_json": "回答的不是这种通道的话，可能是代理或登录页：请核对地址",
    "answer:no_code": "回答里没有这种通道的结果码：请核对地址和 kind",
    "smtp:530": "邮件服务器要求先登录：请核对 user 和 password_file",
    "smtp:535": "邮件服务器不认用户名或密码：请核对 user 和 password_file",
    "http:401": "对方不认密钥（HTTP 401）：请核对 secret_file",
    "http:403": "对方不认密钥或来处（HTTP 403）：请核对 secret_file，并请对方放行",
    "http:404": "对方没有这个地址（HTTP 404）：请核对地址",
    "http:429": "发得太快，对方要求稍后再发（HTTP 429）",
}
"""By the whole code."""
_NOW, _GOOD = "4", "5"
_KINDS: Final = {
    "connect": "连不上：请核对地址、端口和网络",
    "cut": f"连接中断，{_UNKNOWN}",
    "fault": "通道出错（{code}）：请管理员看日志（logs/duban.log）",
    "limited": "发得太快，对方要求稍后再发（结果码 {code}）",
    "code": "对方拒收（结果码 {code}）：请核对地址和密钥，结果码的意思见对方的说明",
    "http": "对方拒收（HTTP {code}）：请核对地址",
    "smtp": "邮件服务器拒收（{code}）：请核对地址，或请邮件服务器的管理员查看",
    "bounced": "信被退回（{code}）：请核对地址",
}
"""By what stands before the colon of a code."""
_FOR_NOW: Final = {
    "http": "对方的系统出错（HTTP {code}）",
    "smtp": "邮件服务器暂时不收（{code}）",
}
"""What passes by itself; at SMTP a number that begins with four, at HTTP with five."""


_NEXT_WAY: Final = "随即自动改用这位收件人的下一个通道，没有下一个的只能在督办平台看到，急的请另行通知收件人"
_BY_ITSELF: Final[dict[DeliveryState, str]] = {
    "waiting": "几分钟内自动发出，在收件人免打扰时段里的过后发出",
    "handed_over": "正等对方回答，等不到的几分钟内自动接着处理",
    "unanswered": f"这个通道不再发（可能已经送到），{_NEXT_WAY}",
    "failed_for_now": "由这个通道自动再试",
    "failed_for_good": f"这个通道不再试，{_NEXT_WAY}",
    "withheld": "不再自动发出，在督办平台可见，需要的请另行通知收件人",
}
"""What the program does next by itself."""


def reason_in_words(reason: str) -> str:
    """Why a message is where it is, and what to do where something is to be done; an unknown code as it stands."""
    if reason in _WORDS:
        return _WORDS[reason]
    kind, colon, code = reason.partition(":")
    passes = code.startswith(_GOOD if kind == "http" else _NOW)
    words = _FOR_NOW.get(kind) if passes else None
    words = words or _KINDS.get(kind)
    return words.format(code=code) if words is not None and colon else reason


def why_and_next(delivery: Delivery) -> str:
    """Why a message is where it is, and what the program does next by itself, and when; empty where it has arrived."""
    why = reason_in_words(delivery.reason) if delivery.reason else ""
    return "；".join(filter(None, (why, _goes_on(delivery))))


def _goes_on(delivery: Delivery) -> str:
    if delivery.state == "failed_for_now" and delivery.try_again_at is not None:
        return f"{office_minute(delivery.try_again_at)} 以后由这个通道自动再试"
    return _BY_ITSELF.get(delivery.state, "")


def in_words(delivery: Delivery) -> str:
    """How a message stands, for people."""
    by, more = f"（{delivery.channel}）" if delivery.channel else "", why_and_next(delivery)
    return f"{STATE_WORDS[delivery.state]}{by}" + (f"：{more}" if more else "")
