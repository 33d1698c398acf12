"""The other sides of the chats and of the webhook, as they check what comes: after their manuals, not our code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from tests.other_sides.http_server import Reply, Request

DING_SECRET, FEISHU_SECRET, HOOK_SECRET = "SEC-ding", "fei-secret", "hook-secret"


def wecom(request: Request) -> Reply:
    """WeCom: the key must be known; the answer is always 200."""
    if request.query.get("key") != ["right"]:
        return Reply(content={"errcode": 93000, "errmsg": "invalid webhook url"})
    if request.json["msgtype"] != "text" or len(request.json["text"]["content"].encode()) > 2_048:
        return Reply(content={"errcode": 40058, "errmsg": "content too long"})
    return Reply(content={"errcode": 0, "errmsg": "ok"})


def dingtalk(request: Request) -> Reply:
    """DingTalk: `timestamp` and `sign` of the address must belong together."""
    stamp, sign = request.query["timestamp"][0], request.query["sign"][0]
    made = hmac.new(DING_SECRET.encode(), f"{stamp}\n{DING_SECRET}".encode(), hashlib.sha256).digest()
    if base64.b64encode(made).decode() != sign:
        return Reply(content={"errcode": 310000, "errmsg": "sign not match"})
    return Reply(content={"errcode": 0, "errmsg": "ok"})


def feishu(request: Request) -> Reply:
    """Feishu: `timestamp` and `sign` of the body must belong together."""
    told: dict[str, Any] = request.json
    made = hmac.new(f"{told['timestamp']}\n{FEISHU_SECRET}".encode(), b"", hashlib.sha256).digest()
    if base64.b64encode(made).decode() != told["sign"]:
        return Reply(content={"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
    return Reply(content={"code": 0, "msg": "success", "data": {}})


def webhook(request: Request) -> Reply:
    """A program that checks a signed message by the specification."""
    head = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
    made = hmac.new(HOOK_SECRET.encode(), head + request.body, hashlib.sha256).digest()
    if request.headers["webhook-signature"] != f"v1,{base64.b64encode(made).decode()}":
        return Reply(status=401, content={"error": "signature"})
    return Reply(content={"delivered": True, "reference": "g-1"})
