from __future__ import annotations

from pathlib import Path

import pytest

from adapters.channels.registry import UnreadableSecretError, channels_of
from adapters.channels.routes_file import UnreadableRoutesError, read_routes
from tests.adapters.channels.conftest import MORNING

EXAMPLE = Path(__file__).parents[3] / "examples" / "channels.yaml"


def test_the_example_is_good() -> None:
    """What the office copies can be read, and names each kind of step."""
    routes = read_routes(EXAMPLE)
    assert [step.channel for step in routes.steps_of("组织部联络员")] == ["mail", "group", "inbox"]


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("kind: wecom", "kind: wechat", "group:", "kind 只能是"),
        ("port: 465", "port: 70000", "port: 70000", "“port”不能大于 65535"),
        ("port: 465", "prot: 465", "prot: 465", "没有“prot”这一项（是否想写 port？）"),
        ("channel: sms", "channel: smss", "to:", "“分管领导秘书”要用的通道 smss 没有写在 channels 下"),
        ("address: ms@example.gov.cn", 'address: "a@b.cn\\nBcc: c@d.cn"', 'address: "a@b', "“address”的写法不对"),
        ("address: ms@example.gov.cn", "address: ''", "address: ''", "“address”的写法不对"),
        ("address: ms@example.gov.cn", "address: 秘书@example.gov.cn", "address: 秘书", "只用英文字母、数字和符号"),
        ("address: ms@example.gov.cn", "address: ms@例子.cn", "address: ms@例", "只用英文字母、数字和符号"),
        ('begin: "20:00"', 'begin: "晚八点"', "begin:", "“begin”应写成“20:00”这样的时刻"),
        ('begin: "20:00"', 'begin: "20:00+08:00"', "begin:", "“begin”应写成“20:00”这样的时刻"),
        ('begin: "20:00"', 'begin: "08:00"', "    quiet:", "begin 和 end 不能相同：那样整天都不发送"),
        ("group", "inbox", "  inbox:", "inbox 是督办平台收件箱的名字，请给这个通道另取一个"),
        ("  group:", "  群:", "  群:", "“群”的写法不对：通道的名字只用小写英文字母、数字和连字符，如 group-3"),
        ("channel: group", "channel: Group", "channel: Group", "“channel”的写法不对：通道的名字只用小写英文字母"),
        ("  组织部联络员:", "  ＩＴ部:\n    reads: [教育局]\n  IT部:", "readers:", "两个收件人的名字只是写法不同"),
        ("attach: docx", "attach: word", "attach: word", "“attach”只能是 'docx'、'pdf'、'both'"),
        ("security: tls", "security: none", "mail:\n", "不加密（security: none）只许发到本机"),
        ("url: https://gateway", "url: http://gateway", "sms:\n", "url 只能是 https:// 的地址"),
        ("password_file: secrets/mail-password", "", "mail:\n", "user 和 password_file 要么都写，要么都不写"),
        ("reads: [组织部]", "reads: []", "reads: []", "“reads”至少写一项"),
    ],
)
def test_a_mistake_is_told_with_its_line(before: str, after: str, at: str, says: str, tmp_path: Path) -> None:
    """The sentence names the file, the line, and what is wrong there."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "channels.yaml"
    changed = text.replace(before, after)
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(UnreadableRoutesError) as refused:
        read_routes(path)
    assert says in refused.value.text
    assert str(path) in refused.value.text
    assert refused.value.line == changed[: changed.rindex(at)].count("\n") + 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "读不出来"),
        ("", "应只有一行内容"),
        ("two\nlines", "应只有一行内容"),
        ("http://a/very-secret", "不是 https://"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused_and_not_shown(content: str | None, says: str, tmp_path: Path) -> None:
    """The sentence names channel and file, and nothing of what the file holds."""
    path = tmp_path / "channels.yaml"
    path.write_text("channels:\n  group: {kind: wecom, url_file: url}\n", encoding="utf-8")
    if content is not None:
        (tmp_path / "url").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSecretError) as refused:
        channels_of(read_routes(path), tmp_path, lambda: MORNING)
    assert says in refused.value.text
    assert "group" in refused.value.text
    assert "very-secret" not in refused.value.text
