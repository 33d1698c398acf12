"""What tells the rows of one title apart: the sub-task or the measure that each is about."""

from __future__ import annotations

from domain.notice.clauses import without_number
from domain.notice.listed import Lacking, ListedTable, ProjectRow, one_line

_LONGEST_ABOUT = 60
_LONGEST_DUTY = 200


def tell_apart(listed: ListedTable, number: int) -> None:
    """Have each row of a list say what it is about: in its title where it shares that, and as its duty."""
    if tell_of_measures(listed, number) or any(len({part.content for part in row.parts}) > 1 for row in listed.rows):
        _measures_are_duties(listed)
    alike: dict[str, list[ProjectRow]] = {}
    for row in listed.rows:
        alike.setdefault(row.title, []).append(row)
    for title, rows in alike.items():
        said = [_about(row) for row in rows]
        if len(rows) > 1 and len(set(said)) == len(rows):
            for row, about in zip(rows, said, strict=True):
                row.title = f"{title}：{about}" if about else title


def tell_of_measures(listed: ListedTable, number: int) -> bool:
    """Tell how many measures of a task above them are duties of their own; whether any is."""
    of_tasks = sum(row.of_task_above for row in listed.rows)
    if of_tasks:
        sentence = f"同一项任务下的措施各写了责任单位和时限的，每条措施单独督办，另编{of_tasks}项。"
        listed.lacking.append(Lacking(f"measures_apart@{number}", "measures_apart", "note", sentence))
    return of_tasks > 0


def tell_whole_names(listed: ListedTable, number: int) -> None:
    """Tell which names of offices were put together that lines of a place had broken."""
    if listed.made_whole:
        names = "、".join(dict.fromkeys(listed.made_whole))
        sentence = f"有几格把一个部门的名称分在几行，按一个部门理解：{names}。"
        listed.lacking.append(Lacking(f"names_made_whole@{number}", "names_made_whole", "note", sentence, text=names))


def _measures_are_duties(listed: ListedTable) -> None:
    """Where rows of one task are told apart by their contents, the content is the duty of every row of the list."""
    for part in (part for row in listed.rows for part in row.parts):
        if not part.duty and len(part.content) <= _LONGEST_DUTY:
            part.duty = one_line(part.content)


def _about(row: ProjectRow) -> str:
    """The first words of what a row is about within its task: its one sub-task, or its measure."""
    subs = {part.sub for part in row.parts}
    if len(subs) > 1:
        return ""
    first, *_ = (subs.pop() or row.content).strip().split("\n")
    said = without_number(first).split("。")[0].strip("；;，, ")
    if len(said) > _LONGEST_ABOUT:
        said = said.split("，")[0]
    return said if len(said) <= _LONGEST_ABOUT else f"{said[: _LONGEST_ABOUT - 1]}…"
