"""What makes a notice unreadable as a whole: each says what, where and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import InputError, PhrasedError, UnusableInputError


class UnreadableNoticeError(InputError, rule="readable_notice"):
    """A notice file cannot be read as what it claims to be."""


class NoTableError(UnusableInputError, rule="notice_has_a_list"):
    """The notice holds no list: no table whose heads say what its columns hold, and no item that is anybody's duty."""

    name: str
    heads: Sequence[Sequence[str]] = ()

    def _sentence(self) -> str:
        seen = next((listed for listed in self.heads if len(listed) > 1), ())
        found = f"（有一张表，栏目是{'、'.join(seen)[:80]}）" if seen else ""
        return (
            f"{self.name}里没有重点项目表，也没有写明牵头部门或时限的条目{found}："
            "表头应有项目名称、牵头部门、完成时限等栏目；"
            "认不出的栏目请改成这样的名称。"
        )


class NoSuchColumnError(UnusableInputError, rule="column_is_there"):
    """The operator names a column that no table has."""

    name: str
    column: str
    heads: Sequence[str]

    def _sentence(self) -> str:
        listed = "、".join(self.heads)[:120]
        return f"{self.name}里没有“{self.column}”一栏（有的是{listed or '没有表头的表'}），请改正所写的栏名。"


class LeadIsListedError(UnusableInputError, rule="lead_is_told_once"):
    """The operator says who leads a list whose own column says it."""

    says = "{name}的表里已有牵头部门一栏，另写的牵头部门“{lead}”用不上，请去掉。"
    name: str
    lead: str


class NoProjectsError(UnusableInputError, rule="table_has_rows"):
    """The table has a head and nothing under it."""

    says = "{name}的表头下面没有一行项目，请检查文件是否完整。"
    name: str


class NoYearError(UnusableInputError, rule="list_has_a_year"):
    """Nothing in the notice says which year the list is for."""

    says = "{name}的标题、文号和日期里都没有年份，请写明是哪一年的清单。"
    name: str


class TwoYearsError(UnusableInputError, rule="one_year_at_a_time"):
    """The file holds the lists of two years."""

    name: str
    years: Sequence[int]

    def _sentence(self) -> str:
        listed = "、".join(f"{year}年" for year in self.years)
        return f"{self.name}里有{listed}的清单，请写明读哪一年的。"


class UnreadableDepartmentError(UnusableInputError, rule="departments_have_names"):
    """A department's name is too long or holds characters that no name has."""

    name: str
    place: str
    department: str

    def _sentence(self) -> str:
        shown = "".join(char for char in self.department[:20] if char.isprintable())
        return f"{self.name}{self.place}的部门名称“{shown}…”过长或有特殊字符，请把各部门用顿号分开后再读入。"


class FaultyCellError(UnusableInputError, rule="cells_hold_text"):
    """A cell holds a formula or an error instead of text."""

    says = "{name}{place}的{fault}，请改为文字或数值（可复制后选择性粘贴为数值）再读入。"
    name: str
    place: str
    fault: str


class UnreadableRulingError(InputError, rule="readable_ruling"):
    """A ruling says something that cannot be applied to its finding."""


class UnruledFindingsError(PhrasedError, rule="findings_are_ruled_on"):
    """A plan still has findings that wait for the operator's ruling."""

    count: int
    first: str

    def _sentence(self) -> str:
        return f"计划里还有{self.count}处待裁定，第一处是 {self.first.rstrip('。')}；请逐处裁定后再启动。"
