"""What a person reads whose act is not heard for want of an attestation or of his own key, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest

from domain.acts.rejections import ActTooOldError, DoorNotOpenError, OwnKeyMissingError
from domain.errors import BrokenRuleError
from tests.domain.samples import PROJECT, at

AGAIN = "请经督办台、接口或命令行重新办理。"
CLOCK = "请重新办理；仍这样的，请管理员校准督办台、接口或命令行所在机器的时钟。"
KEY = "0123456789abcdef0123"
SIGN_IT = "请在督办台办理并签名。"


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        (
            DoorNotOpenError,
            {"key": KEY, "known": True},
            f"证明这项办理的密钥（本单位命令行、督办台或接口的，0123456789abcdef）已停用：{AGAIN}",
        ),
        (
            DoorNotOpenError,
            {"key": KEY, "known": False},
            f"证明这项办理的密钥（本单位命令行、督办台或接口的，0123456789abcdef）不是台账登记的：{AGAIN}",
        ),
        (
            ActTooOldError,
            {"received_at": at("05-09 10:00").astimezone(UTC), "fault": "old"},
            f"这项办理的证明（收到于 2018-05-09 10:00:00）已过时效：{CLOCK}",
        ),
        (
            ActTooOldError,
            {"received_at": at("05-09 10:00"), "fault": "early"},
            f"这项办理的证明（收到于 2018-05-09 10:00:00）时间在以后：{CLOCK}",
        ),
        (
            OwnKeyMissingError,
            {"held": True, "project_id": PROJECT},
            f"项目 {PROJECT} 的这项办理须用本人的密钥签名（您登记过密钥）：{SIGN_IT}",
        ),
        (
            OwnKeyMissingError,
            {"held": False},
            f"这项办理须用本人的密钥签名（督办规则要求人人如此，请先在督办台“我的密钥”登记）：{SIGN_IT}",
        ),
    ],
)
def test_what_is_wrong_and_what_to_do_is_said(kind: type[Any], fields: dict[str, Any], says: str) -> None:
    """Each fault has its own words, in one sentence that says how to go on."""
    assert str(kind(**fields)) == says


def test_a_refusal_says_once_that_it_refuses() -> None:
    """Shell, histories and records say it before each refusal: no sentence of a rule says it again."""
    told = [text for kind in _rules(BrokenRuleError) for text in _texts(kind)]
    assert len(told) > 100
    assert [text for text in told if "不予办理" in text] == []


def _rules(kind: type[BrokenRuleError]) -> Iterator[type[BrokenRuleError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _rules(each)


def _texts(kind: type[BrokenRuleError]) -> Iterator[str]:
    yield getattr(kind, "says", "")
    yield from (text for text in kind._sentence.__code__.co_consts if isinstance(text, str))
