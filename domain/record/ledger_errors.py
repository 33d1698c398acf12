"""What the ledger refuses beyond a taken identity: a file of a newer version, an entry that cannot be kept."""

from __future__ import annotations

from domain.errors import LedgerError, LedgerUnavailableError, PhrasedError, UnusableInputError
from domain.ids import record_name


class LedgerTooNewError(UnusableInputError, rule="readable_ledger_version"):
    """The ledger's file was written by a newer version; it was left as it is."""

    says = "台账“{place}”的版本是{found}，本程序只认识到版本{known}：请用新版程序打开，文件未作任何改动。"
    place: str
    found: int
    known: int


class LedgerUnreadableError(UnusableInputError, rule="readable_ledger"):
    """A file stands where the ledger should be, and it is not a ledger."""

    says = "“{place}”不是督办台账（{detail}）：请检查数据目录，或从备份恢复；文件未作任何改动。"
    place: str
    detail: str


class LedgerDamagedError(PhrasedError, LedgerError, rule="readable_ledger_entry"):
    """What the store answers is not what was put into it: a page of its file was torn or overwritten."""

    says = (
        "台账中的{what}已损坏，读不出来（{detail}）："
        "请管理员停机，用 duban doctor 查看，并从备份恢复（duban restore）。"
    )
    what: str
    detail: str


class UnreadableEventError(PhrasedError, LedgerError, rule="known_event"):
    """An entry is of a kind that this program does not know, or says what its kind does not have."""

    says = (
        "台账第{position}条（{kind}）这个版本的程序读不懂：可能由更新的程序写入，请更新本程序；"
        "如果没有，请用 duban audit verify 核对台账。"
    )
    position: int
    kind: str


class LedgerAddressError(UnusableInputError, rule="readable_ledger_address"):
    """The address of the ledger's database cannot be used; it is not told, for it may hold a password."""

    says = "DUBAN_LEDGER_URL 不可用（{detail}）：应写作 postgresql://用户@主机:5432/数据库。"
    detail: str


class LedgerEncodingError(UnusableInputError, rule="ledger_takes_every_text"):
    """The ledger's database was made by somebody else, for the texts of some languages."""

    says = (
        "数据库“{place}”的编码是 {encoding}，存不了全部汉字，台账不能放在这里，未作任何改动："
        "请改名或删去这个空数据库，由 python deploy/set_up_ledger.py 自行建立（编码 UTF8），"
        "或请数据库管理员建立一个 UTF8 的数据库。"
    )
    place: str
    encoding: str


class MandateLostError(PhrasedError, LedgerUnavailableError, rule="writer_has_a_mandate"):
    """A worker was not heard of, and others took its mandate away: nothing of it is written any more."""

    says = (
        "这个督办程序（{name}）失联过久，已由另一个督办程序接替，它的写入一律不再记入："
        "请重新启动这个进程，它会领取新的编号；未记入的决定由引擎交给在岗的进程重做。"
    )
    name: str


class LeafRefusedError(PhrasedError, LedgerError, rule="ledger_leaf_format"):
    """An event cannot be written in the ledger's form; trying again cannot help."""

    says = "事件 {event_id} 不能记入台账（{detail}）：请告知系统维护人员。"
    event_id: str
    detail: str


class UnsafeKeyError(UnusableInputError, rule="key_is_safe"):
    """The log's key cannot be used as it is."""

    says = "台账密钥“{place}”{detail}；未签名。"
    place: str
    detail: str


class ErasedEvidenceError(UnusableInputError, rule="erased_stays_erased"):
    """A file that was erased by order is not kept again."""

    says = "佐证 {sha256} 已依令删除，不能再存：请换一份不含那些内容的文件。"
    sha256: str


class LedgerForkError(PhrasedError, LedgerError, rule="signed_heads_extend"):
    """The ledger does not begin with what was signed before: it is never signed again as it is."""

    says = (
        "未签名：台账与已签名的第 {size} 条处的校验值不一致（{detail}）；请管理员停下督办程序，另存数据目录，"
        "查明是被改动还是恢复错了备份，并告知审计人员；恢复备份请用 duban restore。"
    )
    size: int
    detail: str


class LedgerMisplacedError(PhrasedError, LedgerError, rule="entries_stand_where_they_say"):
    """An entry is listed under another stream or number than it says: it was hidden from who looks for it there."""

    says = (
        "台账第{position}条在库里所列的流程、序号或摘要与条目所写的不同，没有导出：请管理员停下督办程序，另存数据目录，"
        "查明是谁改动了数据库，并告知审计人员；恢复备份请用 duban restore。"
    )
    position: int


class LedgerLostError(PhrasedError, LedgerError, rule="ledger_is_there"):
    """The ledger is empty, and a head that is kept apart says that it was not: it is not begun anew."""

    says = (
        "台账是空的，而另存的校验值（keys/last-head 或 DUBAN_GUARD）表明它应有 {signed} 条：台账丢失了，没有新建；"
        "请管理员另存数据目录，从备份恢复（duban restore）。"
    )
    signed: int


class StreamMovedError(PhrasedError, LedgerError, rule="stream_as_it_was_read"):
    """Somebody else added to a stream since it was read: what was decided on it is not recorded."""

    says = "台账中的 {stream} 刚刚又有了新的记录（读到第 {expected} 条，现有 {found} 条）：未记入，请再执行一次。"
    stream: str
    expected: int
    found: int


class KnownHeadError(UnusableInputError, rule="known_head_is_this_logs"):
    """A head that was given as kept is none of this log."""

    says = "给出的校验值不是这本台账的（{detail}）：未恢复；请核对是不是拿错了文件。"
    detail: str


class NotInLedgerError(UnusableInputError, rule="in_signed_head"):
    """What was asked for is not in the ledger, or not under a signed head yet."""

    event_id: str

    def _sentence(self) -> str:
        name = record_name(self.event_id)
        return f"没有记录 {name}，或它刚刚办理、还没有签进台账：请核对编号；刚办的，一分钟后再试。"


class CosignatureRefusedError(UnusableInputError, rule="cosignature_is_the_witnesss"):
    """A line is not what the witness should have answered."""

    says = "“{witness}”对本台账没有一个校验值的签名对得上，未收下：请照抄见证人给的公钥和签名。"
    witness: str


class UnknownWitnessError(UnusableInputError, rule="answer_of_a_known_witness"):
    """A witness that nobody has entered answered."""

    says = (
        "“{witness}”没有登记为见证人，它的签名未收下：请先登记（duban audit witness trust 名称 公钥），"
        "公钥向见证人本人要，再收一次；写的不是签名行的，请让见证人重新送来。"
    )
    witness: str


class WitnessKnownError(UnusableInputError, rule="one_name_a_witness"):
    """A witness's key was given again under another name: one witness would count as two."""

    says = "这把公钥已经登记为见证人“{witness}”：同一个见证人只算一次，没有再登记；请核对是不是抄错了公钥。"
    witness: str


class BundleExistsError(UnusableInputError, rule="bundle_replaces_nothing"):
    """Something is at the place where a bundle should go."""

    says = "“{place}”已经存在：未导出；请换一个名字。"
    place: str


class UnreadableWitnessesError(UnusableInputError, rule="readable_witnesses"):
    """The file of the trusted witnesses was torn or written over: without it no bundle says whom it trusts."""

    says = (
        "见证人名单“{place}”读不出来：请从备份恢复这个文件，或删去它，再用 duban audit witness trust 逐一登记"
        "（台账记有每一个）。"
    )
    place: str
