from __future__ import annotations

import io

from adapters.notifications.console_notifier import ConsoleNotifier
from domain.papers.mail import Digest
from domain.ports.notifier import Notifier
from tests.adapters.notifications.conftest import MORNING, digest_of, numbered_paper


async def test_a_digest_is_a_short_block_on_the_stream(digest: Digest) -> None:
    """One line for the digest, one for each kind."""
    stream = io.StringIO()
    notifier: Notifier = ConsoleNotifier(stream)

    await notifier.deliver(digest, {}, MORNING)

    assert stream.getvalue() == (
        "2018-06-04 09:00  → 组织部：4件\n"
        "    督办单  督办〔2018〕1号（黄色）（抄送，主送分管领导）\n"
        "    催办单  催办〔2018〕3号、催办〔2018〕4号\n"
        "    提醒  提醒〔2018〕7号\n"
    )


async def test_a_long_digest_stays_short_on_the_stream() -> None:
    """A month's end does not flood the terminal."""
    stream = io.StringIO()

    await ConsoleNotifier(stream).deliver(digest_of(*(numbered_paper(n) for n in range(1, 101))), {}, MORNING)

    assert len(stream.getvalue().splitlines()) == 2
    assert stream.getvalue().endswith("等100件\n")


async def test_a_digest_delivered_again_is_shown_once(digest: Digest) -> None:
    """A retry is not news."""
    stream = io.StringIO()
    notifier = ConsoleNotifier(stream)
    await notifier.deliver(digest, {}, MORNING)
    once = stream.getvalue()

    await notifier.deliver(digest, {}, MORNING)

    assert stream.getvalue() == once


async def test_a_stream_that_is_gone_holds_no_mail_up(digest: Digest) -> None:
    """Closing the terminal does not stop the office's mail."""
    stream = io.StringIO()
    stream.close()

    await ConsoleNotifier(stream).deliver(digest, {}, MORNING)

    assert stream.closed


async def test_a_stream_without_chinese_gets_what_it_can_show(digest: Digest) -> None:
    """An old terminal shows marks instead of stopping the block."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    await ConsoleNotifier(stream).deliver(digest, {}, MORNING)

    assert raw.getvalue().startswith(b"2018-06-04 09:00  ? ???")
