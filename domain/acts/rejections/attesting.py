"""What an act needs before it is heard: an attestation by a door of this office, and a person who may give it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.errors import RejectedError
from domain.ids import ProjectId

__all__ = [
    "ActForgedError",
    "ActNotAttestedError",
    "ActOfAnotherError",
    "ActTooOldError",
    "DoorNotOpenError",
    "NotInHisRightError",
    "NotThisPersonError",
    "OwnKeyForgedError",
    "OwnKeyMissingError",
    "OwnKeyOtherwiseError",
]
_AGAIN = "请经督办台、接口或 duban 命令重新办理"


class ActNotAttestedError(RejectedError):
    """An act comes through a door of the office, which attests who gives it."""

    rule = "act_is_attested"

    def __init__(self, *, detail: str) -> None:
        super().__init__(f"这项办理没有证明是谁办的（{detail}），不予办理：{_AGAIN}。", detail=detail)


class DoorNotOpenError(RejectedError):
    """An attestation is signed by a door that is open in this ledger."""

    rule = "door_is_open"

    def __init__(self, *, key: str, known: bool) -> None:
        what = "的钥匙已停用" if known else "不是本单位台账登记的入口"
        super().__init__(f"为这项办理作证的入口（钥匙 {key[:16]}）{what}，不予办理：{_AGAIN}。", key=key)


class ActForgedError(RejectedError):
    """The door's signature is over the attestation as it is."""

    rule = "attestation_is_signed"

    def __init__(self, *, key: str) -> None:
        super().__init__(f"这项办理的证明与入口（钥匙 {key[:16]}）的签名不符，被改动过，不予办理：{_AGAIN}。", key=key)


class ActOfAnotherError(RejectedError):
    """An attestation is about this very act: this project, this command, this request."""

    rule = "attestation_is_of_this_act"

    def __init__(self, *, project_id: ProjectId, act: str) -> None:
        text = f"所附的证明是另一项办理的（{act}），不是项目 {project_id} 的这一项，不予办理：{_AGAIN}。"
        super().__init__(text, project_id=project_id, act=act)


class ActTooOldError(RejectedError):
    """An act is heard soon after its door received it."""

    rule = "attestation_is_fresh"

    def __init__(self, *, received_at: datetime, fault: Literal["old", "early"]) -> None:
        what = "已过时效" if fault == "old" else "时间在以后，请核对本机时钟"
        text = f"这项办理的证明（收到于 {received_at:%Y-%m-%d %H:%M:%S %z}）{what}，不予办理：{_AGAIN}。"
        super().__init__(text, received_at=received_at.isoformat())


class NotInHisRightError(RejectedError):
    """Who is signed in acts for himself, and for what he is in the directory on that day."""

    rule = "account_has_the_right"

    def __init__(self, *, account: str, by: str, why: str) -> None:
        super().__init__(f"账号 {account} 不能以“{by}”的名义办理：{why}。", account=account, by=by)


class NotThisPersonError(RejectedError):
    """The numbers of the persons whom an act names are those of the directory."""

    rule = "persons_are_of_the_directory"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(f"办理中所写的人员编号与名册不符，不予办理：{_AGAIN}。", project_id=project_id)


class OwnKeyForgedError(RejectedError):
    """A proof of an own key is its person's, of this very act, by a key that counts."""

    rule = "own_key_has_signed"

    def __init__(self, *, key: str, why: str) -> None:
        super().__init__(f"所附的本人密钥（{key[:16]}）签名不能用：{why}，不予办理：{_AGAIN}。", key=key)


class OwnKeyOtherwiseError(RejectedError):
    """What an act says of its person's own key is so."""

    rule = "own_key_is_told"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(f"办理中所写的本人密钥情况与台账不符，不予办理：{_AGAIN}。", project_id=project_id)


class OwnKeyMissingError(RejectedError):
    """An act for which the policy asks the person's own key bears its signature."""

    rule = "own_key_signs_what_weighs"

    def __init__(self, *, project_id: ProjectId, held: bool) -> None:
        how = "您登记过密钥" if held else "督办规则要求人人如此，请先在督办台“我的密钥”登记"
        super().__init__(
            f"项目 {project_id} 的这项办理须用本人的密钥签名（{how}），不予办理：请在督办台办理并签名。",
            project_id=project_id,
        )
