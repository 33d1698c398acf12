"""In an English locale the whole shell speaks English: what stands in its sources, and what its commands answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest
from rich.table import Table

from application.engine_room.unavailable import SHORT_WORDS, Reason, told_of
from entrypoints.bootstrap.plan_files import load_plan
from entrypoints.cli import session
from entrypoints.cli.help_words import english
from entrypoints.cli.in_locale import OwnWords, shown
from entrypoints.core_sentences import is_chinese
from tests.entrypoints.cli.conftest import Duban, supervised
from tests.entrypoints.desk.said_in_layers import ROOT, Said, texts_in
from tests.entrypoints.installation import PLAN, Home

SHELL: Final = ROOT / "entrypoints" / "cli"
LEFT: Final = {
    "help_words.py": "the library's words in Chinese, and places by their names: the help's own test holds them",
    "streams.py": "what stands for a mark where an encoding has not got it",
    "rehearsing.py": ("超限不发",),  # the head of a file that people keep
    "register_filters.py": ("灰", "绿", "黄", "红"),  # typed as they are
    "own_folder.py": ("督查室", "另一台机器"),  # looked for in sentences of the catalogue
    "session.py": ("日期或时刻",),  # a place of the help
    "wrong_usage.py": ("或", "是否要写{'或'.join((f' {each} ' for each in possibilities))}？"),  # in sentences below
    "each_project.py": ("{_OUTCOME_WORDS[outcome]}{count}项",),
    "running.py": ("{OUTCOME_WORDS[outcome]}{count}项",),
    "plan.py": ("{word}{len(by_action.get(action, []))}项", "，清单中的变更不再办理"),
    "inquiry.py": ("单独改 {changed}",),
    "compiler.py": ("{place}起，共{name}",),
    "project_page.py": ("，{rectify_by} 前整改",),
}
"""What is no sentence by itself: texts by file, or a whole file with the reason."""
IN_SENTENCES: Final = (
    "第4段起，共2段",
    "没有选项 --schemas，是否要写 --schema 或 --scheme ？",
    "“plan.yaml”读写不了（Permission denied）：请检查路径、权限和磁盘空间。",
    "文件读写不了（No space left on device）：请检查路径、权限和磁盘空间。",
    "共3项：已办理1项，没有变化1项，没有办成1项。改正后再执行一次：已办理的不会重复办理。",
    "清单共6项：已启动1项，此前已启动1项，与清单不同1项，已变更1项，已撤销1项，已结束1项。",
    "清单共1项：此前已启动1项。另有分解任务2项：已启动1项，已撤销1项。",
    "新增1项，变更1项，撤销1项，不变1项，已结束1项，无法对照1项。",
    "  已结束 2018-01 Hall，清单中的变更不再办理",
    "单独改 ladder：提醒会多发 2；灯不同 3 个节点·天；不予办理 1 项。",
    "督查：2018-01-02 自 2018-05-02，待整改，已记2个问题，2018-06-01 前整改",
    "待办：2018-01-02 延期初审，由Office于 2018-05-02 前办理，已超时3个工作日",
    "延期：2018-01-02 申请延至 2018-06-01，待批复，初审建议 2018-05-20（rain）",
    "中止：2018-01-02 自 2018-05-02 起，由人恢复（Li：no money）",
    (
        "[通过] 五、附件、流程历史、文书和不予办理与其摘要一致：136 个附件，0 个历史文件，359 行文书和不予办理"
        "；3 个已结束的项目没有流程历史：a，请向督查室查问"
    ),
    (
        "[通过] 十、时间戳盖的就是这本台账当时的校验值：1 个时间戳，最近的是 2026-11-28 03:19:49 UTC，那时已有前 477 条"
        "；签发机构未经核对：请用 --stamp-authority 给出您所信任的机构的证书（PEM）"
    ),
)
"""Sentences that are put together of such texts."""
COMMANDS: Final = (
    ("status",),
    ("status", "2018-05a"),
    ("status", "--light", "red"),
    ("status", "--after", "2019-01"),
    ("duties", "--department", "组织部"),
    ("duties", "--counts"),
    ("sub-duties", "2018-05a"),
    ("burden",),
    ("report", "2018-05a", "3", "绝密★初稿已完成", "--by", "组织部"),
    ("doctor",),
    ("plan", str(PLAN)),
    ("rehearse", str(PLAN), "--behaviour", "soon"),
    ("score", "table", "2018-04"),
    ("bulletin", "draft", "2018-05"),
    ("directory", "show"),
    ("account", "list"),
    ("account", "sessions"),
    ("account", "tries"),
    ("channel", "check"),
    ("channel", "states"),
    ("heads", "show"),
    ("audit", "history", "2018-05a"),
    ("audit", "heads"),
    ("audit", "verify"),
    ("audit", "reconcile"),
    ("audit", "replay", "2018-05a"),
    ("report", "2018-99", "1", "done", "--by", "组织部"),
    ("report", "2018-01", "1", "done", "--by", "x:y:z"),
    ("receipt", "2018-05a", "--by", "组织部"),
    ("urge", "2018-05a", "2", "--reason", "soon", "--by", "Li"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An office of its own: what other tests write in Chinese stays as it stands."""
    yield from supervised(tmp_path_factory.mktemp("english"))


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's locale is English."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def _texts(path: Path) -> Iterator[Said]:
    """Every Chinese text of a module of the shell, but what the help says: its own test holds that."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    helped = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("help", "metavar")
        for each in ast.walk(node.value)
    }
    return (said for node, said in texts_in(path, tree) if id(node) not in helped)


def _without_quotes(told: str) -> str:
    return re.sub(r"“[^“”]*”", "", told)


def _is_told(said: Said) -> bool:
    filled = [each.replace("{}", "7") for each in said.filled()]
    return not all(is_chinese(_without_quotes(shown(each))) for each in filled)


def test_every_text_of_the_shell_has_its_english() -> None:
    """Answers, heads, cells, titles, confirmations, progress: as they stand in the sources, with values in them."""
    known, left, seen = set(english()), [], 0
    for path in sorted(SHELL.glob("*.py")):
        out = LEFT.get(path.name, ())
        for said in _texts(path) if not isinstance(out, str) else ():
            seen += 1
            if said.text not in known and said.text not in out and not _is_told(said):
                left.append((f"{said.path}:{said.line}", said.text))
    assert seen > 700
    assert left == []


def test_what_is_left_out_is_still_there() -> None:
    """No exception outlives what it is for."""
    for name, left in LEFT.items():
        found = {said.text for said in _texts(SHELL / name)}
        assert isinstance(left, str) or set(left) <= found, name


@pytest.mark.parametrize("sentence", IN_SENTENCES)
def test_what_is_put_together_is_told_in_english(sentence: str) -> None:
    """No part of it is left."""
    assert not is_chinese(_without_quotes(shown(sentence)))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_answers_in_english(running: Duban, command: tuple[str, ...]) -> None:
    """No Chinese but the list's own words, its departments and numbers of papers."""
    answer = running(*command)
    own = sorted(_words_of_the_list(), key=len, reverse=True)
    left = []
    for line in (answer.out + answer.err).splitlines():
        rest = line
        for words in own:
            rest = rest.replace(words, "")
        if is_chinese(_without_quotes(rest)):
            left.append(rest)
    assert answer.out + answer.err
    assert left == []


def _words_of_the_list() -> set[str]:
    listed = load_plan(PLAN)
    found = {"团浙办〔2018〕3号", "督查室", "督通", "号", "学校部", "次", "个", "家", "期", "场"}
    for project in listed.projects:
        found |= {project.title, project.lead_department, *project.participating_departments}
        found |= {each.description for each in project.milestones}
    return found


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("cause", ["", "程序与已有的历史不符", "for a trial"])
def test_a_project_that_does_not_answer_is_told_in_english(reason: Reason, cause: str) -> None:
    """In the register's place for the light, on its page, by the doctor and in a reconciliation."""
    text = told_of("2018-01", reason, cause).text
    for line in (f"⚠{SHORT_WORDS[reason]}", f"✗ 2018-01 {text}", text):
        assert not is_chinese(shown(line)), shown(line)


def test_what_the_office_wrote_stays_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """A title or a name that is a word of the catalogue, in a cell and as a value of a sentence."""
    console = session.out()
    table = Table("编号", "项目")
    table.add_row("1", OwnWords("已签收。"))
    console.print(table)
    console.print("+ 新增 2018-01 签收，未签收（已签收牵头，3个节点）")
    said = capsys.readouterr().out
    assert "Number" in said
    assert "已签收。" in said
    assert "+ new 2018-01 签收，未签收 (lead 已签收, 3 milestones)" in said


def test_any_other_locale_has_the_same_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese is the language of the product."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert shown("不必再办。") == "不必再办。"
