from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from activities.failures import application_error, told_to_the_engine
from domain.errors import DubanError, LedgerConflictError, LedgerError, LedgerUnavailableError
from domain.record.ledger_errors import LeafRefusedError


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (LedgerConflictError("事件编号已被占用。"), True),
        (LeafRefusedError(event_id="key-project/2018/05a#3", detail="太大"), True),
        (LedgerUnavailableError("台账没有响应。"), False),
        (LedgerError("台账有故障。"), False),
        (DubanError("文号已用于另一份文书。"), False),
    ],
)
def test_only_what_no_repeat_can_mend_is_final(error: DubanError, final: bool) -> None:
    """A person can mend everything else while the engine goes on trying."""
    assert application_error(error).non_retryable is final


def test_the_engine_keeps_the_sentence_the_rule_and_the_ids() -> None:
    """Who looks into the history reads what a person on the spot would have read."""
    kept = application_error(LeafRefusedError(event_id="key-project/2018/05a#3", detail="太大"))

    assert kept.message == "事件 key-project/2018/05a#3 不能记入台账（太大）：请告知系统维护人员。"
    told = {"rule": "ledger_leaf_format", "event_id": "key-project/2018/05a#3", "detail": "太大"}
    assert kept.details == (told,)


def test_a_full_disk_is_told_in_words_and_tried_again() -> None:
    """The machine's own refusals are sentences too."""
    with pytest.raises(ApplicationError) as refused, told_to_the_engine():
        raise OSError(28, "No space left on device", "催办〔2018〕3号.docx")

    assert refused.value.message == (
        "“催办〔2018〕3号.docx”不能读写（磁盘已满）：请检查磁盘空间和权限，恢复后会自动重试。"
    )
    assert not refused.value.non_retryable


def test_what_was_not_foreseen_goes_through_as_it_is() -> None:
    """A defect of ours keeps its own name and place."""
    with pytest.raises(ZeroDivisionError), told_to_the_engine():
        _ = 1 / 0
