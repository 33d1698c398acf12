"""`duban channel`: a file of channels is checked and tried out from the shell, against a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.settings import Settings
from entrypoints.bootstrap import open_records
from tests.entrypoints.cli.conftest import Duban
from tests.other_sides import chat_sides
from tests.other_sides.http_server import HttpServer, http_server


@pytest.fixture
def wecom() -> Iterator[HttpServer]:
    """A robot's other side, in a thread of its own: the command under test has a loop of its own."""
    loop, found, done = asyncio.new_event_loop(), list[HttpServer](), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        async with http_server(chat_sides.wecom) as server:
            found.append(server)
            done.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    done.wait()
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def channels(tmp_path: Path, wecom: HttpServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one channel and one reader, named by the settings."""
    path = tmp_path / "channels.yaml"
    (tmp_path / "url").write_text(f"{wecom.url}/send?key=right", encoding="utf-8")
    reader = "{reads: [组织部], to: [{channel: group}]}"
    lines = ["channels:", "  group: {kind: wecom, url_file: url}", "readers:", f"  联络员: {reader}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("DUBAN_CHANNELS", str(path))
    return path


def test_a_trial_reaches_the_reader(duban: Duban, channels: Path, wecom: HttpServer) -> None:
    """The command says that the channel took it, and the other side has it."""
    answer = duban("channel", "test", "联络员")
    assert (answer.status, answer.out) == (0, "✓ group 对方已收下\n")
    assert "试发" in wecom.came[0].json["text"]["content"]


def test_a_trial_is_in_the_language_of_the_papers(
    duban: Duban, channels: Path, wecom: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gets it reads no other messages of ours than English ones."""
    monkeypatch.setenv("DUBAN_PAPER_LANGUAGE", "en")
    duban("channel", "test", "联络员")
    assert "A trial of the supervision notices" in (said := wecom.came[0].json["text"]["content"])
    assert "试发" not in said


def test_a_refused_trial_says_so(duban: Duban, channels: Path, wecom: HttpServer) -> None:
    """A wrong key is refused by a number inside a good status: exit status 1, the number, and not the key."""
    (channels.parent / "url").write_text(f"{wecom.url}/send?key=very-secret", encoding="utf-8")
    answer = duban("channel", "test", "联络员")
    why = "对方拒收（结果码 93000）：请核对地址和密钥，结果码的意思见对方的说明"
    once = "试发只发一次，不自动再试：改好后请再执行一次；正式的消息由程序自动再试，情况见 duban channel states。"
    assert (answer.status, answer.out) == (1, f"✗ group 不能送达：{why}\n{once}\n")
    assert "very-secret" not in answer.out + answer.err


def test_a_trial_is_told_in_english(
    duban: Duban, channels: Path, wecom: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """State and reason, beside the channel's own name."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (channels.parent / "url").write_text(f"{wecom.url}/send?key=wrong", encoding="utf-8")
    why = "refused by the other side (result code 93000): check address and key"
    assert duban("channel", "test", "联络员").out.startswith(f"✗ group failed for good: {why};")


def test_a_stranger_is_named(duban: Duban, channels: Path) -> None:
    """Who is no reader of the file cannot be tried; the sentence says who is."""
    answer = duban("channel", "test", "张三")
    assert answer.status == 2
    assert "联络员" in answer.err


def test_the_file_is_shown_and_its_mistake_told(duban: Duban, channels: Path) -> None:
    """Readers with their ways; a mistake with file and line, in the check and in the doctor."""
    assert json.loads(duban("channel", "check", "--json").out)["readers"] == ["联络员"]
    channels.write_text(channels.read_text(encoding="utf-8").replace("wecom", "wechat"), encoding="utf-8")
    answer = duban("channel", "check")
    assert answer.status == 2
    assert f"{channels}”第2行" in answer.err


def test_receipts_without_a_ledger_say_what_comes_first(
    duban: Duban, channels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no office was started there is nothing to take them: exit status 2, and the command that comes first."""
    # Not this tree's own folder: whoever tests may have run the example in it.
    monkeypatch.setenv("DUBAN_DATA", str(channels.parent / "nothing"))
    came = channels.parent / "came.txt"
    came.write_text("<stranger@example.org> delivered\n", encoding="utf-8")
    answer = duban("channel", "receipts", "group", str(came))
    assert answer.status == 2
    assert "duban run" in answer.err


def test_every_file_of_a_folder_of_letters_is_told(
    duban: Duban, channels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large ending is one too; what is no letter is said to be none, and a folder among letters stops nothing."""
    folder = channels.parent / "letters"
    (folder / "new" / "x").mkdir(parents=True)
    for name in ("甲.EML", "乙.msg", ".state", "new/丙"):
        (folder / name).write_bytes(b"From: a@b\n\nx")
    with open_records(Settings(data=channels.parent / "data")):
        pass  # an empty ledger
    told = duban("--data", str(channels.parent / "data"), "channel", "answers", str(folder)).out.splitlines()
    assert [line.partition("：")[0] for line in told] == [
        "乙.msg 不是 .eml 文件，没有读",
        "甲.EML 不是对督办消息的回信",
        "丙 不是对督办消息的回信",
    ]
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    told = duban("--data", str(channels.parent / "data"), "channel", "answers", str(folder)).out.splitlines()
    assert told[0] == "乙.msg it is no .eml file and was not read: if it is a letter, save it as .eml."
