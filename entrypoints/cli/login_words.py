"""What people call a way of signing in, and a door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.acts.attestation import DoorKind
from domain.directory.signed_in import LoginMethod

LOGIN_WORDS: Final[Mapping[LoginMethod, str]] = {
    "password": "密码",
    "passkey": "通行密钥",
    "oidc": "统一身份认证",
    "link": "一次性链接",
    "token": "令牌",
    "local-os-user": "本机用户",
}
DOOR_WORDS: Final[Mapping[DoorKind, str]] = {"shell": "命令行", "desk": "督办台", "api": "接口"}
