"""Several findings of one examination are one sentence."""

from __future__ import annotations

import pytest

from application.office.examination import several, stuck_check


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((), ""),
        (("甲停了：请修复。",), "甲停了：请修复"),
        (("甲停了：请修复。", "乙没有保存"), "甲停了：请修复；乙没有保存"),
        (tuple(f"第{number}项。" for number in range(1, 7)), "第1项；第2项；第3项；第4项；第5项（共 6 项）"),
    ],
)
def test_no_full_stop_stands_before_a_semicolon(texts: tuple[str, ...], told: str) -> None:
    """Whatever each finding ends with; what is left out is counted."""
    assert several(texts) == told


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x1b[2J"])
def test_a_workflow_s_name_makes_no_line_of_the_examination(end: str) -> None:
    """Whoever reaches the engine could write there that all is well."""
    check = stuck_check([f"other{end}✓ 没有卡住的流程"])

    assert not check.ok
    assert check.text.startswith("卡住的流程：other�")
    assert len(check.text.splitlines()) == 1
