"""Steps that a row's content dates (`3月底前开工，11月底前试生产`) beside the one limit of the row (`11月底`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.notice.deliverables import Deliverable
from domain.notice.listed import Part, ProjectRow, Remark, one_line
from domain.notice.patterns import regex
from domain.notice.schedule import Schedule, read_schedule
from domain.notice.time_cells import holds_a_time
from domain.notice.windows import Basis, TimeContext

_SENTENCE = regex(r"[^。；;\n]+[。；;\n]*")
_DATED = regex(r"[\d一二三四五六七八九十]\s*[月日号]|季度|半年|年[底末]|Q[1-4]|\d[-/.]\d")
_WORDS = regex(r"[一-鿿A-Za-z]{2}")
_BRACKETS = (("（", "）"), ("(", ")"), ("【", "】"), ("[", "]"))
# `3月底前`: by when, wherever in its sentence it stands; another time (`根据4月20日会议精神`) opens a part of it.
_BY_WHEN = regex(r"(?:[前底末止]|[日号][-—－~～至到].*[日号])\s*$")
_A_PART_OPENS = regex(r"[，,：:、（(【\[于在\s]")
# `1.6月底前…`, `2.逐一约谈，7月底前清退`: what counts a sentence is no part of it.
_COUNT = regex(r"^(?:\d{1,2}[.．、]\s*(?=[一-鿿]|\d{1,2}月)|[①-⑳]\s*)")
# `已于2月10日前完成`, `力争6月底前`, `原计划6月底前`: how far it is, a hope, or what no longer holds, and no step.
_NO_STEP = regex(r"已|截[至止]|力争|争取|原(?:计划|定|拟|则)|推迟|延[期后迟]|暂[定缓]")


def with_steps(row: ProjectRow, context: TimeContext) -> int:
    """Have the dated steps of the content read before the row's limits; how many parts of the row have some.

    A limit is the end of the whole. Where the content is steps throughout and the last of them ends on it, it is that
    step's, and no milestone of its own.
    """
    parts: list[Part] = []
    stepped = 0
    for part in row.parts:
        content = part.content or (row.content if len(row.parts) == 1 else "")
        steps, ends = _steps(part, content, context) if _DATED.search(content) is not None else ([], False)
        parts += [*(Part(step, part.sub, part.duty, read=read) for step, read in steps), replace(part, said=ends)]
        stepped += bool(steps)
    row.parts = parts
    return stepped


def with_the_years_goal(row: ProjectRow, context: TimeContext) -> None:
    """Have what is reached in the list's year be due by its end, where a later limit is all that the row says."""
    goal = one_line(row.goal).rstrip("。；;")
    if _WORDS.search(goal) is None or holds_a_time(goal):
        return
    dues = {item.window.due_on for item in read_schedule(row.schedule, context).deliverables}
    if len(dues) != 1 or any(due is None or due.year <= context.year for due in dues):
        return
    for part in row.parts:
        part.text = "\n".join(line for line in part.text.split("\n") if line.strip() != row.goal.strip())
    row.parts.insert(0, _what_is_due("年底前", goal))
    sentence = f"“{goal}”按{context.year}年底前到期理解，全部工作到期更晚。"
    row.remarks.append(Remark("goal_of_the_year", "note", sentence, goal))


def _what_is_due(when: str, what: str) -> Part:
    return Part(f"{when}：{what}")


def _steps(part: Part, content: str, context: TimeContext) -> tuple[list[tuple[str, Schedule]], bool]:
    """The sentences of a content that are steps before the limit of a part, and whether the last ends the whole."""
    limit = _limit(part, context)
    if limit is None:
        return [], False
    sentences = [_COUNT.sub("", match.group().strip()).rstrip("。；;") for match in _SENTENCE.finditer(content)]
    sentences = [sentence for sentence in sentences if sentence.strip()]
    if any(sentence.count(a) != sentence.count(b) for sentence in sentences for a, b in _BRACKETS):
        return [], False
    first, last, plain = limit
    read = [read_schedule(sentence, context) if _may_be_steps(sentence) else Schedule() for sentence in sentences]
    ends = [_ends(sentence, each, first, last, context) for sentence, each in zip(sentences, read, strict=True)]
    if all(end == last for each in ends for end in each):
        # Nothing is due before the whole is.
        return [], False
    steps = [(sentence, said) for sentence, said, each in zip(sentences, read, ends, strict=True) if each]
    return steps, all(ends) and max(ends[-1]) == last and plain


def _limit(part: Part, context: TimeContext) -> tuple[date | None, date, bool] | None:
    """From when and by when all of a part is due, where it says nothing else; and whether it is a limit and no more."""
    if not part.text:
        return None
    read = read_schedule(part.text, context)
    if len(read.deliverables) != 1 or read.left_over:
        return None
    (whole,) = read.deliverables
    window = whole.window
    alone = not whole.description and window.recurrence is None and window.quota is None
    if window.due_on is None or not alone or any(doubt.severity != "note" for doubt in whole.doubts):
        return None
    return window.starts_on, window.due_on, window.starts_on is None and not whole.doubts


def _may_be_steps(sentence: str) -> bool:
    return _DATED.search(sentence) is not None and _NO_STEP.search(sentence) is None


def _ends(sentence: str, read: Schedule, first: date | None, last: date, context: TimeContext) -> list[date]:
    """When the steps of a sentence are due, where it is dated steps of the whole and nothing else."""
    ends = [_due(step, sentence, first, last, context) for step in read.deliverables]
    found = [end for end in ends if end is not None]
    return found if len(found) == len(ends) and not read.left_over else []


def _due(step: Deliverable, sentence: str, first: date | None, last: date, context: TimeContext) -> date | None:
    window, at = step.window, sentence.find(step.window_text, step.start)
    opens = at < 1 or _A_PART_OPENS.match(sentence, at - 1)
    plain = window.recurrence is None and not window.ongoing and step.basis is Basis.DATED
    doubted = any(doubt.severity != "note" for doubt in step.doubts)
    if (
        window.due_on is None
        or not (plain and (opens or _BY_WHEN.search(step.window_text)))
        or doubted
        or _WORDS.search(step.description) is None
    ):
        return None
    return window.due_on if max(first or context.begins_on, context.begins_on) <= window.due_on <= last else None
