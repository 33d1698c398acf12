"""Notices with tables of every shape at random, by command: `python -m tests.domain.notice.tables_at_random 20000`."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from domain.errors import InputError
from domain.notice.compiling import Compilation, compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan

_SERIALS = ("序号", "编号", "No.", "项次")
_TITLES = ("工作任务", "项目名称", "重点工作", "行动项", "存在问题", "Milestone", "组件", "Commitment", "验收项")
_CONTENTS = ("主要内容", "工作目标", "主要举措")
_LEADS = ("牵头单位", "责任部门", "责任人", "Owner")
_PARTICIPANTS = ("配合单位", "参与部门", "会办单位")
_DUES = ("完成时限", "Due", "截止日期", "时间要求", "完成", "完成月份")
_STARTS = ("开始时间", "开始", "计划开工时间")
_SCHEDULES = ("工作进度安排", "时序进度", "进度安排")
_MORE = ("类别", "级别", "来源", "责任领导", "分管领导", "优先级")
_ASIDE = ("备注", "完成情况", "考核要点", "涉及处室意见", "分值", "联系电话", "Remarks", "调整后完成时间", "年度")
_TIMES = (
    *("6月底前", "3月", "1-3月", "第三季度", "下半年", "12月15日前", "全年", "每季度", "2024年9月", "适时", "已完成"),
    *("6", "3月启动—11月完成", "每月调度，6月底前完成", "5月15日入汛前", "6月底前（8月）", "每周一次，直至6月底"),
    *("4月起", "长期坚持", "30 June 2024", "45443", "2024-05-23", "3月底前\n9月底前"),
)
_STATUSES = ("改为9月底前完成", "已完成", "进行中", "延期", "培训不少于8次", "")
_MARKS = ("√", "●", "", "", "—", "开工")
_WORDS = "推进建设落实完善整治服务改造提升示范行动平台机制标准调研培训保障"
_NO_REGION = None


@dataclass
class Made:
    """A notice and, for each findable word in it, the head of its column and the place of its row and table."""

    document: NoticeDocument
    words: dict[str, tuple[str, str, str]] = field(default_factory=dict)


@dataclass
class _Column:
    role: str
    path: tuple[str, ...]


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._counter = 0
        self._region = 0
        self.words: dict[str, tuple[str, str, str]] = {}

    def word(self) -> str:
        """A duty that no other cell holds."""
        self._counter += 1
        letters = "".join(self._chance.choice(_WORDS) for _ in range(self._chance.randrange(2, 6)))
        return f"{letters}{chr(0x4E00 + 200 + self._counter)}{chr(0x5E00 + self._counter)}"

    def region(self) -> int:
        self._region += 1
        return self._region

    def columns(self) -> list[_Column]:
        """The columns of a table, with the words of their heads from above to below."""
        pick = self._chance.choice
        columns = [_Column("serial", (pick(_SERIALS),))] if self._chance.random() < 0.8 else []
        title = pick(_TITLES)
        columns.append(_Column("title", (title,)))
        if self._chance.random() < 0.25:
            columns.append(_Column("level", (title,)))
        if self._chance.random() < 0.4:
            columns.append(_Column("content", (pick(_CONTENTS),)))
        columns += self._timed()
        if self._chance.random() < 0.85:
            if self._chance.random() < 0.2:
                columns += [
                    _Column("lead", ("责任分工", "单位", "牵头单位")),
                    _Column("participants", ("责任分工", "单位", "配合单位")),
                ]
            else:
                columns.append(_Column("lead", (pick(_LEADS),)))
                if self._chance.random() < 0.5:
                    columns.append(_Column("participants", (pick(_PARTICIPANTS),)))
        for head in self._chance.sample(_MORE, self._chance.randrange(3)):
            columns.append(_Column("more", (head,)))
        for head in self._chance.sample(_ASIDE, self._chance.randrange(4)):
            columns.append(_Column("aside", (head,)))
        if self._chance.random() < 0.3 and all(column.role != "level" for column in columns):
            first, rest = columns[:1], columns[1:]
            self._chance.shuffle(rest)
            columns = first + sorted(rest, key=lambda column: column.path[0] if len(column.path) > 1 else "")
        return columns

    def _timed(self) -> list[_Column]:
        match self._chance.randrange(7):
            case 0:
                return [_Column("measure", ("进度安排", "具体措施")), _Column("due", ("进度安排", "完成时限"))]
            case 1:
                return [_Column("start", (self._chance.choice(_STARTS),)), _Column("due", ("结束时间",))]
            case 2:
                return [_Column("period", (f"{month}月",)) for month in range(1, 7)]
            case 3:
                return [_Column("schedule", (self._chance.choice(_SCHEDULES),))]
            case 4 if self._chance.random() < 0.3:
                return []
            case _:
                return [_Column("due", (self._chance.choice(_DUES),))]

    def table(self, block: int, *, heads: bool = True) -> Table:
        columns = self.columns()
        rows = self._heads(columns) if heads else []
        name = f"表{block}"
        for number in range(1, self._chance.randrange(2, 6)):
            span = self._chance.choice([1, 1, 1, 2, 3])
            merged = self._chance.random() < 0.6
            rows += self._project(columns, number, span, merged=merged, at=len(rows), name=name)
            match self._chance.randrange(12):
                case 0:
                    rows.append(self._alone(columns, f"一、{self.word()}", len(rows), name))
                case 1:
                    rows.append(self._alone(columns, "合计", len(rows), name))
                case 2:
                    rows.append(Row((Cell(""),) * len(columns), f"{name}第{len(rows)}行"))
                case 3:
                    rows += self._heads(columns, len(rows))
        return Table(tuple(rows), "")

    def card(self, block: int) -> Table:
        """A table on its side: one project, its heads in the first column."""
        name = f"卡{block}"
        lead, helper = f"{self.word()}局", f"{self.word()}委"
        told = [("任务名称", self.word()), ("牵头单位", lead), ("配合单位", helper), ("主要内容", self.word())]
        told.append(("完成时限", self._chance.choice(_TIMES)))
        rest = [("备注", self.word())] if self._chance.random() < 0.5 else []
        pairs = [*self._chance.sample(told, len(told)), *rest]
        rows: list[Row] = []
        for at, (head, text) in enumerate(pairs):
            place = f"{name}第{at}行"
            self._note(text, head, place, name)
            rows.append(Row((Cell(head), Cell(text)), place))
        return Table(tuple(rows), "")

    def headless(self, block: int) -> Table:
        """A table without any head: words, an office, a time in each row, numbered or not, offices merged or not."""
        name = f"无头表{block}"
        numbered, helped, merged = (self._chance.random() < 0.5 for _ in range(3))
        rows: list[Row] = []
        office = Cell("")
        for at in range(self._chance.randrange(2, 5)):
            place = f"{name}第{at}行"
            if not (at and merged):
                office = Cell(f"{self.word()}局", self.region() if merged else None)
            title, helper = self.word(), f"{self.word()}委"
            time_ = Cell(self._chance.choice(("6月底前", "9月", "三季度", "3月底前")))
            cells = [Cell(title), office, *([Cell(helper)] if helped else []), time_]
            for text in (title, office.text, *([helper] if helped else [])):
                self._note(text, "", place, name)
            rows.append(Row((*([Cell(str(at + 1))] if numbered else []), *cells), place))
        return Table(tuple(rows), "")

    def beside(self, block: int) -> Table:
        """A table that is no list: whom to call, amounts, a legend, what looks like a list and says no who or when."""
        name = f"附{block}"
        heads, maker = self._chance.choice(
            (
                (("单位", "联系人", "电话"), lambda: (f"{self.word()}局", "张三", "0000")),
                (("指标", "2023年", "2024年"), lambda: (self.word(), "12", "15")),
                (("颜色", "含义"), lambda: ("红", self.word())),
                (("序号", "文件名称"), lambda: ("1", self.word())),
            )
        )
        rows = [Row(tuple(Cell(head) for head in heads), f"{name}第0行")]
        for at in range(1, self._chance.randrange(2, 4)):
            texts = maker()
            for head, text in zip(heads, texts, strict=True):
                self._note(text, head, f"{name}第{at}行", name)
            rows.append(Row(tuple(Cell(text) for text in texts), f"{name}第{at}行"))
        return Table(tuple(rows), "")

    def _heads(self, columns: list[_Column], at: int = 0) -> list[Row]:
        height = max(len(column.path) for column in columns)
        regions: dict[tuple[object, ...], int] = {}
        rows: list[Row] = []
        for level in range(height):
            cells: list[Cell] = []
            for place, column in enumerate(columns):
                text = column.path[min(level, len(column.path) - 1)]
                key: tuple[object, ...]
                if level < len(column.path) - 1:
                    key = ("group", column.path[: level + 1])
                elif column.role in ("title", "level"):
                    key = ("title", text)
                else:
                    key = ("head", place)
                cells.append(
                    Cell(text, regions.setdefault(key, self.region()) if height > 1 or key[0] == "title" else None)
                )
            rows.append(Row(tuple(cells), f"第{at + level}行"))
        return rows

    def _alone(self, columns: list[_Column], text: str, at: int, name: str) -> Row:
        place = f"{name}第{at}行"
        column = min(self._chance.randrange(2), len(columns) - 1)
        if text != "合计":
            self.words[text[2:]] = ("", place, name)
        return Row(tuple(Cell(text if number == column else "") for number in range(len(columns))), place)

    def _project(
        self, columns: list[_Column], number: int, span: int, *, merged: bool, at: int, name: str
    ) -> list[Row]:
        shared = {
            place: self.region()
            for place, c in enumerate(columns)
            if c.role in ("serial", "title", "lead", "participants")
        }
        kept: dict[int, Cell] = {}
        rows: list[Row] = []
        for line in range(span):
            place = f"{name}第{at + line}行"
            cells: list[Cell] = []
            for position, column in enumerate(columns):
                if line and position in kept:
                    cells.append(kept[position] if merged else Cell(""))
                    continue
                text = self._text(column, number)
                struck = self.word() if self._chance.random() < 0.03 else ""
                region = shared[position] if position in shared and merged and span > 1 else None
                cell = Cell(text, region, struck=struck, shaded=self._chance.random() < 0.05)
                if position in shared:
                    kept[position] = cell
                self._note(text, column.path[-1], place, name)
                cells.append(cell)
            rows.append(Row(tuple(self._side_by_side(columns, cells) if span == 1 else cells), place))
        return rows

    def _side_by_side(self, columns: list[_Column], cells: list[Cell]) -> list[Cell]:
        """Now and then what is to be done goes over two columns."""
        wide = [at for at in range(len(cells) - 1) if (columns[at].role, columns[at + 1].role) == ("title", "content")]
        if not wide or self._chance.random() < 0.7:
            return cells
        at = wide[0]
        self.words.pop(cells[at + 1].text, None)
        both = replace(cells[at], region=self.region())
        return [*cells[:at], both, both, *cells[at + 2 :]]

    def _note(self, text: str, head: str, place: str, name: str) -> None:
        if any(char >= chr(0x4E00 + 200) for char in text) and text not in _TIMES and text not in _STATUSES:
            self.words[text] = (head, place, name)

    def _text(self, column: _Column, number: int) -> str:
        times, word = self._chance.choice(_TIMES), self.word()
        makers: dict[str, Callable[[], str]] = {
            "serial": lambda: str(number) if self._chance.random() < 0.97 else "",
            "title": lambda: word,
            "level": lambda: self._chance.choice([word, ""]),
            "content": lambda: self._chance.choice([word, word, ""]),
            "measure": lambda: word,
            "lead": lambda: f"{word}局" if self._chance.random() < 0.95 else "",
            "participants": lambda: self._chance.choice([f"{word}委", ""]),
            "due": lambda: times if self._chance.random() < 0.95 else "",
            "start": lambda: self._chance.choice(["3月1日", "2024年2月", ""]),
            "schedule": lambda: self._chance.choice(
                [f"{times}：{word}", f"3月：{word}；6月底前：{self.word()}", times]
            ),
            "period": lambda: self._chance.choice(_MARKS),
            "more": lambda: self._chance.choice([word, ""]),
            "aside": lambda: self._chance.choice([*_STATUSES, word]),
        }
        return makers[column.role]()


def made(seed: int) -> Made:
    """A notice at random."""
    chance = random.Random(seed)
    maker = _Maker(chance)
    blocks: list[Paragraph | Table] = [Paragraph("某市2024年重点工作清单")]
    if chance.random() < 0.8:
        blocks.append(Paragraph("2024年2月20日"))
    for number in range(chance.choice([1, 1, 1, 2, 3])):
        if number and chance.random() < 0.5:
            blocks.append(Paragraph(f"附表{number}"))
        kind = chance.random()
        make = maker.card if kind < 0.1 else maker.headless if kind < 0.25 else maker.table
        blocks.append(make(len(blocks)))
    for _ in range(chance.choice([0, 0, 1, 2])):
        blocks.insert(chance.randrange(2, len(blocks) + 1), maker.beside(len(blocks)))
    if chance.random() < 0.5:
        blocks.append(Paragraph("各单位每月25日前报送进展情况。"))
    return Made(NoticeDocument("random", tuple(blocks)), maker.words)


def compiled(notice: Made) -> Compilation | None:
    """What the notice compiles to; nothing where it is refused in a sentence."""
    try:
        return compilation(notice.document)
    except InputError:
        return None


def must_be_accounted_for(notice: Made, found: Compilation) -> None:
    """Hold that the sums agree with what was written, and that every word comes out or is named."""
    written = _written(notice.document)
    coverage = found.coverage
    assert coverage.characters.total == written["characters"]
    assert coverage.cells.total == written["cells"]
    text = found.plan.model_dump_json()
    projects = "".join(project.model_dump_json() for project in found.plan.projects)
    # A remark that moves a limit stands in brackets behind it, inside what the cell printed.
    projects += projects.replace("（改为9月底前）", "")
    named = [(part.kind, part.place, part.name) for part in coverage.left]
    for word, (head, place, _) in notice.words.items():
        if all(piece in projects for piece in word.split("\n")):
            continue
        assert (
            word in text
            or any(kind == "column" and name == head for kind, _, name in named)
            or any(where == place for _, where, _ in named)
            or any(kind == "table" for kind, _, _ in named)
        ), (word, head, place)
    for block in notice.document.blocks:
        for cell in (cell for row in block.rows for cell in row.cells) if isinstance(block, Table) else ():
            assert not cell.struck or cell.struck in text, cell
    assert Plan.model_validate_json(text) == found.plan


def _written(document: NoticeDocument) -> Counter[str]:
    """The characters and cells of a notice, counted in the plainest way."""
    counted: Counter[str] = Counter()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            counted["characters"] += len("".join(block.text.split()))
            continue
        seen: set[int] = set()
        for cell in (cell for row in block.rows for cell in row.cells):
            if cell.region is not None and cell.region in seen:
                continue
            seen.add(cell.region if cell.region is not None else -1)
            counted["characters"] += len("".join(cell.text.split()))
            counted["cells"] += bool(cell.text.strip() or cell.struck)
    return counted


def campaign(rounds: int, first: int) -> tuple[int, Counter[str], float]:
    """Try so many notices; answer how many were read, the findings by kind, and the slowest one's seconds."""
    read, codes, slowest = 0, Counter[str](), 0.0
    for seed in range(first, first + rounds):
        notice = made(seed)
        begin = time.perf_counter()
        found = compiled(notice)
        slowest = max(slowest, time.perf_counter() - begin)
        if found is None:
            continue
        read += 1
        codes.update({finding.code for finding in found.plan.findings})
        try:
            must_be_accounted_for(notice, found)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    return read, codes, slowest


def main() -> None:
    """Run from the command line."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    read, codes, slowest = campaign(rounds, first)
    sys.stdout.write(
        f"{rounds} notices from seed {first}: no traceback, {read} read; the slowest took {slowest:.3f} s\n"
    )
    sys.stdout.write(f"{dict(codes.most_common())}\n")


if __name__ == "__main__":
    main()
