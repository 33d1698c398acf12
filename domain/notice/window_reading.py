"""How one time expression is read: the answer of `duban window`."""

from __future__ import annotations

from datetime import date

from domain.characters import printable
from domain.frozen import Frozen
from domain.notice.deliverables import Deliverable
from domain.notice.festivals import Festivals
from domain.notice.findings import Finding, FindingSource, finding_of
from domain.notice.schedule import read_schedule
from domain.notice.windows import Basis, Kind, TimeContext, Window
from domain.rules.calendar import WorkingCalendar


class WindowReading(Frozen):
    """One expression as read: what kind of time it is, its windows in the order of the text, and what is doubtful."""

    kind: Kind
    windows: tuple[Window, ...]
    findings: tuple[Finding, ...]


def read_window(
    text: str,
    year: int,
    issued_on: date | None = None,
    festivals: Festivals | None = None,
    fiscal_start: int | None = None,
    calendar: WorkingCalendar | None = None,
) -> WindowReading:
    """How a time expression (with or without the duty behind it) is read in a list of `year`.

    `fiscal_start` is the month in which the fiscal year begins, where that is known, and `calendar` has the years whose
    working days can be counted.
    """
    text, context = printable(text), TimeContext.of(year, issued_on, festivals, fiscal_start, calendar=calendar)
    schedule = read_schedule(text, context)
    findings: list[Finding] = []
    for item in schedule.deliverables:
        for doubt in item.doubts:
            source = FindingSource(field="text", start=item.start, end=item.end, text=text[item.start : item.end])
            finding = finding_of(doubt, f"{doubt.code}:{item.start}", source, None, None)
            same = [known for known in findings if known.key.split("/")[0] == finding.key]
            if all((known.text, known.choices) != (doubt.text, doubt.choices) for known in same):
                # Two windows of one expression may be doubted in the same way, each for itself.
                key = f"{finding.key}/{len(same) + 1}" if same else finding.key
                findings.append(finding.having(key=key))
    for start, end in schedule.left_over:
        source = FindingSource(field="text", start=start, end=end, text=text[start:end])
        sentence = f"“{text[start:end].strip()}”不在任何节点之内。"
        findings.append(
            Finding(key=f"left_over:{start}", code="left_over", severity="note", text=sentence, source=source)
        )
    read = [item for item in schedule.deliverables if not any(doubt.code == "no_window" for doubt in item.doubts)]
    if not read and not findings:
        source = FindingSource.whole("text", text)
        findings.append(
            Finding(key="no_window:0", code="no_window", severity="error", text="没有读出时限。", source=source)
        )
    return WindowReading(kind=_kind(read), windows=tuple(item.window for item in read), findings=tuple(findings))


def _kind(read: list[Deliverable]) -> Kind:
    if not read:
        return "unreadable"
    first = next((item for item in read if item.basis in (Basis.DATED, Basis.WHOLE_YEAR)), read[0])
    if first.window.recurrence is not None:
        return "recurring"
    if first.basis is Basis.RELATIVE:
        return "relative"
    return "undated" if first.basis is Basis.UNDATED else "dated"
