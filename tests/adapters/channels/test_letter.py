"""Letters with the papers themselves, as a plain mail program reads them (the standard library's `email`)."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from domain.ports.channel import Message, PaperFile
from tests.adapters.channels.test_email import ADDRESS, mail
from tests.other_sides.mail_server import MailServer, mail_server

URGE = PaperFile(name="催办〔2026〕3号.docx", content=b"PK\x03\x04" + bytes(range(256)) * 400)
LIST = PaperFile(name="督办文书汇总单（组织部，2026-05-09 0900）.docx", content=b"PK\x03\x04list")


async def letter(folder: Path, message: Message, server: MailServer, **lines: object) -> EmailMessage:
    """The one letter that a server took, however busy the machine is."""
    assert (await mail(folder, server.port, timeout_seconds=60, **lines).send(message, ADDRESS)).outcome == "accepted"
    (took,) = server.took
    return took


def told(took: EmailMessage) -> str:
    """Its plain text."""
    body = took.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def files(took: EmailMessage) -> dict[str | None, bytes]:
    """Its attachments by name."""
    return {part.get_filename(): part.get_content() for part in took.iter_attachments()}


async def test_a_letter_takes_its_papers_along(tmp_path: Path, message: Message) -> None:
    """A plain mail program reads the text, and finds each document under its number, byte by byte as it was issued."""
    with mail_server() as server:
        took = await letter(tmp_path, message.model_copy(update={"files": (LIST, URGE)}), server)
    assert files(took) == {LIST.name: LIST.content, URGE.name: URGE.content}
    assert {part.get_content_type() for part in took.iter_attachments()} == {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    }
    assert "1. 催办〔2026〕3号" in told(took)
    assert "随信附文书2份。" in told(took)


async def test_a_paper_may_come_as_pages_too(tmp_path: Path, message: Message) -> None:
    """Each file says its kind; a paper in two formats is one, and not missing where one format stays behind."""
    pages = PaperFile(name="催办〔2026〕3号.pdf", content=b"%PDF" + bytes(1_000_000))
    for most, count, said in (
        (10, 3, "随信附文书2份，共3个文件。"),
        (1, 2, "随信附文书2份。\n超出邮件附件的容量，1份文书只附了一种格式。"),
    ):
        with mail_server() as server:
            given = message.model_copy(update={"files": (LIST, URGE, pages)})
            took = await letter(tmp_path, given, server, attach_megabytes=most)
        kinds = [part.get_content_type() for part in took.iter_attachments()]
        assert [kind.rpartition(".")[2] for kind in kinds] == ["document", "document", "application/pdf"][:count]
        assert said in told(took).replace("\r\n", "\n")
        assert "未附" not in told(took)


async def test_what_is_too_large_is_named_in_a_sentence(tmp_path: Path, message: Message) -> None:
    """Above the office's limit a document stays behind; smaller ones behind it go along."""
    large = PaperFile(name="督通〔2026〕1号.docx", content=b"x" * 1_000_001)
    with mail_server() as server:
        given = message.model_copy(update={"files": (large, URGE)})
        took = await letter(tmp_path, given, server, attach_megabytes=1)
    assert list(files(took)) == [URGE.name]
    assert "超出邮件附件的容量，未附督通〔2026〕1号共1份文书，请登录督办平台查看。" in told(took)


async def test_a_letter_is_no_larger_than_the_server_announced(tmp_path: Path, message: Message) -> None:
    """A server that takes 300,000 bytes gets a letter that it takes, with the documents for which there is room."""
    more = [URGE.model_copy(update={"name": f"催办〔2026〕{number}号.docx"}) for number in range(10, 20)]
    with mail_server(most_bytes=300_000) as server:
        took = await letter(tmp_path, message.model_copy(update={"files": tuple(more)}), server)
    assert 0 < len(files(took)) < len(more)
    assert "等8份文书，请登录督办平台查看。" in told(took)


async def test_an_office_may_send_no_documents(tmp_path: Path, message: Message) -> None:
    """At nought megabytes the letter is text alone and says where the papers are."""
    with mail_server() as server:
        took = await letter(tmp_path, message.model_copy(update={"files": (URGE,)}), server, attach_megabytes=0)
    assert files(took) == {}
    assert "请登录督办平台查看" in told(took)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/催办.docx", "_.._etc_催办.docx"),
        ("催办\r\nBcc: all@example.com\r\n\r\n.docx", "催办__Bcc_ all@example.com____.docx"),
        ("催办\u202excod.exe", "催办_xcod.exe"),
        ('"; filename="x.exe\x00.docx', "_; filename=_x.exe_.docx"),
        ("长" * 500 + ".docx", "长" * 100 + ".docx"),
    ],
)
async def test_a_name_of_a_file_does_no_harm(name: str, shown: str, tmp_path: Path, message: Message) -> None:
    """It begins no header, leaves no folder, hides no ending behind a turned reading direction, and is not endless."""
    with mail_server() as server:
        given = message.model_copy(update={"files": (PaperFile(name=name, content=b"x"),)})
        took = await letter(tmp_path, given, server)
    assert list(files(took)) == [shown]
    assert took["Bcc"] is None
