"""The core's sentences in English: how every light is explained, what happened, and that a table equals its export."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

from babel.messages.pofile import read_po

import verifier
from application.office.known_names import UnknownDepartmentError, UnknownUnitError
from domain.directory.changes import NewDepartmentError
from domain.directory.naming import NotOnePersonError
from domain.errors import RejectedError
from domain.events import CommandRejected
from domain.ids import supervision_workflow_id
from domain.papers.paper import Paper
from domain.seeing.timeline import timeline
from domain.seeing.views import view_of
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import Desk, at
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones
from tests.entrypoints.desk.catalogue import DESK
from tests.entrypoints.desk.conftest import Browsers

_VALUES = re.compile(r"%\(\w+\)s")
_NAMES = (
    *("组织部", "宣传部", "学校部", "教务处", "督查室", "统战部", "办公室", "李", "王", "张", "赵"),
    *(
        "甲市",
        "乙市",
        "丙市",
        "挂兼职干部",
        "主要负责人",
        "主任",
        "分管领导",
        "主要领导",
        "已办",
        "确需",
        "场",
        "个",
        "家",
        "期",
        "次",
    ),
)
"""What people wrote, or are called: it stays as it is."""


@cache
def lived(seed: int) -> tuple[tuple[str, ...], ...]:
    """How lights were explained in a project's year of acts at random, what happened in it, and what was refused."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(f"2018-{seed:02d}"), policy=a_policy(rng))
    writer = ScriptWriter(rng, desk.state.project)
    explained: set[str] = set()
    refused: set[str] = set()
    while desk.now < at("12-20"):
        desk.run_until(writer.instant(desk.state, desk.now))
        if rng.random() < 0.7:
            try:
                desk.ask(writer.command(desk.state, desk.now))
            except RejectedError as error:
                refused.add(error.text)
        view = view_of(desk.state, desk.now)
        explained.add(view.explanation)
        for milestone in view.milestones:
            explained |= {milestone.explanation, *(part.explanation for part in milestone.participants)}
    kept = [event for event in desk.events if not isinstance(event, CommandRejected)]
    lines = timeline(supervision_workflow_id(desk.state.project_id), iter(kept), {})
    return tuple(explained), tuple({line.what for line in lines}), tuple(refused)


def drafted_at_random(seed: int) -> list[Paper]:
    """The papers of a project's year of acts at random, as the core drafts them."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(f"2018-{seed:02d}"), policy=a_policy(rng))
    writer = ScriptWriter(rng, desk.state.project)
    while desk.now < at("12-20"):
        desk.run_until(writer.instant(desk.state, desk.now))
        if rng.random() < 0.7:
            with suppress(RejectedError):
                desk.ask(writer.command(desk.state, desk.now))
    return desk.papers


def without_names(told: str) -> str:
    """What is told, without names and what people wrote."""
    for name in _NAMES:
        told = told.replace(name, "")
    return told


_NOT_ON_THE_DESK = frozenset({"score_report", "__main__", "witness", "reported", "log_of_heads", "english"})


def left(sentence: str) -> str:
    """What of a sentence is still Chinese, but for names and what people wrote."""
    told = without_names(core_said("en", sentence))
    return told if is_chinese(told) else ""


def test_every_light_is_explained_in_english() -> None:
    """Years of acts at random: no explanation keeps a Chinese word of the core's own."""
    explained = {sentence for seed in range(1, 7) for sentence in lived(seed)[0]}
    assert len(explained) > 150
    assert sorted(filter(None, map(left, explained))) == []


def test_what_happened_is_told_in_english() -> None:
    """Every kind of event that those years brought."""
    happened = {sentence for seed in range(1, 7) for sentence in lived(seed)[1]}
    assert len(happened) > 150
    assert sorted(filter(None, map(left, happened))) == []


def test_what_was_refused_is_told_in_english() -> None:
    """Every refusal that those years brought."""
    refused = {sentence for seed in range(1, 13) for sentence in lived(seed)[2]}
    assert len(refused) > 60
    assert sorted(filter(None, map(left, refused))) == []


def test_posts_units_and_rulings_are_told_in_english() -> None:
    """What the core calls by itself, inside its sentences: an office with an English list reads nothing Chinese."""
    for said, english in (
        ("进度预警：应完成3次，累计0次（共5次）", "Behind the pace: 3 times due, 0 times so far (5 times in all)"),
        ("蓝色督办单，提级至Parks主要负责人（Li）", "Blue escalation order to Head of Parks (Li)"),
        ("督查室于 2018-04-28 前办理延期初审", "Supervision Office settles by 2018-04-28: Review the extension"),
        ("“soon”裁定为“by 30 June”，2018-04-25", "“soon”: ruled as “by 30 June”, on 2018-04-25"),
        ("“soon”裁定为“May”，Li 2018-04-25，理由：x", "“soon”: ruled as “May”, by Li on 2018-04-25, because: x"),
    ):
        assert core_said("en", said) == english


def test_names_that_nobody_knows_are_told_of_in_english() -> None:
    """Each reason why a name is asked about, and what is asked."""
    day = "2018-06-04"
    whys = (
        f"{day} 不在名册里",
        f"{day} 不在名册里（名称相近的有“组织部”）",
        f"{day} 不是名册里的督查人员，不能确认",
        *(f"{day} 不是名册里的{those}" for those in ("分管领导或主要领导", "督查人员或管理员", "管理员或督查人员")),
        f"{day} 不是名册里组织部的人员",
        "在名册里不止一位：Li（P0001，-）、Li（P0002，-），分不清是哪一位",
    )
    alike = "在名册里不止一个：A（D0001）、a（D0002），分不清是哪一个"
    told = [NotOnePersonError(name="李", why=why).text for why in whys]
    told += [UnknownDepartmentError(name="学校部", why=why).text for why in (*whys[:2], alike)]
    told += [UnknownUnitError(name="学校部", why=why).text for why in whys[:2]]
    told += [NewDepartmentError(name="学校部", near=near).text for near in (None, "组织部")]
    told.append(
        "这份清单里，部门“学校部”2018-06-04 不在名册里（名称相近的有“组织部”）、裁定人“李”不在名册里、"
        "责任领导“李”不是名册里的领导：请核对名称，或请管理员先登记；确要这样启动的，请确认。"
    )
    told.append("这份清单启动后将撤销在办的3个项目，须两人办理，没有启动：请由一位准备、另一位确认，不能是同一人。")
    assert [each for each in told if left(each)] == []


def test_a_pattern_says_the_same_values_in_both_languages() -> None:
    """No value is lost or invented, and no English is Chinese."""
    with (DESK / "locale" / "core.en.po").open("rb") as file:
        known = [each for each in read_po(file, locale="en") if each.id]
    assert len(known) > 130
    for each in known:
        said, english = str(each.id), str(each.string)
        assert sorted(_VALUES.findall(said)) == sorted(_VALUES.findall(english)), said
        assert not is_chinese(english), english


def test_of_one_thing_english_speaks_as_of_one() -> None:
    """The noun and its verb, in every pattern that counts; of several, and of 21, nothing changes."""
    assert core_said("en", "督办程序 1 个") == "1 worker of the supervision"
    assert core_said("en", "督办程序 21 个") == "21 workers of the supervision"
    assert core_said("en", "同为红灯的节点共1个") == "1 milestone is red"
    late = "2018-04-28到期，已逾期1个工作日未申请办结"
    assert core_said("en", late).endswith("1 working day late without a completion request")
    assert core_said("en", "引擎中的内容已加密，密钥 1 把（随备份保存）").endswith("with 1 key (kept with backups)")


def test_what_nobody_knows_stays_as_it_is() -> None:
    """A sentence of no pattern is shown in Chinese; in Chinese everything is."""
    assert core_said("en", "这句话没有译文。") == "这句话没有译文."
    assert core_said("zh", "没有节点。") == "没有节点。"


def verifier_sentences() -> set[str]:
    """What the steps of the verifier say, with a number where a value stands."""
    found: set[str] = set()
    for path in sorted(Path(verifier.__file__).parent.glob("*.py")):
        if path.stem in _NOT_ON_THE_DESK:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if getattr(call.func, "attr", "") not in ("fail", "miss"):
                continue
            for said in call.args[2:]:
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    found.add(said.value)
                elif isinstance(said, ast.JoinedStr):
                    found.add("".join(p.value if isinstance(p, ast.Constant) else "7" for p in said.values))  # type: ignore[misc]
    return {each for each in found if is_chinese(each)}


def test_the_verifier_s_findings_are_told_in_english() -> None:
    """Every finding that a step of it can make keeps no Chinese word."""
    found = verifier_sentences()
    assert len(found) > 60
    assert sorted(each for each in found if is_chinese(core_said("en", each))) == []


async def test_an_english_page_explains_in_english(seen: Browsers) -> None:
    """The register, a project, a duty: explanations and history in English, titles as they were written."""
    for account, path in (("operator", "/register"), ("operator", "/projects/2018-05a"), ("own", "/today")):
        browser = await seen.of(account)
        await browser.post("/language", {"language": "en", "here": "/"})
        page = (await browser.get(path)).text
        assert "working days late without a completion request" in page
        assert "已逾期" not in page
