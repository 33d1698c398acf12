"""What comes next is told whole in English, however many steps an owner has and however many owners there are."""

from __future__ import annotations

import pytest

from entrypoints.core_sentences import core_said, is_chinese

TOLD = {
    "甲局尽快申请办结（时限 2018-04-30 已过），于 2018-05-10 前答复督查结论。": (
        "X as soon as possible, for 2018-04-30 is over: ask for completion, by 2018-05-10: answer the inspection."
    ),
    "甲局尽快申请 2018-05a-01、2018-05a-02 办结（时限 2018-04-30 已过）。": (
        "X as soon as possible, for 2018-04-30 is over: ask for completion of 2018-05a-01, 2018-05a-02."
    ),
    "甲局尽快签收（时限 2018-04-28 已过），尽快申请办结（时限 2018-04-30 已过）。": (
        "X as soon as possible, for 2018-04-28 is over: sign,"
        " as soon as possible, for 2018-04-30 is over: ask for completion."
    ),
    "乙局尽快批复延期（由甲局以外的人办理）（时限 2018-05-08 已过）。": (
        "Y as soon as possible, for 2018-05-08 is over: rule on the extension (somebody else than X)."
    ),
    "甲局补充延期说明，于 2018-05-31 前申请办结。": (
        "X adds to its request for more time, by 2018-05-31: ask for completion."
    ),
    "甲局于 2018-04-28 前签收，于 2018-05-31 前申请办结。": (
        "X to sign by 2018-04-28, by 2018-05-31: ask for completion."
    ),
    "甲局于 2018-04-28 前签收其余8个节点，于 2018-05-31 前申请办结。": (
        "X by 2018-04-28: sign for the rest (milestones: 8), by 2018-05-31: ask for completion."
    ),
    "甲局尽快签收其余2个节点（时限 2018-04-28 已过）。": (
        "X as soon as possible, for 2018-04-28 is over: sign for the rest (milestones: 2)."
    ),
    "甲局于 2018-04-28 前签收其余1个节点，补报：申请办结，写明实际完成日期。": (
        "X by 2018-04-28: sign for the rest (milestones: 1),"
        " report in retrospect: ask for completion with the true date."
    ),
    "甲局尽快签收其余2个节点（时限 2018-04-28 已过），补报：申请办结，写明实际完成日期。": (
        "X as soon as possible, for 2018-04-28 is over: sign for the rest (milestones: 2),"
        " report in retrospect: ask for completion with the true date."
    ),
    "甲局于 2018-05-17 前答复督查结论，补报：申请办结，写明实际完成日期。": (
        "X by 2018-05-17: answer the inspection, report in retrospect: ask for completion with the true date."
    ),
    "甲局于 2018-04-28 前签收其余2个节点，补报实际完成情况和日期。": (
        "X by 2018-04-28: sign for the rest (milestones: 2), report in retrospect what was done, with its true date."
    ),
    "甲局于 2018-04-28 前签收其余8个节点，补报 2018-02-01、2018-02-02 的实际完成情况和日期。": (
        "X by 2018-04-28: sign for the rest (milestones: 8),"
        " report in retrospect what was done in 2018-02-01, 2018-02-02, with the true dates."
    ),
    "甲局、乙局于 2018-04-28 前签收。": "X, Y to sign by 2018-04-28.",
    "甲局于 2018-04-28 前签收，于 2018-05-31 前申请 2018-05a-01 办结。": (
        "X to sign by 2018-04-28, by 2018-05-31: ask for completion of 2018-05a-01."
    ),
    "甲局于 2018-05-17 前答复督查结论，于 2018-05-31 前申请办结（计时停止，时限将相应顺延）。": (
        "X by 2018-05-17: answer the inspection, by 2018-05-31: ask for"
        " completion (the clock stands still, and the date moves accordingly)."
    ),
    "乙局于 2018-05-15 前批复延期（由甲局以外的人办理）；甲局于 2018-05-31 前申请 2018-05a-01 办结。": (
        "Y by 2018-05-15: rule on the extension (somebody else than X);"
        " X asks for completion of 2018-05a-01 by 2018-05-31."
    ),
    "甲局于 2018-04-28 前签收，补报：申请办结，写明实际完成日期。": (
        "X to sign by 2018-04-28, report in retrospect: ask for completion with the true date."
    ),
    "甲局于 2018-05-03 前补报：申请办结，写明实际完成日期。": (
        "X by 2018-05-03: report in retrospect: ask for completion with the true date."
    ),
    "中止期间不计时、不催办，2018-05-20 后自动恢复，时限随之顺延；甲局于 2018-04-28 前签收。": (
        "no clock and no urges while suspended; it goes on by itself after 2018-05-20, and the dates move;"
        " X to sign by 2018-04-28."
    ),
}


@pytest.mark.parametrize("said", TOLD)
def test_a_line_of_next_steps_is_told_in_english(said: str) -> None:
    """Word for word; the names of departments stay as they are."""
    told = core_said("en", said).replace("甲局", "X").replace("乙局", "Y")
    assert not is_chinese(told)
    assert told == TOLD[said]
