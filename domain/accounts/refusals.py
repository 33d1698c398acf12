"""What a door refuses, one error for each rule; the sentences for people stand here and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta

from domain.errors import BrokenRuleError, InputError, PhrasedError, RejectedError


class NotSignedInError(RejectedError, rule="signed_in"):
    """Somebody could not be signed in; nothing is said that a stranger could use."""


class WrongLoginError(PhrasedError, NotSignedInError, rule="right_password"):
    """The account or the password is wrong; which of them is not told."""

    says = "账号或密码不对：请核对后再试；忘记密码请管理员另发一次性链接。"


class LoginEndedError(PhrasedError, NotSignedInError, rule="login_goes_on"):
    """A login ended after what was asked under it had begun."""

    says = "登录已经结束，没有办理：请重新登录后再办。"


class LockedOutError(PhrasedError, NotSignedInError, rule="not_locked_out"):
    """Too many wrong tries came from there; one has to wait."""

    wait: timedelta

    def _sentence(self) -> str:
        seconds = max(1, -(-self.wait // timedelta(seconds=1)))
        told = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        return f"从这里输错的次数太多：请过 {told}再试；您在别处的登录不受影响。"


class TooBusyError(PhrasedError, NotSignedInError, rule="door_has_room"):
    """More passwords wait to be checked than the door takes at once."""

    says = "同时登录的人太多：请过几秒再试。"


class AccountClosedError(PhrasedError, NotSignedInError, rule="account_of_a_person"):
    """The proof was right, and the account is nobody's today."""

    says = "账号 {account} 今天不属于名册里的任何在岗人员：请管理员在名册里为本人启用这个账号。"
    account: str


class WeakPasswordError(RejectedError, rule="strong_password"):
    """A password that a stranger tries first."""


class UnusableLinkError(BrokenRuleError, rule="unused_link"):
    """A one-time link was used, has ended, or never was."""

    says = (
        "这个一次性链接已用过、已过期或不存在：请管理员另发一个；第一次建立的，请重新启动系统，从它给出的新链接进入。"
    )


class LinkInUseError(BrokenRuleError, rule="one_at_a_time"):
    """Somebody else is using the link at this moment."""

    says = "这个一次性链接正被使用：请过一分钟再试。"


class ReservedAccountError(BrokenRuleError, rule="own_login"):
    """A login that somebody else vouches for cannot have a password here."""

    says = "账号 {account} 由别处证明身份（操作系统或统一身份认证），不能在这里设密码：请另取名。"
    account: str


class LookAlikeAccountError(BrokenRuleError, rule="login_told_apart"):
    """A login that is told from another one only by how it is typed."""

    says = "账号 {account} 与名册里的 {other} 只差大小写或全半角：请另取名，或就用 {other}。"
    account: str
    other: str


class UnknownAccountError(BrokenRuleError, rule="open_account"):
    """No account of this name is open."""

    says = "账号 {account} 没有在这里开设，或已关闭：请核对账号；名册里有而没有开设的，请先为本人开设。"
    account: str


class UnknownSessionError(BrokenRuleError, rule="known_session"):
    """No session or token of this number is there."""

    says = "没有编号为 {number} 的登录或令牌，或已停用：请核对编号。"
    number: str


class BeyondRightsError(RejectedError, rule="own_rights"):
    """A token for more than its person has."""


class UnusableEndError(BrokenRuleError, rule="near_end"):
    """A token whose end has come already, or is too far away."""

    says = "令牌的止期 {last_day} 不可用：按本机的日期，须晚于今天，并在今后 {most.days} 天之内；请改写止期。"
    last_day: date
    most: timedelta


class NoOwnKeyError(PhrasedError, NotSignedInError, rule="own_key"):
    """The proof of a passkey does not hold."""

    says = "密钥没有通过：{why}。请再试一次；登录也可以改用密码。"
    why: str


class OnlyCertificateError(NoOwnKeyError, rule="own_key"):
    """Whoever must sign has a certificate alone, whose key neither the desk nor the shell can reach."""

    says = (
        "这项办理须用本人的密钥签名，而{why}，督办台和命令行用不了它：请经接口（API）带证书的签名办理，"
        "或先在督办台“我的密钥”登记一把密钥。"
    )


class ThirdPartyError(PhrasedError, NotSignedInError, rule="third_party_login"):
    """The login at a third party does not hold, or it does not answer."""

    says = "统一身份认证未成功：{why}。请从登录页重新开始；仍不行请告知管理员。"
    why: str


class NoThirdPartyError(InputError, rule="third_party_settings"):
    """The settings name no third party, or not whole."""
