"""Every finding of a reconciliation says who does what next, in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from application.audit.next_steps import Check, with_next_step
from entrypoints.core_sentences import core_said, is_chinese


@pytest.mark.parametrize("check", get_args(Check))
def test_a_finding_that_only_says_what_is_wrong_is_told_with_its_next_step(check: Check) -> None:
    """Once: what says it by itself stays as it is."""
    told = with_next_step(check, "台账第3条缺失")
    assert told.startswith("台账第3条缺失。请")
    assert with_next_step(check, told) == told
    assert not is_chinese(core_said("en", told)), core_said("en", told)
