"""Lists described in YAML, written by real libraries as the files that offices send."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.table import Table
from ruamel.yaml import YAML

_SERIALS = ("序号", "编号", "No.", "No", "#", "Ref")
_LEADERS = ("责任领导", "分管领导")


@dataclass(frozen=True)
class DescribedList:
    """One list: its table, how it is laid out, and what people would read in it."""

    described: dict[str, Any]

    @property
    def projects(self) -> list[dict[str, Any]]:
        """The projects as described, with the milestones that people would read."""
        return list(self.described["projects"])

    @property
    def year(self) -> int:
        """The list's year."""
        return int(self.described["year"])

    def write(self, folder: Path) -> Path:
        """The file, in the format that its name says."""
        path = folder / str(self.described["file"])
        writer = {".docx": self._docx, ".xlsx": self._xlsx, ".csv": self._csv, ".md": self._markdown}
        writer.get(path.suffix, self._text)(path)
        return path

    def _heads(self) -> list[str]:
        return [str(head) for head in self.described["heads"]]

    def _rows(self) -> list[list[str]]:
        rows = [self._row(index, project) for index, project in enumerate(self.projects)]
        for index in self.described.get("blank_lead", ()):
            rows[index][self._lead_column(rows)] = ""
        return rows

    def _row(self, index: int, project: dict[str, Any]) -> list[str]:
        schedule = project["schedule"]
        values = [project["title"], *([project["content"]] if "content" in project else []), project["lead"]]
        if "with" in project:
            values.append(project.get("joint", "、").join(project["with"]))
        values.extend(schedule if isinstance(schedule, list) else [schedule])
        rest = iter(values)
        fixed = dict.fromkeys(_SERIALS, str(index + 1)) | dict.fromkeys(_LEADERS, self.described.get("leader", ""))
        return [fixed[head] if head in fixed else str(next(rest, "")) for head in self._heads()]

    def _lead_column(self, rows: list[list[str]]) -> int:
        return rows[0].index(self.projects[0]["lead"])

    def _sections(self) -> dict[int, str]:
        return dict(self.described.get("sections", {}))

    def _before(self) -> list[str]:
        return [str(self.described["title"]), *(str(line) for line in self.described.get("intro", ()))]

    def _docx(self, path: Path) -> None:
        document, rows = docx.Document(), self._rows()
        for line in self._before():
            document.add_paragraph(line)
        cut = self.described.get("split_at", len(rows))
        for first, last in ((0, cut), (cut, len(rows))):
            if first == last:
                continue
            table = document.add_table(rows=0, cols=len(self._heads()))
            _add_row(table, self._heads())
            for index in range(first, last):
                if index in self._sections():
                    cells = table.add_row().cells
                    cells[0].merge(cells[-1]).text = self._sections()[index]
                _add_row(table, rows[index])
            document.add_paragraph("")
        document.save(str(path))

    def _xlsx(self, path: Path) -> None:
        book, rows, width = openpyxl.Workbook(), self._rows(), len(self._heads())
        book.remove(book.worksheets[0])
        for first, last, name in self.described.get("sheets", [[0, len(rows), "Sheet1"]]):
            sheet = book.create_sheet(name)
            sheet.append([self._before()[0]])
            sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
            sheet.append(self._heads())
            top = sheet.max_row + 1
            for row in rows[first:last]:
                sheet.append([int(row[0]), *(cell or None for cell in row[1:])])
            column = self._lead_column(rows) + 1
            for upper, lower in self.described.get("merge_lead", ()) if first == 0 else ():
                sheet.merge_cells(start_row=top + upper, end_row=top + lower, start_column=column, end_column=column)
        book.save(path)

    def _csv(self, path: Path) -> None:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerows([[line] for line in self._before()])
        writer.writerows([self._heads(), *self._rows()])
        path.write_text(out.getvalue(), encoding=self.described.get("encoding", "utf-8"))

    def _markdown(self, path: Path) -> None:
        lines = [f"# {self._before()[0]}", "", _piped(self._heads()), "|" + "---|" * len(self._heads())]
        path.write_text("\n".join([*lines, *map(_piped, self._rows())]) + "\n", encoding="utf-8")

    def _text(self, path: Path) -> None:
        lines = [*self._before(), "", "\t".join(self._heads())]
        for index, row in enumerate(self._rows()):
            if index in self._sections():
                lines.append(self._sections()[index])
            lines.append("\t".join(row))
        path.write_text("\n".join(lines) + "\n", encoding=self.described.get("encoding", "utf-8"))


def described_lists(folder: Path) -> list[DescribedList]:
    """The lists described in a folder."""
    reader = YAML(typ="safe")
    return [DescribedList(reader.load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))]


def _add_row(table: Table, texts: list[str]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):  # type: ignore[no-untyped-call]  # python-docx
        cell.text = text


def _piped(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
