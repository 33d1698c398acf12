from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.plain_text import harmless, text_of
from domain.ports.channel import Message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("见 https://e.com/a", "见 https：//e．com/a"),
        ("见 http:\\\\e.com", "见 http：\\\\e．com"),
        ("weixin://dl/business", "weixin：//dl/business"),
        ("登录 pay-bank.com.cn/x 核对", "登录 pay-bank．com．cn/x 核对"),
        ("WWW.e.com", "WWW．e．com"),
        ("[点此](http://e.com)", "［点此］(http：//e．com)"),
        ("<@all> @所有人 <font color=red>", "＜＠all＞ ＠所有人 ＜font color=red＞"),
        ("改为\u202efdp.exe", "改为 fdp．exe"),
        ("\x1b[31m红\u2028行\r\nBcc: a@b.cn", "［31m红 行 Bcc: a＠b．cn"),
        ("第3.2项，目标1.5万，附件2.docx", "第3.2项，目标1.5万，附件2．docx"),
        ("《清单》3.市委", "《清单》3.市委"),
        ("=?utf-8?b?54mI?=", "=？utf-8?b?54mI?="),
    ],
)
def test_a_strangers_words_do_nothing_in_a_chat(text: str, shown: str) -> None:
    """No link, also of a bare name, no mention, no mark-up, no command of a terminal, no turned reading direction."""
    assert harmless(text) == shown


@given(
    st.text(min_size=1, max_size=400), st.lists(st.text(max_size=60), max_size=6), st.integers(20, 400), st.booleans()
)
def test_a_link_is_whole_or_not_there(subject: str, lines: list[str], most: int, in_bytes: bool) -> None:
    """However little room a channel has and however many offices the subject names: half a link leads nowhere."""
    link = f"https://duban.example.gov.cn/opened/{'0' * 64}"
    message = Message(message_id="1", reader="r", subject=subject, urgent=True, lines=tuple(lines), link=link)
    text = text_of(message, most=most, in_bytes=in_bytes)
    assert len(text.encode() if in_bytes else text) <= most
    assert (link in text) is ("登录" in text)
    assert link in text or most < 200


def test_the_line_of_the_ledgers_head_stays_as_programs_compare_it() -> None:
    """A log's name may look like an address: it is the office's own."""
    footer = "台账校验值：duban.example.gov.cn/log 42 q1+/w=="
    message = Message(message_id="1", reader="r", subject="s", urgent=False, lines=("=1+1",), footer=footer)
    assert footer in text_of(message, most=1_000).splitlines()
    assert "1. =1+1" in text_of(message, most=1_000)


@pytest.mark.parametrize("in_bytes", [False, True])
@pytest.mark.parametrize("most", [20, 60, 100, 300])
def test_a_short_message_has_the_beginning_of_its_one_paper(most: int, in_bytes: bool) -> None:
    """As far as there is room, so that a reader of short messages knows what came; and never more than there is."""
    line = "督通〔2018〕3号 督查通知单（少年部）：" + "推进网上共青团建设。" * 40
    message = Message(message_id="1", reader="r", subject="督办文书1件", urgent=False, lines=(line,))
    text = text_of(message, most=most, in_bytes=in_bytes)
    assert (len(text.encode()) if in_bytes else len(text)) <= most
    if most == 300 or (most >= 60 and not in_bytes):
        head, paper, more = text.split("\n")
        assert (head, more) == ("督办文书1件", "……共1件，其余见督办平台。")
        assert paper.startswith("1. 督通〔2018〕3号 督查通知单（少年部）：")
        assert paper.endswith("…")
