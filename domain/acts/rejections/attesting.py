"""What an act needs before it is heard: an attestation by a door of this office, and a person who may give it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.clock import OFFICE_TIME
from domain.errors import BrokenRuleError
from domain.ids import ProjectId

_AGAIN = "请经督办台、接口或命令行重新办理。"
"""No sentence here says by itself that it refuses: each place that tells one says so before it."""


class ActNotAttestedError(BrokenRuleError, rule="act_is_attested"):
    """An act comes through a door of the office, which attests who gives it."""

    says = "这项办理没有证明是谁办的（{detail}）：" + _AGAIN
    detail: str


class DoorNotOpenError(BrokenRuleError, rule="door_is_open"):
    """An attestation is signed by a door that is open in this ledger."""

    key: str
    known: bool

    def _sentence(self) -> str:
        what = "已停用" if self.known else "不是台账登记的"
        return f"证明这项办理的密钥（本单位命令行、督办台或接口的，{self.key[:16]}）{what}：{_AGAIN}"


class ActForgedError(BrokenRuleError, rule="attestation_is_signed"):
    """The door's signature is over the attestation as it is."""

    says = "这项办理的证明与受理端（密钥 {key:.16}）的签名不符，被改动过：" + _AGAIN
    key: str


class ActOfAnotherError(BrokenRuleError, rule="attestation_is_of_this_act"):
    """An attestation is about this very act: this project, this command, this request."""

    says = "所附的证明是另一项办理的（{act}），不是项目 {project_id} 的这一项：" + _AGAIN
    project_id: ProjectId
    act: str


class ActTooOldError(BrokenRuleError, rule="attestation_is_fresh"):
    """An act is heard soon after its door received it."""

    received_at: datetime
    fault: Literal["old", "early"]

    def _sentence(self) -> str:
        received = f"{self.received_at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M:%S}"
        fault = "已过时效" if self.fault == "old" else "时间在以后"
        return (
            f"这项办理的证明（收到于 {received}）{fault}："
            "请重新办理；仍这样的，请管理员校准督办台、接口或命令行所在机器的时钟。"
        )


class NotInHisRightError(BrokenRuleError, rule="account_has_the_right"):
    """Who is signed in acts for himself, and for what he is in the directory on that day."""

    says = "账号 {account} 不能以“{by}”的名义办理：{why}，请以本人的名义办理，或请管理员核对名册。"
    account: str
    by: str
    why: str


class NotThisPersonError(BrokenRuleError, rule="persons_are_of_the_directory"):
    """The numbers of the persons whom an act names are those of the directory."""

    says = "办理中所写的人员编号与名册不符：" + _AGAIN
    project_id: ProjectId


class OwnKeyForgedError(BrokenRuleError, rule="own_key_has_signed"):
    """A proof of an own key is its person's, of this very act, by a key that counts."""

    says = "所附的本人密钥（{key:.16}）签名不能用（{why}）：" + _AGAIN
    key: str
    why: str


class OwnKeyOtherwiseError(BrokenRuleError, rule="own_key_is_told"):
    """What an act says of its person's own key is so."""

    says = "办理中所写的本人密钥情况与台账不符：" + _AGAIN
    project_id: ProjectId


class OwnKeyMissingError(BrokenRuleError, rule="own_key_signs_what_weighs"):
    """An act for which the policy asks the person's own key bears its signature; about a project, or the office."""

    held: bool
    project_id: ProjectId | None = None

    def _sentence(self) -> str:
        how = "您登记过密钥" if self.held else "督办规则要求人人如此，请先在督办台“我的密钥”登记"
        where = f"项目 {self.project_id} 的" if self.project_id else ""
        return f"{where}这项办理须用本人的密钥签名（{how}）：请在督办台办理并签名。"


class NotOurTaskError(BrokenRuleError, rule="task_is_ours"):
    """A worker does what a supervision or a mailbox of this office asks for, and nothing else."""

    says = (
        "有程序绕开本单位的督办流程，直接通过引擎要督办程序办理一步（{task}，来自 {asked_by}），"
        "没有执行：请管理员查明是谁、从哪台机器连上了引擎。"
    )
    task: str
    asked_by: str


class SealNotReadableError(BrokenRuleError, rule="task_seal_is_readable"):
    """What a worker is asked for bears a seal whose key it has; another machine may have begun a new one."""

    says = (
        "督办程序缺少打开一步办理（{task}，来自 {asked_by}）的密钥，暂不执行，过一会儿自动再试：刚换过密钥的，"
        "请管理员把新的 keys/payloads.keys 放到每台机器；没有换过的，请管理员查明是谁、从哪台机器连上了引擎。"
    )
    task: str
    asked_by: str
