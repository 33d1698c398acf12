"""A channel: takes one reader's message out of the house and says what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Protocol

from domain.frozen import Frozen

Outcome = Literal["accepted", "delivered", "failed_for_now", "failed_for_good", "unanswered"]


class PaperFile(Frozen):
    """A document as it was issued, and the name under which a reader gets it."""

    name: str
    content: bytes


class MessageWords(Frozen):
    """What a channel says of its own around a message; places in braces are filled by it."""

    urgent: str = "【紧急】"
    more: str = "……共{count}件，其余见督办平台。"
    link: str = "登录后查看：{link}"
    attached: str = "随信附文书{papers}份。"
    attached_in_files: str = "随信附文书{papers}份，共{files}个文件。"
    left_out: str = "超出邮件附件的容量，未附{named}共{count}份文书，请登录督办平台查看。"
    left_out_and_more: str = "超出邮件附件的容量，未附{named}等{count}份文书，请登录督办平台查看。"
    one_form: str = "超出邮件附件的容量，{count}份文书只附了一种格式。"
    printed: str = "PDF由文书原件（.docx）转出，以督办平台上的原件为准。"
    unlike: str = "{name} 与台账登记的不一致，未附上，请与发文机关核对。"
    gathered: str = "督办文书汇总单（{addressee}，{day}）"
    joint: str = "、"


class Message(Frozen):
    """What a reader gets: a subject, and a line for each paper; all of it plain text of one line each."""

    message_id: str
    reader: str
    subject: str
    urgent: bool
    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What is to be said of the papers' documents, a sentence each."""
    footer: str = ""
    link: str = ""
    """Where the reader goes on after login; it is no secret and gives no right."""
    files: tuple[PaperFile, ...] = ()
    """The papers' documents, for a channel that carries files."""
    words: MessageWords = MessageWords()


class Answer(Frozen):
    """What became of a message; `reason` is a short word and a number, never the other side's own text at length."""

    outcome: Outcome
    reason: str = ""
    reference: str = ""
    address_refused: bool = False
    again_after: timedelta | None = None


class Channel(Protocol):
    """MUST answer whatever the network does, and raise nothing for it; MUST show no secret in what it answers.

    `knows_repeats` says that the other side, or the reader's own program, tells a message that comes again by its
    identity, so that one whose answer was lost may be sent again. `carries_files` says that a message takes its papers'
    documents along.
    """

    knows_repeats: bool
    carries_files: bool

    async def send(self, message: Message, address: str | None) -> Answer:
        """Send a message; answer what became of it."""

    async def close(self) -> None:
        """Let go of connections."""
