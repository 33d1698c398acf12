"""`duban score` on a running installation: the table, another rule, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.policy_files.yaml_policy import UnreadablePolicyError, read_score_rules
from application.office.scoring import Scored
from domain.rules.score_rules import ScoreRules
from domain.scoring.point_names import point_name
from entrypoints.cli.scoring import _tell_table
from entrypoints.cli.tables import Tables
from tests.domain.scoring.test_score_acts import corrected_in_q2
from tests.entrypoints.cli.conftest import Duban

EXAMPLE = Path(__file__).parents[3] / "examples" / "score.yaml"
_WHY = ("--reason", "季度考核", "--by", "李")


def test_the_table_names_every_department_and_one_of_them_point_by_point(running: Duban) -> None:
    """By name, with what it is made of; the same as one document."""
    told = running("score", "table", "2018").out
    assert "组织部" in told
    assert "不排名" in told
    document = running("score", "table", "2018", "--json").document
    names = [row["department"] for row in document["departments"]]
    assert names == sorted(names)
    assert (document["published"], len(document["digest"])) == (False, 64)
    assert "组织部 1" in running("score", "table", "2018", "--department", "组织部").out
    assert "请核对名称" in running("score", "table", "2018", "--department", "没有部").sentence


def test_another_rule_is_shown_before_it_is_adopted(running: Duban, tmp_path: Path) -> None:
    """A higher base moves every department, and only by that."""
    rules = tmp_path / "score.yaml"
    rules.write_text("base: 110\n", encoding="utf-8")
    moved = running("score", "what-if", str(rules), "2018", "--json").document["departments"]
    assert {row["would_be"] - row["was"] for row in moved} == {1_000}
    rules.write_text("base: 110\nbreach: 8\n", encoding="utf-8")
    answer = running("score", "what-if", str(rules), "2018", "--json").document
    assert [(each["rules"], each["departments"] > 0) for each in answer["by_rule"]] == [
        (["base"], True),
        (["breach"], False),
    ]
    assert "单独改 breach：0个部门有变化，0项得分不同" in running("score", "what-if", str(rules), "2018").out
    assert "0个有变化" in running("score", "what-if", str(EXAMPLE), "2018").out


def test_a_period_that_is_over_is_published_and_an_appeal_must_be_about_one_of_its_points(running: Duban) -> None:
    """This year is not over; March is, and nobody had a duty in it."""
    assert "才结束" in running("score", "publish", "2018", *_WHY).sentence
    assert "0个部门" in running("score", "publish", "2018-03", *_WHY).err
    assert "不必再公布" in running("score", "publish", "2018-03", *_WHY).sentence
    assert running("score", "table", "2018-03", "--json").document["published"]
    appeal = ("score", "appeal", "2018-03", "key-project/2018/01#1/breach", "--reason", "有误", "--by", "组织部")
    assert "没有得分项" in running(*appeal).sentence
    correct = ("score", "correct", "2018-03", "x", "--points", "0", *_WHY, "--confirmed-by", "周")
    assert "没有得分项" in running(*correct).sentence
    rule = ("score", "rule", "2018-03", "x", "--refuse", *_WHY)
    assert "没有待裁定的申诉" in running(*rule).sentence
    false = (
        "score",
        "falsified",
        "key-project/2018/01#0",
        "--milestone",
        "2018-01-01",
        "--department",
        "组织部",
        *_WHY,
    )
    assert "须两人" in running(*false, "--confirmed-by", "李").sentence
    assert "没有记录" in running(*[each.replace("#0", "#999") for each in false], "--confirmed-by", "周").sentence


def test_a_month_is_drafted_as_a_document_that_is_never_written_over(running: Duban, tmp_path: Path) -> None:
    """The situation is told and the file is there; a second time, or another kind of file, is refused."""
    place = tmp_path / "通报.docx"
    assert "立项交办17件（见附表1）" in running("bulletin", "monthly", "2018-04", "-o", str(place)).out
    assert place.stat().st_size > 1_000
    assert "已经存在" in running("bulletin", "monthly", "2018-04", "-o", str(place)).sentence
    assert "应以 .docx 或 .xlsx 结尾" in running("bulletin", "yearly", "2018", "-o", str(tmp_path / "a.pdf")).sentence
    assert running("bulletin", "yearly", "2018", "-o", str(tmp_path / "年报.xlsx"), "--json").document["title"]
    early = running("bulletin", "yearly", "2019", "-o", str(tmp_path / "来年.docx"))
    assert "2019-01-01 才开始" in early.sentence
    assert not (tmp_path / "来年.docx").exists()


@pytest.mark.parametrize("period", ["2018-Q5", "18", "2018-13", "二〇一八"])
def test_a_period_that_cannot_be_read_is_one_sentence(running: Duban, period: str) -> None:
    """It says how a period is written."""
    assert "2018-Q2" in running("score", "table", period).sentence


def test_the_example_is_the_default_rule(tmp_path: Path) -> None:
    """Every rule is written out in it, and a slip of the pen is a sentence with its line."""
    assert read_score_rules(EXAMPLE) == ScoreRules()
    written = EXAMPLE.read_text(encoding="utf-8")
    assert [name for name in ScoreRules.model_fields if f"\n{name}: " not in written] == []
    wrong = tmp_path / "score.yaml"
    wrong.write_text("base: 100\nerly: 3\n", encoding="utf-8")
    with pytest.raises(UnreadablePolicyError, match=r"第2行.*是不是“early”"):
        read_score_rules(wrong)
    wrong.write_text("base: 200\n", encoding="utf-8")
    with pytest.raises(UnreadablePolicyError, match=r"第1行.*lowest"):
        read_score_rules(wrong)


def test_the_table_of_a_longer_period_says_what_was_corrected_in_one_within_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """How many, which, in which period, and how it is corrected here too."""
    table, book = corrected_in_q2()
    _tell_table(Tables(None), Scored(table, book, {}))
    told = "".join(capsys.readouterr().out.split())
    (key,) = book.corrections("2018-Q2")
    assert (
        f"有1项得分在2018之内的另一期改过（申诉或更正），2018没有改，仍按记录计：{point_name(key)}（2018-Q2）" in told
    )
    assert "dubanscorecorrect2018编号" in told


def test_a_score_has_a_bulletin_once_it_is_published_and_tells_something(running: Duban, tmp_path: Path) -> None:
    """Before it is published the refusal says what to do; of a month in which nobody had a duty there is none."""
    place = str(tmp_path / "通报.docx")
    assert "请先公布" in running("bulletin", "score", "2018-02", "-o", place).sentence
    assert "0个部门" in running("score", "publish", "2018-02", *_WHY).err
    assert "没有可以通报的" in running("bulletin", "score", "2018-02").sentence
    assert "没有可以通报的" in running("bulletin", "publish-score", "2018-02", *_WHY).sentence
    assert "应以 .docx 或 .xlsx 结尾" in running("bulletin", "score", "2018-02", "-o", str(tmp_path / "a.pdf")).sentence
