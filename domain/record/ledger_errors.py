"""What the ledger refuses beyond a taken identity: a file of a newer version, an entry that cannot be kept."""

from __future__ import annotations

from domain.errors import InputError, LedgerError


class LedgerTooNewError(InputError):
    """The ledger's file was written by a newer version; it was left as it is."""

    rule = "readable_ledger_version"

    def __init__(self, *, place: str, found: int, known: int) -> None:
        super().__init__(
            f"账本“{place}”的版本是{found}，本程序只认识到版本{known}：请用新版程序打开，文件未作任何改动。",
            place=place,
            found=found,
            known=known,
        )


class LedgerUnreadableError(InputError):
    """A file stands where the ledger should be, and it is not a ledger."""

    rule = "readable_ledger"

    def __init__(self, *, place: str, detail: str) -> None:
        super().__init__(
            f"“{place}”不是督办账本（{detail}）：请检查数据目录，或从备份恢复；文件未作任何改动。",
            place=place,
            detail=detail,
        )


class LedgerDamagedError(LedgerError):
    """What the store answers is not what was put into it: a page of its file was torn or overwritten."""

    rule = "readable_ledger_entry"

    def __init__(self, *, what: str, detail: str) -> None:
        super().__init__(
            f"账本中的{what}已损坏，读不出来（{detail}）："
            "请停机，用 duban doctor 查看，并从备份恢复（duban restore）。",
            what=what,
        )


class LedgerAddressError(InputError):
    """The address of the ledger's database cannot be used; it is not told, for it may hold a password."""

    rule = "readable_ledger_address"

    def __init__(self, *, detail: str) -> None:
        super().__init__(f"DUBAN_LEDGER_URL 不可用（{detail}）：应写作 postgresql://用户@主机:5432/数据库。")


class LeafRefusedError(LedgerError):
    """An event cannot be written in the ledger's form; trying again cannot help."""

    rule = "ledger_leaf_format"

    def __init__(self, *, event_id: str, detail: str) -> None:
        super().__init__(f"事件 {event_id} 不能记入账本：{detail}。", event_id=event_id)


class UnsafeKeyError(InputError):
    """The log's key cannot be used as it is."""

    rule = "key_is_safe"

    def __init__(self, *, place: str, detail: str) -> None:
        super().__init__(f"账本密钥“{place}”{detail}；未签名。", place=place)


class ErasedEvidenceError(InputError):
    """A file that was erased by order is not kept again."""

    rule = "erased_stays_erased"

    def __init__(self, *, sha256: str) -> None:
        super().__init__(f"佐证 {sha256} 已依令删除，不能再存：请换一份不含那些内容的文件。", sha256=sha256)


class LedgerForkError(LedgerError):
    """The ledger does not begin with what was signed before: it is never signed again as it is."""

    rule = "signed_heads_extend"

    def __init__(self, *, size: int, detail: str) -> None:
        super().__init__(
            f"账本与已签名的第 {size} 条处的头不一致（{detail}）：未签名；"
            "请停机查明是否被改动或恢复错了备份，恢复备份请用 duban restore。",
            size=size,
        )


class LedgerLostError(LedgerError):
    """The ledger is empty, and a head that is kept apart says that it was not: it is not begun anew."""

    rule = "ledger_is_there"

    def __init__(self, *, signed: int) -> None:
        super().__init__(
            f"账本是空的，而另存的头（keys/last-head 或 DUBAN_GUARD）记得它有 {signed} 条：账本丢失了，没有另起一本；"
            "请保存现状，从备份恢复（duban restore）。",
            signed=signed,
        )


class StreamMovedError(LedgerError):
    """Somebody else added to a stream since it was read: what was decided on it is not recorded."""

    rule = "stream_as_it_was_read"

    def __init__(self, *, stream: str, expected: int, found: int) -> None:
        super().__init__(
            f"账本中的 {stream} 刚刚又有了新的记录（读到第 {expected} 条，现有 {found} 条）：未记入，请再执行一次。",
            stream=stream,
        )


class KnownHeadError(InputError):
    """A head that was given as kept is none of this log."""

    rule = "known_head_is_this_logs"

    def __init__(self, *, detail: str) -> None:
        super().__init__(f"给出的头不是这个账本的（{detail}）：未恢复；请核对是不是拿错了文件。")


class NotInLedgerError(InputError):
    """What was asked for is not in the ledger, or not under a signed head yet."""

    rule = "in_signed_head"

    def __init__(self, *, event_id: str) -> None:
        super().__init__(
            f"账本已签名的部分中没有 {event_id}：请核对编号，或等下一次签名（一分钟内）后再试。", event_id=event_id
        )


class CosignatureRefusedError(InputError):
    """A line is not what the witness should have answered."""

    rule = "cosignature_is_the_witnesss"

    def __init__(self, *, witness: str) -> None:
        super().__init__(
            f"这一行不是见证人“{witness}”对本账本任何一个头的签名：未收下；请核对见证人公钥。", witness=witness
        )


class BundleExistsError(InputError):
    """Something is at the place where a bundle should go."""

    rule = "bundle_replaces_nothing"

    def __init__(self, *, place: str) -> None:
        super().__init__(f"“{place}”已经存在：未导出；请换一个名字。", place=place)


class UnreadableWitnessesError(InputError):
    """The file of the trusted witnesses was torn or written over: without it no bundle says whom it trusts."""

    rule = "readable_witnesses"

    def __init__(self, *, place: str) -> None:
        super().__init__(
            f"见证人名单“{place}”读不出来：请从备份恢复这个文件，或删去它，再用 duban audit witness trust 逐一登记"
            "（账本记有每一个）。",
            place=place,
        )
