"""Who leads and by when where no column of a table says so: the lines over its rows, or the list's own title."""

from __future__ import annotations

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in, label_line
from domain.notice.departments import departments
from domain.notice.first_times import says_when, times_from_content
from domain.notice.handed_on import assigns
from domain.notice.listed import Lacking, ListedTable, Part
from domain.notice.patterns import regex
from domain.notice.time_cells import is_a_time
from domain.notice.units import all_units, owner_in, unit_in, without_counts

_ORDINAL = regex(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]+|第[一二三四五六七八九十]{1,3}部分)\s*")
_DONE = regex(r"(?:全部|全面)?(?:完成|办结|建成)(?:的?(?:事项|任务|项目|工作))?$")
_OF_WHAT_IS_ABOVE = regex(r"以上|上述|前述")
_LONGEST = 60


def said_over(line: str) -> Assignment:
    """Whom a line over rows charges and by when, in brackets or in all of its words (`甲局牵头`, `6月底前完成`)."""
    words = _ORDINAL.sub("", line.strip()).strip().rstrip(":：")
    said = Assignment()
    if len(words) > _LONGEST or words.endswith("。") or _OF_WHAT_IS_ABOVE.match(words):
        return said
    if is_a_time(limit := _DONE.sub("", words)):
        said.add("due", limit)
        return said
    if not assigns(line):
        # `重点工作（教务处）`: an office without a word for its part.
        return said
    for role, value in label_line(words):
        said.add(role, value)
    if said.lead:
        return said
    rest, found = assignment_in(words)
    if not found.lead:
        # Something has to be left where the offices are taken out.
        rest, found = assignment_in(f"a，{words}。")
        found = found if not rest.removeprefix("a").strip("，、。") else said
    return found


def lead_over_rows(listed: ListedTable, lead: str | None, place: str, number: int, over: str | None) -> None:
    """Give each row who leads it: `lead`, as the operator says, or else the line above it, `over`, or the title."""
    unit = lead or unit_in(listed.heading)
    above = next((line for line in reversed(listed.heading) if line.strip()), "")
    over_table = said_over(above)
    listed.led = False
    by_heading: list[str] = []
    told: list[bool] = []
    for row in listed.rows:
        charged = said_over(row.section)
        charged = charged if charged.lead else over_table
        owner = None if row.lead or lead else _owners(row.section) or charged.lead or over
        if owner and owner == charged.lead:
            new = [name for name in departments(charged.participants) if name not in departments(row.participants)]
            row.participants = "、".join(filter(None, (row.participants, *new)))
        by_heading += [owner] if owner else []
        told.append(bool(row.lead or owner))
        row.lead = row.lead or owner or unit or ""
        row.lead_lacks = not row.lead
    if by_heading:
        names = "、".join(dict.fromkeys(by_heading))
        sentence = f"{place}的表头里没有牵头部门一栏，按标题里的“{names}”牵头；不是的话请写明由谁牵头，再读一次。"
        listed.lacking.append(Lacking(f"lead_by_heading@{number}", "lead_by_heading", "note", sentence, names))
    if lead is not None or (listed.rows and all(told)):
        return
    if unit is not None:
        sentence = f"{place}的表头里没有牵头部门一栏，按标题里的“{unit}”牵头；不是的话请写明由谁牵头，再读一次。"
    else:
        sentence = f"{place}的表头里没有牵头部门一栏，请写明由哪个部门牵头，或裁定为一个部门。"
    choices = (("确认", f"由{unit}牵头"),) if unit else (("部门名称", "写明由哪个部门牵头"),)
    severity = "ruling" if unit else "error"
    listed.lacking.append(Lacking(f"lead_assumed@{number}", "lead_assumed", severity, sentence, unit, choices))


def _owners(section: str) -> str | None:
    """The office that a part's line names, or the offices (`甲局、乙局（2项）`)."""
    named = without_counts(section)
    return owner_in(section) or (named if "、" in named and all_units(named) else None)


def times_over_rows(listed: ListedTable, place: str, number: int) -> None:
    """Give each row its limit: that of its content, or else that of the line over its part."""
    all_told = times_from_content(listed)
    by_part: list[str] = []
    for row in listed.rows:
        limit = said_over(row.section).due
        if limit and not any(part.sub or says_when(part.text) for part in row.parts):
            row.parts = [Part(limit, duty=row.title)]
            by_part.append(limit)
    if listed.rows and len(by_part) == len(listed.rows):
        limits = "、".join(dict.fromkeys(by_part))
        sentence = (
            f"{place}的表头里没有工作进度安排或完成时限一栏，按各部分标题里的“{limits}”计；"
            "不是的话请在表头写明哪一栏是完成时限，再读一次。"
        )
        listed.lacking.append(
            Lacking(f"no_schedule_column@{number}", "no_schedule_column", "note", sentence, limits, text=limits)
        )
        return
    sentence = (
        f"{place}的表头里没有工作进度安排或完成时限一栏，时限从内容里读；"
        "如另有一栏，请在表头写明哪一栏是工作进度安排，再读一次。"
    )
    severity = "note" if all_told else "ruling"
    listed.lacking.append(
        Lacking(f"no_schedule_column@{number}", "no_schedule_column", severity, sentence, "从内容里读")
    )
