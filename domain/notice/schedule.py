"""A schedule cell read as deliverables: each with its window, its place in the text and the doubts about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.notice.across_years import across_years
from domain.notice.clauses import Clause, clauses, counted_alike
from domain.notice.closed_words import closed_words
from domain.notice.deliverables import Deliverable, Told
from domain.notice.drafts import Drafts, Governing
from domain.notice.duties import says_no_duty, tells_of_money
from domain.notice.folding import in_titles, quoted
from domain.notice.growing_targets import with_growing_targets
from domain.notice.labels import Label, governing_period, label_at
from domain.notice.length_read import longest_read, with_rest_told
from domain.notice.order_of_times import with_smaller_months_doubted, with_years_carried
from domain.notice.own_times import (
    REFERENCE,
    bracketed_time,
    closes,
    dated_in_brackets,
    is_all_when,
    only_leads_to_a_time,
    own_time,
    parts_with_brackets,
    parts_with_times_behind,
    reports_on_it,
)
from domain.notice.parts_in_brackets import with_duties_in_brackets, with_parts_opened
from domain.notice.patterns import regex
from domain.notice.quotas import find_quotas
from domain.notice.recurrences import period_at, periods_beside
from domain.notice.second_times import since_its_start
from domain.notice.short_times import left_out
from domain.notice.superseded import without_superseded
from domain.notice.times import time_at
from domain.notice.times_beside import times_beside
from domain.notice.weekdays import weekdays_beside
from domain.notice.windows import Basis, TimeContext, Window
from domain.notice.words_beside import words_beside

_ALSO = regex(r"(?:同时|并且?|且|期间|其间)\s*(?=每|按[月季周])")
_LONGEST_HEADING = 8
_BRACKETS = regex(r"\s*\([^()]*\)\s*")
_REMARK = regex(r"\s*\([^()\d]*\)\s*")
_HEADING = regex(r"[^\d,;。:\n][^,;。:\n]{0,15}:\s*(?=\S)")


@dataclass(slots=True)
class Schedule:
    """What a cell was read as: `left_over` is neither window nor description, `numbering` counts items, `superseded` no
    longer holds, and `said_again` was read beside a time and stands in no description.
    """

    deliverables: list[Deliverable] = field(default_factory=list)
    left_over: list[tuple[int, int]] = field(default_factory=list)
    numbering: list[tuple[int, int]] = field(default_factory=list)
    superseded: list[tuple[int, int]] = field(default_factory=list)
    said_again: list[tuple[int, int]] = field(default_factory=list)

    @property
    def understood(self) -> list[tuple[int, int]]:
        """The stretches that were read and that no milestone tells."""
        return [*self.numbering, *self.superseded, *self.said_again]


def read_schedule(cell: str, context: TimeContext, *, duty: str = "") -> Schedule:
    """The deliverables of a schedule cell; `duty` is the project's title, read where a label has no text of its own."""
    return _Reader(cell, context, duty).read()


def _stands_behind(heading: str, label: Label) -> bool:
    """Whether a time right behind a heading, without a mark of its own, is the duty's."""
    dated = label.period is None and not label.reading.bare and label.reading.basis is Basis.DATED
    return dated and not label.delimited and "(" not in heading


class _Reader:
    def __init__(self, cell: str, context: TimeContext, duty: str) -> None:
        self._whole, self._cell = cell, (cell := cell[: longest_read(cell)])
        text, self._superseded = without_superseded(cell, context)
        self._text, self._opened = with_parts_opened(text, context)
        self._hidden = quoted(self._text)
        self._context = context = replace(context, left_out=left_out(self._text, in_titles(self._text)))
        self._duty = duty
        self._drafts = Drafts(cell, self._text, self._hidden, context)
        self._schedule = Schedule(self._drafts.deliverables, self._drafts.left_over)
        self._times_behind = False
        self._labels: list[tuple[int, Label]] = []
        self._outside: list[Governing | None] = []

    def read(self) -> Schedule:
        waiting: Label | None = None
        found = clauses(self._text, self._hidden, self._context)
        for index, clause in enumerate(found):
            self._governed_from_outside(clause)
            if clause.numbering is not None:
                self._schedule.numbering.append(clause.numbering)
            label = self._label(clause)
            if (
                label is not None
                and label.body >= clause.end
                and self._text[label.body : label.body + 1] not in (";", "。")
            ):
                following = found[index + 1] if index + 1 < len(found) else None
                if (
                    following is not None
                    and self._says_how(self._label(following))
                    and ("\n" in self._text[clause.end : following.start] or following.numbering is not None)
                    and not counted_alike(self._text, clause, following)
                ):
                    waiting = label
                    continue
            if waiting is not None and self._says_how(label):
                label, waiting = replace(waiting, body=clause.start), None
                self._labelled(replace(clause, start=label.reading.start), label)
            elif label is not None:
                head, parts = self._in_brackets(clause, label)
                if head is not None:
                    self._labelled(head, label)
                elif parts:
                    said = self._cell[label.reading.start : label.reading.end].strip()
                    self._drafts.governing = Governing(label.reading, said)
                self._side_by_side(parts)
            else:
                self._unlabelled(clause)
        counted = {end for _, end in self._schedule.numbering}
        drafts = with_smaller_months_doubted(
            self._labels, self._schedule.deliverables, self._cell, self._context, counted=counted
        )
        self._schedule.deliverables = with_years_carried(drafts, self._context)
        latest = max((due for draft in self._schedule.deliverables if (due := draft.window.due_on)), default=None)
        told = Told(self._cell, self._text, self._hidden, self._duty, self._context, latest)
        self._schedule.deliverables = with_duties_in_brackets(
            [told.of(draft) for draft in self._schedule.deliverables], self._cell
        )
        self._schedule.said_again += [*self._drafts.named, *self._read_in_brackets()]
        self._schedule.deliverables.sort(key=lambda draft: (draft.start, draft.body))
        self._told_of_times_beside()
        self._told_of_words_beside()
        self._schedule.deliverables = with_rest_told(with_growing_targets(self._told_of_changes()), self._whole)
        return self._schedule

    def _governed_from_outside(self, clause: Clause) -> None:
        """Let the time of a part in brackets govern nothing behind them."""
        inside = any(begin <= clause.start < end for begin, end in self._opened)
        if not inside and self._outside:
            self._drafts.governing = self._outside.pop()
        elif inside and not self._outside:
            self._outside.append(self._drafts.governing)

    def _read_in_brackets(self) -> Iterator[tuple[int, int]]:
        """Brackets behind a time that say when once more, how often, or that it goes on: read, or asked about."""
        for draft in self._schedule.deliverables:
            said = not draft.description and _BRACKETS.fullmatch(self._text, draft.body, draft.end) is not None
            if said and all(doubt.code != "remark" for doubt in draft.doubts):
                yield draft.body, draft.end

    def _told_of_times_beside(self) -> None:
        """Every time that is printed and gives no window is told, with the deliverable that it stands in."""
        drafts = self._schedule.deliverables
        due = {draft.window.due_on for draft in drafts}
        for start, end, doubt in times_beside(self._text, in_titles(self._text), self._drafts.read):
            said = time_at(self._text, start, self._context)
            at = next((i for i, draft in enumerate(drafts) if draft.start <= start and end <= draft.end), None)
            again = said is not None and said.windows[0].due_on in due
            if at is None or again or self._comes_back_so(drafts[at].window, start):
                continue
            codes = {known.code for known in drafts[at].doubts if known.severity != "note"}
            if not codes or (doubt.severity != "note" and "two_times" not in codes):
                drafts[at] = replace(drafts[at], doubts=(*drafts[at].doubts, doubt))

    def _told_of_words_beside(self) -> None:
        """Words that may change a deliverable and that nothing has read are asked about, unless it is asked about."""
        drafts, titles = self._schedule.deliverables, in_titles(self._text)
        for place, doubt in weekdays_beside(self._text, titles, self._context):
            at = next((i for i, draft in enumerate(drafts) if place[0] < draft.end), None)
            if at is not None:
                drafts[at] = replace(drafts[at], doubts=(*drafts[at].doubts, doubt))
        for at, _, doubt in (
            *across_years(self._text, titles, drafts),
            *words_beside(self._text, titles, self._drafts.read, drafts),
        ):
            if all(known.severity == "note" for known in drafts[at].doubts):
                drafts[at] = replace(drafts[at], doubts=(*drafts[at].doubts, doubt))
        read = [*self._drafts.read, *self._schedule.understood, *self._schedule.left_over]
        for at, doubt in list(closed_words(self._text, titles, read, drafts)):
            drafts[at] = replace(drafts[at], doubts=(*drafts[at].doubts, doubt))

    def _comes_back_so(self, window: Window, at: int) -> bool:
        """Whether a window has the sessions of the period that stands at a place already."""
        period = period_at(self._text, at)
        if period is None or window.recurrence is None:
            return False
        recurrence = period.within(window).recurrence
        return recurrence is None or recurrence.count == window.recurrence.count or window.starts_on is None

    def _told_of_changes(self) -> list[Deliverable]:
        """What no longer holds is told with the deliverable that it stood in, or before."""
        drafts = self._schedule.deliverables
        for gone in self._superseded:
            self._schedule.superseded.append((gone.start, gone.end))
            at = next((i for i, draft in enumerate(drafts) if draft.end >= gone.start), len(drafts) - 1)
            if at >= 0:
                drafts[at] = replace(drafts[at], doubts=(*drafts[at].doubts, gone.doubt))
        return drafts

    def _label(self, clause: Clause) -> Label | None:  # noqa: PLR0911 - one exit for each kind
        if self._behind_reference(clause) is not None:
            return None
        label = label_at(self._text, clause.start, clause.end, self._context)
        if label is not None and dated_in_brackets(self._text, clause, label, self._context):
            return None
        if label is not None and self._counted_in_brackets(clause, label):
            return None
        if label is not None and label.period is not None and (inner := self._under_period(label, clause)) is not None:
            return inner
        if label is None or label.reading.basis is not Basis.UNDATED:
            return label
        if self._drafts.governing is None:
            return None if only_leads_to_a_time(self._text, self._hidden, label, clause, self._context) else label
        # Under a time, `根据省厅政策，启动申报` says how, not when; `持续推进：` and `长期坚持，每季度一次` do.
        mark = self._text[label.reading.end : label.body]
        stands_alone = label.body >= clause.end
        comes_back = label.reading.windows[0].ongoing and (
            governing_period(self._text, self._hidden, label.body, clause.end) is not None
        )
        return label if label.delimited and (":" in mark or stands_alone or comes_back) else None

    def _counted_in_brackets(self, clause: Clause, label: Label) -> bool:
        """`全年组织督查2次（6月、11月）`: brackets say when in the year, for each of as many."""
        if label.reading.basis is not Basis.WHOLE_YEAR:
            return False
        closing = bracketed_time(self._text, clause, self._context)
        amounts = find_quotas(self._text, self._hidden, label.body, clause.end)
        each = len(closing.windows) if closing is not None and not closing.deadline else 0
        return each > 1 and bool(amounts) and amounts[0].quota.value == each

    def _under_period(self, label: Label, clause: Clause) -> Label | None:
        """`按季度推进：一季度5个、二季度10个`: times of their own under how often are the milestones."""
        mark = self._text.find(":", label.reading.end, min(clause.end, label.reading.end + _LONGEST_HEADING))
        begin = mark + 1 if mark != -1 else clause.end
        inner = label_at(self._text, begin, clause.end, self._context) if begin < clause.end else None
        if inner is None or inner.period is not None or inner.body >= clause.end:
            return None
        place = (clause.start, begin)
        if place not in self._schedule.left_over:
            self._schedule.left_over.append(place)
            self._drafts.read.append(place)
        return inner

    def _behind(self, opening: re.Pattern[str], clause: Clause) -> tuple[int, Label] | None:
        """The label behind what opens a clause: a heading, or the paper that it refers to."""
        opened = opening.match(self._text, clause.start, clause.end)
        label = label_at(self._text, opened.end(), clause.end, self._context) if opened is not None else None
        return (opened.end(), label) if opened is not None and label is not None else None

    def _behind_reference(self, clause: Clause) -> tuple[int, Label] | None:
        """The limit behind a paper that a clause refers to (`按照三年行动计划（2023—2025年），10月底前…`)."""
        found = self._behind(REFERENCE, clause)
        return found if found is not None and found[1].reading.deadline else None

    def _in_brackets(self, clause: Clause, label: Label) -> tuple[Clause | None, list[Clause]]:
        """What a label governs, and the duties with times in brackets beside it (`上半年：…（3月底前）`)."""
        parts = parts_with_brackets(self._text, Clause(label.body, clause.end), self._context)
        first = parts[0]
        comma = self._text.rfind(",", label.body, max(label.body, self._text.rfind("(", label.body, first.end)))
        last = Clause(comma + 1, first.end)
        if comma != -1 and not self._hidden[comma] and bracketed_time(self._text, last, self._context) is not None:
            # `2月底前制定方案，组织验收（3月底前）`: the brackets are those of the last duty alone.
            return replace(clause, end=comma), [last, *parts[1:]]
        if len(parts) < 2 and not self._narrowed(first, label):
            return clause, []
        return None, [replace(first, start=clause.start, numbering=clause.numbering), *parts[1:]]

    def _narrowed(self, clause: Clause, label: Label) -> bool:
        """Whether brackets at the end of a clause hold an earlier limit inside the label's time."""
        closing = bracketed_time(self._text, clause, self._context)
        outer = label.reading.windows[0]
        if closing is None or not closing.deadline or label.period is not None or len(label.reading.windows) > 1:
            return False
        due = closing.windows[-1].due_on
        return bool(due and outer.starts_on and outer.due_on and outer.starts_on <= due < outer.due_on)

    def _says_how(self, label: Label | None) -> bool:
        """Whether what opens a clause is no time: nothing, or a phrase such as `根据省厅政策`."""
        if label is None:
            return True
        mark = self._text[label.reading.end : label.body]
        return label.reading.basis is Basis.UNDATED and ":" not in mark

    def _labelled(self, clause: Clause, label: Label) -> None:
        if clause.numbering is None and (before := self._drafts.governing) is not None:
            label = since_its_start(label, before.reading)
        self._labels.append((clause.start, label))
        text = self._cell[label.reading.start : label.reading.end].strip()
        undated = label.reading.basis is Basis.UNDATED and self._text[label.reading.end : label.body].strip() != ":"
        if self._drafts.governing is None or not undated:
            self._drafts.governing = Governing(label.reading, text)
        body = label.body
        if label.period is not None or (label.reading.basis is Basis.UNDATED and not label.delimited):
            # `每季度开展一次…`, `持续推进…`: the time is part of the sentence, and how often is read from it.
            body = label.reading.start if not label.delimited else label.body
        if reports_on_it(self._text, label, clause):
            # `12月底前，每季度报告一次进展`: the limit is the duty's, and how often that of the reports on it.
            inner = label_at(self._text, label.body, clause.end, self._context)
            place = (clause.start, label.reading.end, label.reading.end)
            self._drafts.deliver(*place, label.reading, text, "window", label.body)
            if inner is not None:
                until = tuple(each.having(due_on=label.reading.windows[0].due_on) for each in inner.reading.windows)
                inner = replace(inner, reading=replace(inner.reading, windows=until))
                self._labelled(replace(clause, start=label.body, numbering=None), inner)
            return
        beside = periods_beside(self._text, label.period, clause.end) if label.period is not None else []
        if beside:
            body = label.reading.start
        scan_from = max([label.body, *(other.end for other in beside)])
        self._drafts.deliver(clause.start, clause.end, body, label.reading, text, "window", scan_from)
        for other in beside:
            # `月度/季度通报`: what is done in each of them is the same.
            inner = label_at(self._text, other.start, clause.end, self._context)
            if inner is not None:
                said = self._cell[other.start : other.end].strip()
                self._drafts.deliver(other.start, clause.end, other.start, inner.reading, said, "window", clause.end)

    def _another_behind(self, label: Label, clause: Clause) -> Clause | None:
        """What comes back beside a time that stands behind its duty, or has a limit of its own there."""
        if (also := _ALSO.match(self._text, label.body, clause.end)) is not None:
            return Clause(also.end(), clause.end)
        rest = Clause(label.body, clause.end)
        limit = self._label(rest) if "," in self._text[label.reading.end : label.body] else None
        return rest if limit is not None and limit.reading.deadline and limit.body < clause.end else None

    def _side_by_side(self, parts: Sequence[Clause]) -> None:
        """Parts with a time each: which of the times holds for one among them that has none is asked."""
        for number, part in enumerate(parts):
            if number and self._drafts.governing is not None:
                self._drafts.governing = replace(self._drafts.governing, hidden=True)
            label = self._label(part) if number and "(" not in self._text[part.start : part.end] else None
            self._unlabelled(part) if label is None else self._labelled(part, label)

    def _unlabelled(self, clause: Clause) -> None:
        headed = self._behind(_HEADING, clause)
        if headed is not None and _stands_behind(self._text[clause.start : headed[0]], headed[1]):
            # `A地块：4月出让`: the heading is what the duty is about.
            reading, said = headed[1].reading, self._cell[headed[1].reading.start : headed[1].reading.end].strip()
            self._drafts.governing = Governing(reading, said)
            self._drafts.deliver(clause.start, clause.end, clause.start, reading, said, "window", headed[1].body)
            return
        opened = self._behind_reference(clause) or (headed if headed is not None and headed[1].delimited else None)
        if (
            opened is not None
            and (opened[1].body >= clause.end or _REMARK.fullmatch(self._text, opened[1].body, clause.end))
            and opened is headed
            and not says_no_duty(self._text, clause.start, opened[0], None)
        ):
            # `方案制定：3月`: what stands before the time is the duty.
            reading, said = opened[1].reading, self._cell[opened[0] : clause.end].strip()
            self._drafts.governing = Governing(reading, said)
            self._drafts.deliver(clause.start, clause.end, clause.start, reading, said, "window", clause.end)
            return
        if opened is not None and opened is headed and (another := self._another_behind(opened[1], clause)) is not None:
            # `评审：7月10日，7月5日前报送材料`: the heading has its time, and what stands beside it is another duty.
            self._unlabelled(replace(clause, end=opened[1].reading.end))
            label = self._label(another)
            self._unlabelled(another) if label is None else self._labelled(another, label)
            return
        if opened is not None:
            self._schedule.left_over.append((clause.start, opened[0]))
            self._labelled(replace(clause, start=opened[0]), opened[1])
            return
        parts = parts_with_times_behind(self._text, self._hidden, clause, self._context)
        if len(parts) > 1:
            self._side_by_side(parts)
            return
        governed = self._drafts.governing is not None
        own = own_time(self._text, self._hidden, clause, self._context, governed=governed, behind=self._times_behind)
        if own is not None:
            text = self._cell[own.start : own.end].strip()
            self._drafts.governing = Governing(own, text)
            self._times_behind = self._times_behind or closes(self._text, own, clause.end)
            body = clause.start
            if is_all_when(self._text, clause, own, self._context):
                # `汛期前（5月31日前）`: an event with its date, and no duty.
                self._schedule.said_again.append((clause.start, clause.end))
                body = clause.end
            self._drafts.deliver(clause.start, clause.end, body, own, text, "window", own.end)
        elif (often := self._drafts.repeated(clause)) is not None:
            text, body = self._cell[often.start : often.end].strip(), self._drafts.duty_at(clause)
            self._drafts.deliver(clause.start, clause.end, body, often, text, "window", clause.end)
        elif tells_of_money(self._text, clause.start, clause.end):
            self._schedule.left_over.append((clause.start, clause.end))
        elif self._drafts.governing is not None:
            self._drafts.inherit(clause, self._drafts.governing)
        else:
            self._drafts.deliver_undated(clause)
