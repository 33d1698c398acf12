from __future__ import annotations

from typing import get_args

import pytest

from domain.papers.delivery import Delivery, DeliveryState, WithheldReason
from domain.papers.delivery_words import STATE_WORDS, in_words, reason_in_words, why_and_next
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import at

REASONS = (
    *get_args(WithheldReason),
    *("no_address", "certificate", "no_tls", "not_supported", "url", "crash", "timeout", "answer:not_json"),
    *("answer:no_code", "connect:tls", "connect:timeout", "connect:ConnectError", "cut:ReadTimeout"),
    *("fault:RuntimeError", "limited:45009", "code:93000", "code:-1", "http:401", "http:403", "http:404", "http:302"),
    *("http:429", "http:503", "smtp:421", "smtp:450", "smtp:-1", "smtp:530", "smtp:535", "smtp:550", "bounced:5.1.1"),
)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_sentence_in_both_languages(reason: str) -> None:
    """An administrator reads what is wrong and what to do, and the number by which the other side's manual has it."""
    words = reason_in_words(reason)
    assert is_chinese(words)
    assert "{" not in words
    assert not is_chinese(core_said("en", words))
    number = reason.partition(":")[2]
    if number.strip("-.0123456789") == "" and reason not in ("smtp:530", "smtp:535"):
        assert number in words


def test_what_passes_is_told_from_what_somebody_must_mend() -> None:
    """Four hundred of a mail server is for now, and of a program for good; five hundred the other way round."""
    for passing in ("smtp:450", "http:503", "limited:45009", "http:429"):
        assert "请核对" not in reason_in_words(passing)
    for lasting in ("smtp:550", "http:405", "code:93000", "certificate"):
        assert "请核对" in reason_in_words(lasting)
    assert reason_in_words("of another build") == "of another build"


def test_every_state_with_its_way_and_reason_is_told_in_both_languages() -> None:
    """As the shell lists it."""
    assert set(STATE_WORDS) == set(get_args(DeliveryState))
    now = at("05-09 09:00")
    for state in STATE_WORDS:
        told = Delivery(
            message_id="m", digests=(), papers=1, urgent=False, gathered_at=now, since=now, state=state, channel="mail"
        )
        assert not is_chinese(core_said("en", in_words(told)))
        for reason in REASONS:
            why = in_words(told.model_copy(update={"reason": reason}))
            assert why.startswith(f"{STATE_WORDS[state]}（mail）：{reason_in_words(reason)}")
            assert not is_chinese(core_said("en", why)), core_said("en", why)


def test_what_has_not_arrived_says_whether_the_program_tries_again_and_when() -> None:
    """By the hour where it is known; what has arrived needs nothing."""
    now = at("05-09 09:00")
    told = Delivery(message_id="m", digests=(), papers=1, urgent=False, gathered_at=now, since=now, reason="http:503")
    for state in STATE_WORDS:
        by_itself = "自动" in why_and_next(told.model_copy(update={"state": state}))
        assert by_itself == (state not in ("accepted", "delivered", "read"))
    later = told.model_copy(update={"state": "failed_for_now", "try_again_at": at("05-09 10:00")})
    assert why_and_next(later).endswith("；2018-05-09 10:00 以后由这个通道自动再试")
    assert core_said("en", why_and_next(later)).endswith("by itself, after 2018-05-09 10:00")
