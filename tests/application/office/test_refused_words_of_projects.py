"""Which words are refused in what is said about several projects at once."""

from __future__ import annotations

from typing import Any, cast

import pytest

from application.office.acts_on_record import refused_words_of
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import Desk, milestone


def test_the_words_are_those_of_the_policies_of_these_projects_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word once, in the order of the record; what another project's policy refuses is not among them."""
    opened = {
        name: Desk(milestone(), policy=SupervisionPolicy(refused_words=words)).events[0]
        for name, words in {"2018-01": ("内部资料", "草案"), "2018-02": ("草案",), "2018-03": ("会议纪要",)}.items()
    }
    monkeypatch.setattr("application.office.acts_on_record.recorded_of", lambda *_: opened.items())
    ledger = cast("Any", None)
    assert refused_words_of(ledger, {"2018-01", "2018-02"}) == ("内部资料", "草案")
    assert refused_words_of(ledger, ()) == ()
