"""`duban directory`: an office is set up, kept and looked at from the shell, without an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Answer, Duban

OFFICE = """类别,编号,名称,别名,账号,角色,部门,代谁办理,自,至,备注
部门,,组织部,组部,,,,,2018-01-01,,
人员,,李红,,os:lihong,,,,2018-01-01,,老同志
人员,007,王伟,,,,,,2018-01-01,,
任职,,李红,,,管理员,,,2018-01-01,,
任职,,李红,,,主要负责人,组部,,2018-01-01,,
任职,007,,,,分管领导,组织部,,2018-01-01,,
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """An office as a file."""
    path = tmp_path / "名册.csv"
    path.write_text(OFFICE, encoding="utf-8")
    return path


@pytest.fixture
def office(duban: Duban, somewhere: Path, sheet: Path) -> Duban:
    """Call a command of the directory on an installation that has one."""

    def call(*arguments: str) -> Answer:
        return duban("directory", *arguments, "--data", str(somewhere))

    assert call("import", str(sheet), "--apply", "--by", "李红").status == 0
    return call


def test_an_import_shows_before_it_records(duban: Duban, somewhere: Path, sheet: Path) -> None:
    """Without --apply the changes are told, with what was left out, and not even a data folder is made."""
    shown = duban("directory", "import", str(sheet), "--data", str(somewhere))
    assert shown.status == 0
    assert "新增人员 王伟（007），自 2018-01-01 起" in shown.out
    assert "共 8 项改动，还没有记入" in shown.out
    assert "“备注”一栏没有读入" in shown.err
    assert not somewhere.exists()


def test_the_same_import_again_changes_nothing(office: Duban, sheet: Path) -> None:
    """A second import of the file says that nothing is to change."""
    again = office("import", str(sheet), "--apply", "--by", "李红")
    assert (again.status, again.out) == (0, "与名册相同，没有要改动的。\n")
    assert office("import", str(sheet), "--json").document["changes"] == []


def test_an_unsound_file_is_refused_whole(office: Duban, tmp_path: Path) -> None:
    """The rows at fault are named, the exit status is that of unreadable input, and the sound row is not taken."""
    bad = tmp_path / "x.csv"
    bad.write_text("类别,名称,角色,部门\n人员,张敏,,\n任职,王伟,主要负责人,组织部\n科室,一处,,\n", encoding="utf-8")
    refused = office("import", str(bad), "--apply", "--by", "李红")
    assert refused.status == 2
    assert "第3行：组织部主要负责人自 2018-01-01 起是李红（P0001）" in refused.err
    assert "第4行：“类别”写的是“科室”" in refused.err
    names = [person["name"] for person in office("show", "--json").document["persons"]]
    assert names == ["李红", "王伟"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_comes_back_without_a_change(office: Duban, tmp_path: Path, kind: str) -> None:
    """What is exported is imported again and changes nothing; an export takes no file's place."""
    path = tmp_path / f"out.{kind}"
    assert office("export", str(path)).out == f"已写入 {path}：6 行。\n"
    assert office("import", str(path), "--json").document == {
        "applied": False,
        "changes": [],
        "kept": [],
        "remarks": [],
    }
    assert "已经存在" in office("export", str(path)).sentence


def test_a_person_comes_and_goes(office: Duban) -> None:
    """A person is taken in, given a role and an account, renamed, and leaves; each day is shown as it was."""
    assert office("person", "open", "张敏", "--from", "2018-02-01", "--by", "李红").status == 0
    given = office("person", "give", "张敏", "联络员", "--department", "组部", "--from", "2018-02-01", "--by", "P0001")
    assert given.out == "已记入名册：\n任职 张敏（P0002）：组织部联络员，自 2018-02-01 起\n"
    assert office("person", "account", "张敏", "os:zm", "--on", "2018-02-01", "--by", "李红").status == 0
    assert office("person", "rename", "张敏", "张慜", "--from", "2018-03-01", "--by", "李红").status == 0
    assert office("person", "close", "P0002", "--until", "2018-06-30", "--by", "李红").status == 0
    shown = {
        on: office("show", "--on", on, "--json").document["persons"]
        for on in ("2018-02-28", "2018-06-30", "2018-07-01")
    }
    names = {on: [person["name"] for person in persons] for on, persons in shown.items()}
    assert names == {
        "2018-02-28": ["李红", "王伟", "张敏"],
        "2018-06-30": ["李红", "王伟", "张慜"],
        "2018-07-01": ["李红", "王伟"],
    }
    assert shown["2018-06-30"][2]["accounts"] == ["os:zm"]
    assert [role["role"] for role in shown["2018-06-30"][2]["roles"]] == ["liaison"]


def test_a_deputy_is_a_person(office: Duban) -> None:
    """A deputy is appointed for a person, with a last day, and dismissed."""
    asked = ("person", "give", "王伟", "代办人", "--for", "李红", "--from", "2018-05-01", "--by", "李红")
    assert "须写明止日" in office(*asked).sentence
    assert office(*asked, "--until", "2018-05-31").status == 0
    taken = office("person", "take", "王伟", "代办人", "--for", "李红", "--until", "2018-05-10", "--by", "李红")
    assert taken.out == "已记入名册：\n终止任职 王伟（007）：李红（P0001）的代办人，至 2018-05-10 止\n"


def test_a_department_is_kept(office: Duban) -> None:
    """A department is taken in with an alias, renamed and closed, and found by its former name."""
    assert office("department", "open", "宣传部", "--alias", "宣部", "--from", "2018-01-01", "--by", "李红").status == 0
    assert office("department", "rename", "宣部", "传播部", "--from", "2018-02-01", "--by", "李红").status == 0
    assert (
        office("department", "alias", "宣传部", "宣部", "--take", "--by", "李红").out
        == "已记入名册：\n取消别名 宣部：传播部（D0002）\n"
    )
    assert office("department", "close", "宣传部", "--by", "李红").status == 0
    on_the_day = office("show", "--on", "2018-02-01", "--json").document["departments"]
    assert [each["name"] for each in on_the_day] == ["组织部", "传播部"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("person", "open", "赵六", "--by", "王伟"), 1, "王伟（007）"),
        (("person", "open", "赵六", "--by", "钱七"), 1, "没有人员“钱七”"),
        (("person", "close", "李红", "--by", "李红"), 1, "没有一位管理员"),
        (("person", "open", "赵六", "--number", "七", "--by", "李红"), 2, "--number 的值不可用"),
        (("person", "open", " ", "--by", "李红"), 2, "名称 的值不可用"),
        (("person", "give", "李红", "科员", "--by", "李红"), 2, "没有角色“科员”"),
        (("person", "account", "李红", "a；b", "--by", "李红"), 1, "账号“a；b”不能这样写"),
        (("department", "open", "组部", "--by", "李红"), 1, "别名“组部”"),
        (("import", "nowhere.csv"), 2, "找不到“nowhere.csv”"),
    ],
)
def test_what_is_refused_says_why(office: Duban, arguments: tuple[str, ...], status: int, said: str) -> None:
    """A refused change is one sentence, has its exit status, and changes nothing."""
    before = office("show", "--json").document
    refused = office(*arguments)
    assert refused.status == status
    assert said in refused.sentence
    assert office("show", "--json").document == before


def test_applying_needs_a_name(office: Duban, sheet: Path) -> None:
    """What is recorded is recorded in somebody's name."""
    refused = office("import", str(sheet), "--apply")
    assert refused.status == 2
    assert "--by" in refused.sentence


def test_the_register_of_persons_is_readable(office: Duban) -> None:
    """The directory is shown with who heads each department and who is in charge of it, an empty place as such."""
    assert (
        office(
            "person", "take", "007", "分管领导", "--department", "组织部", "--until", "2018-05-31", "--by", "李红"
        ).status
        == 0
    )
    before, after = (office("show", "--on", on).out for on in ("2018-05-31", "2018-06-01"))
    assert "王伟" in before.partition("姓名")[0]
    assert "（未定）" in after.partition("姓名")[0]


def test_there_must_be_a_ledger_to_look_at(duban: Duban, somewhere: Path) -> None:
    """Nothing is made by looking: without a ledger show and export say so."""
    assert "没有台账" in duban("directory", "show", "--data", str(somewhere)).sentence
    assert not somewhere.exists()


def test_the_name_of_one_who_left_is_erased_by_order(office: Duban) -> None:
    """Refused while he is there and by one person alone; afterwards he is read by his number and as erased."""
    assert office("person", "open", "张敏", "--role", "督查人员", "--by", "李红").status == 0
    asked = ("erase", "王伟", "--order", "〔2026〕7号", "--by", "李红")
    here = office(*asked, "--confirmed-by", "张敏")
    assert (here.status, "还没有离开" in here.err) == (1, True)
    assert office("person", "close", "007", "--until", "2018-06-30", "--by", "李红").status == 0
    alone = office(*asked, "--confirmed-by", "李红")
    assert (alone.status, "须两人" in alone.err) == (1, True)
    done = office(*asked, "--confirmed-by", "张敏")
    assert done.status == 0
    assert "已依“〔2026〕7号”删除007 在名册里的姓名（1 个），办理 P0001，确认 P0002。" in done.out
    assert [each["number"] for each in office("show", "--json").document["persons"]] == ["P0001", "P0002"]
    then = office("show", "--on", "2018-05-01", "--json").document["persons"]
    assert {each["number"]: each["name"] for each in then} == {"P0001": "李红", "007": "已依令删除"}
    again = office("erase", "007", "--order", "〔2026〕8号", "--by", "李红", "--confirmed-by", "张敏", "--json")
    assert [each["order"] for each in again.document["erased"]] == ["〔2026〕7号"]
