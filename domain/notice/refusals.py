"""What makes a notice unreadable as a whole: each says what, where and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import DubanError, InputError


class UnreadableNoticeError(InputError):
    """A notice file cannot be read as what it claims to be."""

    rule = "readable_notice"


class NoTableError(InputError):
    """The notice holds no list: no table whose heads say what its columns hold, and no item that is anybody's duty."""

    rule = "notice_has_a_list"

    def __init__(self, *, name: str, heads: Sequence[Sequence[str]] = ()) -> None:
        seen = next((listed for listed in heads if len(listed) > 1), ())
        found = f"（有一张表，栏目是{'、'.join(seen)[:80]}）" if seen else ""
        super().__init__(
            f"{name}里没有重点项目表，也没有写明牵头部门或时限的条目{found}："
            "表头要有项目名称、牵头部门、完成时限等栏目，认不出的栏目用 --column 3=title 写明。",
            name=name,
        )


class NoSuchColumnError(InputError):
    """The operator names a column that no table has."""

    rule = "column_is_there"

    def __init__(self, *, name: str, column: str, heads: Sequence[str]) -> None:
        listed = "、".join(heads)[:120]
        super().__init__(
            f"{name}里没有“{column}”一栏（有的是{listed or '没有表头的表'}），请改正 --column。", name=name
        )


class LeadIsListedError(InputError):
    """The operator says who leads a list whose own column says it."""

    rule = "lead_is_told_once"

    def __init__(self, *, name: str, lead: str) -> None:
        super().__init__(f"{name}的表里已有牵头部门一栏，--lead {lead} 用不上，请去掉。", name=name)


class NoProjectsError(InputError):
    """The table has a head and nothing under it."""

    rule = "table_has_rows"

    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name}的表头下面没有一行项目，请检查文件是否完整。", name=name)


class NoYearError(InputError):
    """Nothing in the notice says which year the list is for."""

    rule = "list_has_a_year"

    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name}的标题、文号和日期里都没有年份，请用 --year 写明是哪一年的清单。", name=name)


class TwoYearsError(InputError):
    """The file holds the lists of two years."""

    rule = "one_year_at_a_time"

    def __init__(self, *, name: str, years: Sequence[int]) -> None:
        listed = "、".join(f"{year}年" for year in years)
        super().__init__(f"{name}里有{listed}的清单，请用 --year 写明编译哪一年的。", name=name, years=tuple(years))


class UnreadableDepartmentError(InputError):
    """A department's name is too long or holds characters that no name has."""

    rule = "departments_have_names"

    def __init__(self, *, name: str, place: str, department: str) -> None:
        shown = "".join(char for char in department[:20] if char.isprintable())
        super().__init__(
            f"{name}{place}的部门名称“{shown}…”过长或有特殊字符，请把各部门用顿号分开后再编译。", place=place
        )


class FaultyCellError(InputError):
    """A cell holds a formula or an error instead of text."""

    rule = "cells_hold_text"

    def __init__(self, *, name: str, place: str, fault: str) -> None:
        super().__init__(f"{name}{place}的{fault}，请改为文字或数值（可复制后选择性粘贴为数值）再编译。", place=place)


class UnreadableRulingError(InputError):
    """A ruling says something that cannot be applied to its finding."""

    rule = "readable_ruling"


class UnruledFindingsError(DubanError):
    """A plan still has findings that wait for the operator's ruling."""

    rule = "findings_are_ruled_on"

    def __init__(self, *, count: int, first: str) -> None:
        super().__init__(
            f"计划里还有{count}处待裁定，第一处是 {first.rstrip('。')}；"
            "请用 duban compile --rule 或在计划文件的 rulings 里逐处裁定后再启动。",
            count=count,
            first=first,
        )
