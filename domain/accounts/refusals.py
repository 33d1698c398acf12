"""What a door refuses, one error for each rule; the sentences for people stand here and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.errors import InputError, RejectedError


class NotSignedInError(RejectedError):
    """Somebody could not be signed in; nothing is said that a stranger could use."""

    rule = "signed_in"


class WrongLoginError(NotSignedInError):
    """The account or the password is wrong; which of them is not told."""

    rule = "right_password"

    def __init__(self) -> None:
        super().__init__("账号或口令不对：请核对后再试；忘记口令请管理员另发一次性链接。")


class LockedOutError(NotSignedInError):
    """Too many wrong tries came from there; one has to wait."""

    rule = "not_locked_out"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, -(-wait // timedelta(seconds=1)))
        told = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        super().__init__(f"从这里输错的次数太多：请过 {told}再试；您在别处的登录不受影响。")
        self.wait = wait


class TooBusyError(NotSignedInError):
    """More passwords wait to be checked than the door takes at once."""

    rule = "door_has_room"

    def __init__(self) -> None:
        super().__init__("同时登录的人太多：请过几秒再试。")


class AccountClosedError(NotSignedInError):
    """The proof was right, and the account is nobody's today."""

    rule = "account_of_a_person"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"账号 {account} 今天不属于名册里的任何在岗人员：请管理员用 duban directory person account 办理。"
        )


class WeakPasswordError(RejectedError):
    """A password that a stranger tries first."""

    rule = "strong_password"


class UnusableLinkError(RejectedError):
    """A one-time link was used, has ended, or never was."""

    rule = "unused_link"

    def __init__(self) -> None:
        super().__init__("这个一次性链接已用过、已过期或不存在：请管理员另发一个（第一次建立请重新运行 duban run）。")


class LinkInUseError(RejectedError):
    """Somebody else is using the link at this moment."""

    rule = "one_at_a_time"

    def __init__(self) -> None:
        super().__init__("这个一次性链接正被使用：请过一分钟再试。")


class ReservedAccountError(RejectedError):
    """A login that somebody else vouches for cannot have a password here."""

    rule = "own_login"

    def __init__(self, account: str) -> None:
        super().__init__(f"账号 {account} 由别处证明身份（操作系统或统一身份认证），不能在这里设口令：请另取名。")


class LookAlikeAccountError(RejectedError):
    """A login that is told from another one only by how it is typed."""

    rule = "login_told_apart"

    def __init__(self, account: str, other: str) -> None:
        super().__init__(f"账号 {account} 与名册里的 {other} 只差大小写或全半角：请另取名，或就用 {other}。")


class UnknownAccountError(RejectedError):
    """No account of this name is open."""

    rule = "open_account"

    def __init__(self, account: str) -> None:
        super().__init__(f"没有账号 {account}，或已关闭：请用 duban account list 核对。")


class UnknownSessionError(RejectedError):
    """No session or token of this number is there."""

    rule = "known_session"

    def __init__(self, number: str) -> None:
        super().__init__(f"没有编号为 {number} 的登录或令牌，或已撤销：请用 duban account sessions 核对。")


class BeyondRightsError(RejectedError):
    """A token for more than its person has."""

    rule = "own_rights"


class UnusableEndError(RejectedError):
    """A token whose end has come already, or is too far away."""

    rule = "near_end"

    def __init__(self, ends_at: datetime, most: timedelta) -> None:
        super().__init__(f"令牌的止期 {ends_at:%Y-%m-%d %H:%M} 不可用：须在今后 {most.days} 天之内。")


class NoOwnKeyError(NotSignedInError):
    """The proof of a passkey does not hold."""

    rule = "own_key"

    def __init__(self, why: str) -> None:
        super().__init__(f"密钥没有通过：{why}。请再试一次；登录也可以改用口令。")
        self.why = why


class ThirdPartyError(NotSignedInError):
    """The login at a third party does not hold, or it does not answer."""

    rule = "third_party_login"

    def __init__(self, why: str) -> None:
        super().__init__(f"统一身份认证未成功：{why}。请从登录页重新开始；仍不行请告知管理员。")


class NoThirdPartyError(InputError):
    """The settings name no third party, or not whole."""

    rule = "third_party_settings"
