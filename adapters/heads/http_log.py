"""Another installation's interface, asked for its last signed head."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

import httpx2

from domain.record.heads_of_logs import HeadRefusedError

# At its usual level the library logs every address, which may have a name and a password in it.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

_SECONDS: Final = 30.0
_LARGEST: Final = 65_536


def head_at(log: str, url: str, since: int, token: str | None) -> bytes:
    """The last head of a log with the proof that it extends that of `since` entries, from `…/api/v1/audit/head`.

    Raises:
        HeadRefusedError: it does not answer, or answers something else.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx2.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = client.get(url, params={"since": since}, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise _silent(log, type(error).__name__) from error
    if answer.status_code != HTTPStatus.OK or len(answer.content) > _LARGEST:
        raise _silent(log, f"HTTP {answer.status_code}")
    return answer.content


def _silent(log: str, why: str) -> HeadRefusedError:
    return HeadRefusedError(log=log, detail=f"没有取到它的校验值（{why}）：请核对地址、令牌和网络，之后再收")
