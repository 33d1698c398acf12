"""`duban decompose` on the running 2018 list: the city's duty, its receipt, n of 11, an urge from above, the audit."""

from __future__ import annotations

from tests.entrypoints.cli.conftest import Duban

CITIES = tuple(f"第{n}市团委" for n in range(1, 12))
DISTRICTS = ("东区", "西区", "南区")
WHOLE, CITY, DISTRICT = "2018-12", "2018-12_06_01", "2018-12_06_01_01_02"


def done(running: Duban, *command: str) -> str:
    """What an act says when it is done."""
    answer = running(*command)
    assert answer.status == 0, answer.err
    return answer.out


def test_eleven_cities_and_three_districts_from_the_shell(running: Duban) -> None:
    """Each level is given, signed for, urged by the one above and counted upwards; the audit finds nothing."""
    told = done(running, "decompose", WHOLE, "6", "--by", "学校部:张三", *_to(CITIES))
    assert "已分给11个单位，督查通知单已发出。\n下一步：各单位于 2018-" in told
    assert "签收" in done(running, "receipt", CITY, "--by", CITIES[0])
    assert "已分给3个单位" in done(running, "decompose", CITY, "1", "--by", CITIES[0], *_to(DISTRICTS))
    assert "催办：请抓紧" in done(running, "urge", DISTRICT, "1", "--by", f"{CITIES[0]}:陈一", "--reason", "请抓紧")
    refused = running("urge", DISTRICT, "1", "--by", "学校部:张三", "--reason", "请抓紧")
    assert (refused.status, "不予办理：" in refused.err) == (1, True)
    assert "至多分解到第3级" in running("decompose", DISTRICT, "1", "--by", "西区", "--to", "街道").err
    done(running, "complete", CITY, "1", "--by", CITIES[0])
    done(running, "accept", CITY, "1", "--by", "学校部:张三")
    line = "分解：2018-12-06 由学校部分给11个单位，已办结 1/11，未签收10个"
    assert line in done(running, "sub-duties", WHOLE)
    assert line in done(running, "status", WHOLE)
    assert "已办结 0/3" in done(running, "sub-duties", CITY)
    (document,) = running("sub-duties", WHOLE, "--json").document["sub_duties"]
    assert (document["parts"], document["done"]) == (11, 1)
    assert CITY not in done(running, "status")
    assert CITY in done(running, "status", "--with-sub-duties")
    assert CITY in done(running, "duties", "--department", CITIES[0])
    replayed = running("audit", "replay", CITY)
    assert replayed.status == 0, replayed.err


def test_what_is_withdrawn_as_a_whole_is_withdrawn_in_its_parts(running: Duban) -> None:
    """A milestone that the section withdraws takes its sub-duties with it, through both levels."""
    done(running, "decompose", "2018-13", "2", "--by", "少年部", "--to", "甲市", "--to", "乙市")
    done(running, "decompose", "2018-13_02_01", "1", "--by", "甲市", "--to", "甲县")
    told = done(running, "withdraw", "2018-13", "2", "--by", "李", "--reason", "并入其他项目")
    assert "分给各单位的3个分解任务随之撤销" in told
    assert running("status", "2018-13_02_01_01_01", "--json").document["projects"][0]["stage"] == "withdrawn"
    assert "2018-13 没有分解任务；承办部门用" in done(running, "sub-duties", "2018-13")
    done(running, "withdraw", "2018-13", "--by", "李", "--reason", "整个项目不再督办")
    assert "2018-13 没有分解任务，现在也没有可以分解的任务。" in done(running, "sub-duties", "2018-13")
    assert "签收：—" in done(running, "status", "2018-13")


def test_what_was_given_goes_over_with_the_duty_and_may_be_given_again(running: Duban) -> None:
    """A part that was taken back is given anew; then another department leads and supervises; the audit is content."""
    whole, first, second, again = "2018-15", "2018-15_02_01", "2018-15_02_02", "2018-15_02_03"
    told = done(running, "status", whole, "--json")
    lead, new = running("status", whole, "--json").document["projects"][0]["lead_department"], "机关党委"
    assert new not in told
    done(running, "decompose", whole, "2", "--by", lead, "--to", "甲区", "--to", "乙区")
    assert "甲区" in running("decompose", whole, "2", "--by", lead, "--to", "甲区").err
    done(running, "withdraw", first, "--by", f"{lead}:张三", "--reason", "分错了")
    assert f"分解给甲区的任务 {first} 已撤销" in done(running, "audit", "history", whole)
    done(running, "decompose", whole, "2", "--by", lead, "--to", "甲区")
    (document,) = running("sub-duties", whole, "--json").document["sub_duties"]
    assert [line["project_id"] for line in document["lines"]] == [second, again]
    told = done(running, "reassign", whole, "--by", "李", "--to", new, "--reason", "分工调整")
    assert "有2个分解任务改由接办部门督办" in told
    (document,) = running("sub-duties", whole, "--json").document["sub_duties"]
    assert (document["department"], document["parts"]) == (new, 2)
    assert f"督办这项分解任务的部门由{lead}改为{new}" in done(running, "audit", "history", again)
    refused = running("urge", again, "1", "--by", f"{lead}:张三", "--reason", "请抓紧")
    assert (refused.status, f"是{new}分解的任务" in refused.err) == (1, True)
    assert "催办：请抓紧" in done(running, "urge", again, "1", "--by", f"{new}:钱二", "--reason", "请抓紧")
    reopened = running("reopen", "2018", "--project", first, "--by", "李", "--reason", "误撤", "--confirmed-by", "王")
    assert (reopened.status, f"（{again}）" in reopened.err + reopened.out) == (1, True)
    # Other tests act on the same installation, as the department that the list names.
    done(running, "reassign", whole, "--by", "李", "--to", lead, "--reason", "恢复原分工")
    for project_id in (whole, first, second, again):
        replayed = running("audit", "replay", project_id)
        assert replayed.status == 0, replayed.err


def _to(units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for unit in units for part in ("--to", unit))
