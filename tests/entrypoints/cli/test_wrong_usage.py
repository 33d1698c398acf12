"""Wrong options and unreadable input: one sentence that says what is allowed, status 2, and nothing is made."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from entrypoints.cli.command_table import COMMANDS
from entrypoints.cli.sections import loaded
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN, ROOT

_COMMANDS = {named.name: loaded(named) for section in COMMANDS for named in section.commands}
_PATHS: list[tuple[str, ...]] = [(name,) for name in sorted(_COMMANDS)]
_PATHS += [(name, sub) for name, command in _COMMANDS.items() for sub in sorted(getattr(command, "commands", {}))]

_LIBRARY = {
    "an argument is missing": (("urge", "2018-01", "--by", "李"), "缺少 节点。"),
    "one that has a form is missing": (("score", "table"), "缺少 考核期，如 2018-Q2。"),
    "an option is missing": (("order", "2018-01", "x", "--by", "李"), "缺少 --leader（哪位领导批示）。"),
    "an option without its value": (("urge", "2018-01", "1", "--reason"), "--reason 后面须写一个值。"),
    "an option that is nearly one": (("amend", "2018-01", "1", "--due", "x"), "没有选项 --due，是否要写 --due-on ？"),
    "an option of other words": (
        ("dispute", "2018-01", "1", "--reason", "x"),
        "没有选项 --reason，其他用法见 --help。",
    ),
    "an option that sounds like help": (
        ("assess", "2018-01", "1", "--level", "2"),
        "没有选项 --level，其他用法见 --help。",
    ),
    "no such option": (("doctor", "--zzz"), "没有选项 --zzz，其他用法见 --help。"),
    "no such command": (("frobnicate",), "没有命令“frobnicate”，其他用法见 --help。"),
    "words too many": (
        ("report", "2018-01", "1", "已办", "y", "z", "--by", "组织部"),
        "多了“y z”；有空格的文字请加引号。",
    ),
    "not a number": (
        ("report", "2018-01", "1", "已办", "--quantity", "a", "--by", "组织部"),
        "--quantity 的值不可用：“a”不是数：请写阿拉伯数字，如 5。",
    ),
    "a number out of range": (
        ("report", "2018-01", "1", "已办", "--quantity", "-1", "--by", "组织部"),
        "--quantity 的值不可用：-1 太小：请写不小于 0 的数。",
    ),
    "a door that is none": (
        ("audit", "change-door-key", "外壳", "--reason", "换"),
        "{shell|desk|api} 的值不可用：“外壳”不在可选的值之内：请写 shell（命令行）、desk（督办台）、api（接口） 之一。",
    ),
    "a folder for a file": (("start", "/"), "计划文件 的值不可用：“/”是文件夹，这里须是文件。"),
}
_WRONG = {
    "a bad day": (("report", "2018-01", "3", "已办", "--by", "组织部", "--done-on", "4月"), "2018-04-25"),
    "a bad instant": (("status", "--as-of", "2018"), "2018-04-25T09:00"),
    "no such speed": (("start", str(PLAN), "--speed", "0"), "请写 1 到"),
    "no reason": (("return", "2018-01", "3", "--by", "李"), "--reason"),
    "nobody": (("accept", "2018-01", "3", "--by", " "), "--by"),
    "no department": (("report", "2018-01", "3", "已办", "--by", ""), "--by"),
    "a control character": (("urge", "2018-01", "3", "\x1b[2J", "--by", "李"), "--reason"),
    "too long": (("report", "2018-01", "3", "长" * 4_001, "--by", "组织部"), "4000"),
    "no project's name": (("report", "张", "1", "已办", "--by", "组织部"), "2018-05a"),
    "no milestone's name": (("report", "2018-01", "a", "已办", "--by", "组织部"), "2018-05a-03"),
    "half an extension": (("extend", "2018-01", "4", "--to", "2018-08-31", "--by", "组织部"), "--progress"),
    "an extension and more of it": (
        ("extend", "2018-01", "4", "--supplement", "x", "--reason", "x", "--by", "组织部"),
        "单独使用",
    ),
    "an answer to nothing": (("answer", "2018-01", "已知", "--by", "组织部"), "--directive"),
    "a text in pieces": (("order", "2018-01", "3", "请 抓紧", "办", "--leader", "张", "--by", "李"), "引号"),
    "a milestone and no text": (("order", "2018-01", "3", "--leader", "张", "--by", "李"), "写明文字"),
    "no ruling": (("rule", "extension", "2018-01", "4", "--reason", "x", "--by", "李"), "--grant"),
    "two rulings": (
        ("rule", "extension", "2018-01", "4", "--refuse", "--ask-more", "--reason", "x", "--by", "李"),
        "一项",
    ),
    "no recommendation": (("rule", "extension-review", "2018-01", "4", "--opinion", "x", "--by", "李"), "--recommend"),
    "neither praise nor criticism": (
        ("bulletin", "publish", "2018-01", "3", "x", "--department", "组织部", "--by", "李"),
        "--praise",
    ),
    "neither put right nor not": (("check", "2018-01", "3", "--note", "x", "--by", "李"), "--holds"),
    "no month": (("burden", "--month", "2018-13"), "2018-06"),
    "nobody to take over": (("reassign", "2018-01", "--reason", "x", "--by", "李"), "--to"),
    "one milestone for another lead": (
        ("reassign", "2018-01", "3", "--to", "学校部", "--reason", "x", "--by", "李"),
        "--from",
    ),
    "nobody to act for": (
        ("report", "2018-01", "3", "已办", "--by", "组织部", "--on-behalf-of", ""),
        "--on-behalf-of",
    ),
    "a deputy without a name": (
        (
            "deputy",
            "appoint",
            "2018-01",
            "--deputy",
            "督查:",
            "--from",
            "2018-05-01",
            "--until",
            "2018-05-31",
            "--reason",
            "x",
            "--by",
            "督查:李",
        ),
        "--deputy",
    ),
    "two calendars": (("calendar", "apply", "a.yaml", "--published", "--reason", "x", "--by", "李"), "只写一项"),
    "no plan": (("start", "nowhere.yaml"), "nowhere.yaml"),
    "no policy": (("start", str(PLAN), "--policy", "nowhere.yaml"), "nowhere.yaml"),
    "no behaviour": (("rehearse", str(PLAN), "--behaviour", "lazy"), "on-time"),
    "no such department": (("rehearse", str(PLAN), "--behaviour", "silent:财务部"), "组织部"),
    "no such command": (("nothing",), "nothing"),
    "no such engine command": (("engine", "sideways"), "sideways"),
}


@pytest.mark.parametrize("path", _PATHS, ids=" ".join)
def test_every_command_has_help(duban: Duban, path: tuple[str, ...]) -> None:
    """What it does in Chinese, its options, status 0."""
    answer = duban(*path, "--help")
    assert answer.status == 0
    assert f"duban {' '.join(path)}" in answer.out
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.out)


@pytest.mark.parametrize(("command", "words"), _WRONG.values(), ids=_WRONG.keys())
def test_wrong_usage_says_what_is_allowed(
    duban: Duban, somewhere: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], words: str
) -> None:
    """Status 2, one sentence, and not even the data folder is made."""
    monkeypatch.setenv("DUBAN_DATA", str(somewhere))
    answer = duban(*command)
    assert answer.status == 2
    assert words in answer.sentence
    assert not somewhere.exists()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (NotADirectoryError(20, "Not a directory", "/etc/passwd/x"), "“/etc/passwd/x”读写不了"),
        (OSError(28, "No space left on device"), "请检查路径、权限和磁盘空间"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "不是 UTF-8 文本"),
    ],
    ids=["a file for a folder", "a full disk", "bytes that are no text"],
)
def test_what_the_machine_refuses_is_one_sentence(
    duban: Duban, monkeypatch: pytest.MonkeyPatch, fault: Exception, says: str
) -> None:
    """Whatever file a command stumbles over, a person reads what to check, and no traceback."""

    def stumble(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(_COMMANDS["doctor"], "callback", stumble)
    answer = duban("doctor")
    assert (answer.status, says in answer.sentence) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        "engine adopt",
        "engine new-key",
        "engine repair --all",
        "rehearsal copy COPY",
        "rehearsal jump 2018-06-01",
        "evidence erase x --order 令 --by 甲 --confirmed-by 乙",
        "audit stamp",
        "audit key-stolen shell --since 2018-06-01T09:00 --reason 失窃",
        "score table 2018",
        "reopen 2018 --by 甲 --reason 误结",
        "withdraw-list 2018 --by 甲 --reason 停办",
    ],
)
def test_what_needs_an_office_makes_none(duban: Duban, somewhere: Path, command: str) -> None:
    """A mistyped data folder is refused with a sentence, and neither it nor anything else appears."""
    answer = duban("--data", str(somewhere), *command.replace("COPY", str(somewhere.with_name("copy"))).split())
    assert answer.status == 2
    assert "没有台账：请用 --data 指明目录；还没有启动过督办的，请管理员运行 duban " in answer.sentence
    assert not somewhere.exists()
    assert not somewhere.with_name("copy").exists()


def test_an_unreadable_policy_names_its_line(duban: Duban, tmp_path: Path, somewhere: Path) -> None:
    """Which line, and what is allowed there."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("# 规则\nreminders: [14, 7, 1]\nurge_after: soon\n", encoding="utf-8")
    answer = duban("run", str(PLAN), "--policy", str(policy), "--data", str(somewhere))
    assert answer.status == 2
    assert "第2行" in answer.sentence or "第3行" in answer.sentence
    assert not somewhere.exists()


def test_an_unreadable_plan_names_the_file(duban: Duban, tmp_path: Path, somewhere: Path) -> None:
    """A plan that is no YAML is refused before anything is started."""
    plan = tmp_path / "plan.yaml"
    plan.write_text("projects: [\n", encoding="utf-8")
    answer = duban("run", str(plan), "--data", str(somewhere))
    assert answer.status == 2
    assert f"{plan.name}第2行" in answer.sentence
    assert not somewhere.exists()


@pytest.mark.parametrize("command", ["plan", "start", "rehearse"])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.docx", b"", "空文件"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n", "不是Word文档"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"),
        ("no-table.txt", "2018年，一段话。".encode(), "没有重点项目表"),
        ("twice.yaml", b"year: 2018\nyear: 2019\n", "第2行"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_compiled_cannot_be_started(
    duban: Duban, tmp_path: Path, somewhere: Path, command: str, name: str, content: bytes, says: str
) -> None:
    """One sentence, status 2, and no data folder is made."""
    given = tmp_path / name
    given.write_bytes(content)
    data = () if command == "rehearse" else ("--data", str(somewhere))
    answer = duban(command, str(given), *data)
    assert (answer.status, says in answer.sentence) == (2, True)
    assert not somewhere.exists()


def test_a_setting_that_names_no_paper_makes_no_folder(
    duban: Duban, somewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with the papers that there are, status 2."""
    monkeypatch.setenv("DUBAN_JOINT_PAPERS", "红头文件")
    answer = duban("run", "--data", str(somewhere))
    assert answer.status == 2
    assert "红头文件" in answer.sentence
    assert "督办单（红色）" in answer.sentence
    assert not somewhere.exists()


def test_a_plan_with_unruled_findings_does_not_start(duban: Duban, somewhere: Path) -> None:
    """Status 1: the input is readable, but it is not so that it can be started."""
    answer = duban("run", str(ROOT / "examples" / "2018-key-projects.txt"), "--data", str(somewhere))
    assert answer.status == 1
    assert "2处待裁定" in answer.sentence
    assert not somewhere.exists()


@pytest.mark.parametrize("number", [1, 2, 99])
@pytest.mark.parametrize("command", [("status", "--as-of", "2018-05-01"), ("run",), ("engine", "up")], ids=" ".join)
def test_a_folder_of_another_version_is_left_alone(
    duban: Duban, somewhere: Path, command: tuple[str, ...], number: int
) -> None:
    """Status 2; the mark stays as it was and nothing is added but what was there."""
    somewhere.mkdir()
    mark = somewhere / "format.json"
    mark.write_text(json.dumps({"format": number}), encoding="utf-8")
    (somewhere / "ledger.db").touch()
    answer = duban(*command, "--data", str(somewhere))
    assert answer.status == 2
    assert f"的格式是 {number}，" in answer.sentence
    assert mark.read_text(encoding="utf-8") == json.dumps({"format": number})
    assert {path.name for path in somewhere.iterdir()} == {"format.json", "ledger.db"}


@pytest.mark.parametrize("said", [b"", b"[]", b"null", b'{"format": "2"}', b"\xff", b"[" * 100_000])
def test_a_folder_whose_mark_is_torn_is_left_alone(said: bytes, duban: Duban, somewhere: Path) -> None:
    """Status 2, the sentence names the file and what belongs there; nothing is added."""
    somewhere.mkdir()
    mark = somewhere / "format.json"
    mark.write_bytes(said)
    (somewhere / "ledger.db").touch()
    answer = duban("status", "--as-of", "2018-05-01", "--data", str(somewhere))
    assert answer.status == 2
    assert (
        f'格式标记 {mark} 读不出来，未作任何改动：请从备份恢复这个文件（本程序写的是 {{"format": 3}}）。'
        in answer.sentence
    )
    assert mark.read_bytes() == said
    assert {path.name for path in somewhere.iterdir()} == {"format.json", "ledger.db"}


def test_a_ledger_of_a_newer_version_is_left_alone(duban: Duban, somewhere: Path) -> None:
    """Status 2, and the file keeps its bytes."""
    somewhere.mkdir()
    assert duban("status", "--as-of", "2018-05-01", "--data", str(somewhere)).status == 2
    ledger = somewhere / "ledger.db"
    with sqlite3.connect(ledger) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = ledger.read_bytes()
    answer = duban("status", "--as-of", "2018-05-01", "--data", str(somewhere))
    assert answer.status == 2
    assert "版本" in answer.sentence
    assert ledger.read_bytes() == before


def test_a_data_folder_that_cannot_be_made_is_named(duban: Duban, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    answer = duban("run", str(PLAN), "--data", str(tmp_path / "file" / "data"))
    assert answer.status == 2
    assert str(tmp_path / "file") in answer.sentence


def test_another_calendar_than_the_folder_s_is_refused(running: Duban) -> None:
    """--as-of of another year on a folder that was started as of 2018-04-25."""
    answer = running("start", str(PLAN), "--as-of", "2019-01-01")
    assert answer.status == 2
    assert "自 2018-04-25 09:00 起" in answer.sentence


@pytest.mark.parametrize(("arguments", "sentence"), _LIBRARY.values(), ids=_LIBRARY)
def test_what_the_library_refuses_is_said_in_our_words(duban: Duban, arguments: tuple[str, ...], sentence: str) -> None:
    """The command-line library's own refusals are one Chinese sentence too, and end in 2."""
    answer = duban(*arguments)
    assert (answer.status, answer.sentence) == (2, sentence)


def test_all_that_is_missing_is_named_at_once(duban: Duban) -> None:
    """Each in a line of its own: nobody tries again for every option."""
    answer = duban("close-year", "2018")
    assert answer.status == 2
    assert [line.split("（")[0] for line in answer.err.splitlines()[1:]] == [
        "缺少 --to-year",
        "缺少 --reason",
        "缺少 --by",
    ]


@pytest.mark.parametrize("option", [("--as-of", "2018-04-25"), ("--speed", "100")])
def test_a_day_without_a_list_is_refused(duban: Duban, tmp_path: Path, option: tuple[str, str]) -> None:
    """It would have been forgotten, and the list started at the desk would have begun today; nothing is made."""
    answer = duban("run", *option, "--data", str(tmp_path / "data"))
    assert answer.status == 2
    assert answer.err.startswith("没有启动：--as-of、--speed")
    assert list(tmp_path.iterdir()) == []
