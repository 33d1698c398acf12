"""Letters as mail programs write them: what of each is an answer."""

from __future__ import annotations

import time
from email.message import EmailMessage
from typing import Any

import pytest

from application.desk_work.letters import letter_from

IDENTITY = "0123456789abcdef0123456789abcdef01234567"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
OWN = "已完成摸底，问题清单附后。"


def letter(body: bytes | str, *headers: str) -> bytes:
    """A reply with these headers, and the body with its own."""
    head = ("From: zzb@example.gov.cn", f"In-Reply-To: <{IDENTITY}@example.gov.cn>", *headers)
    content = body.encode() if isinstance(body, str) else body
    return "\n".join((*head, "MIME-Version: 1.0", "")).encode() + content


def html(page: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n{page}"


def nested() -> bytes:
    """A page with a picture in it beside plain text, and files behind them."""
    mail = EmailMessage()
    mail["From"], mail["In-Reply-To"] = "zzb@example.gov.cn", f"<{IDENTITY}@example.gov.cn>"
    mail.set_content(OWN)
    mail.add_alternative(f"<p>{OWN}</p>", subtype="html")
    page: Any = mail.get_body(("html",))
    page.add_related(b"x", "image", "png", cid="<a>")
    for name in ("清单.xlsx", "会议纪要.docx"):
        mail.add_attachment(b"PK", "application", "octet-stream", filename=name)
    return mail.as_bytes()


GB = "Content-Type: text/plain; charset={}\nContent-Transfer-Encoding: 8bit\n\n"
QUOTED = {
    "plain": letter(PLAIN + OWN),
    "quoted below": letter(f"{PLAIN}{OWN}\n\n------------------ 原始邮件 ------------------\n发件人: 督查室\n请办理"),
    "quoted below by NetEase": letter(
        f"{PLAIN}{OWN}\n\n---- 回复的原邮件 ----\n| 发件人 | 督查室<dcs@example.gov.cn> |\n请办理"
    ),
    "quoted below by Outlook in plain text": letter(
        f"{PLAIN}{OWN}\n\n*发件人:* 督查室 <dcs@example.gov.cn>\n*发送时间:* 2018年5月9日 9:10\n请办理"
    ),
    "a quotation whose head is broken in two": letter(
        f"{PLAIN}{OWN}\n\nOn Mon, May 9, 2018 at 9:00 AM 督查室 <dcs@example.gov.cn>\nwrote:\n请办理"
    ),
    "a Chinese head of a quotation": letter(
        f"{PLAIN}{OWN}\n\n督查室 <dcs@example.gov.cn> 于2018年5月9日周三 上午9:10写道：\n\n请办理"
    ),
    "answered below the quotation": letter(f"{PLAIN}在 2018年5月9日，督查室写道：\n> 请办理\n> 谢谢\n\n{OWN}\n"),
    "HTML alone": letter(html(f"<style>p {{}}</style><div>{OWN}</div><blockquote>请办理<br>谢谢</blockquote>")),
    "HTML with a head of a quotation": letter(html(f"<p>{OWN}</p><hr><p>发件人：督查室</p><p>请办理</p>")),
    "an empty plain part beside HTML": letter(
        f'Content-Type: multipart/alternative; boundary="b"\n\n--b\n{PLAIN}\n--b\n{html(OWN)}\n--b--\n'
    ),
    "GB18030": letter(GB.format("gb18030").encode() + OWN.encode("gb18030")),
    "no character set": letter(b"Content-Type: text/plain\n\n" + OWN.encode("gb18030")),
    "an unknown character set": letter(GB.format("x-unknown").encode() + OWN.encode()),
    "nested, with files": nested(),
    "quoted below by QQ, whose plain text is a page's": letter(
        f'{PLAIN}{OWN}\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人:&nbsp;"督查室"\n请办理'
    ),
    "quoted below by QQ in English": letter(f"{PLAIN}{OWN}\n\n-------- Original --------\nFrom: x@y\n请办理"),
    "quoted below a ruler": letter(f"{PLAIN}{OWN}\n\n{'-' * 66}\n发件人：督查室\n主　题：请办理"),
    "quoted below by a telephone's program": letter(f"{PLAIN}{OWN}\n\n----邮件原文----\n发件人：督查室\n请办理"),
    "quoted below by OA": letter(f"{PLAIN}{OWN}\n\n发 件 人：督查室\n收 件 人：甲\n请办理"),
    "quoted below in traditional letters": letter(f"{PLAIN}{OWN}\n\n寄件者: 督查室\n寄件日期: 2018\n請辦理"),
    "forwarded": letter(f"{PLAIN}{OWN}\n\n-------- 转发的消息 --------\n主题: 督办\n发件人: 督查室\n请办理"),
    "Chinese under a Western name": letter(GB.format("iso-8859-1").encode() + OWN.encode("gb18030")),
    "UTF-8 under a Western name": letter(GB.format("iso-8859-1").encode() + OWN.encode()),
    "UTF-8 under a Chinese name": letter(GB.format("gbk").encode() + OWN.encode()),
}


def parts(*each: str, kind: str = "mixed") -> bytes:
    """A letter of several parts."""
    inside = "".join(f"--b\n{part}\n" for part in each)
    return letter(f'Content-Type: multipart/{kind}; boundary="b"\n\n{inside}--b--\n')


def shown_inside(kind: str) -> str:
    """A file that a program shows inside the text."""
    return f"Content-Type: {kind}\nContent-Disposition: inline; filename=x\n\nx"


OLDER = f"Content-Type: message/rfc822\n\nSubject: x\n{PLAIN}请办理"


@pytest.mark.parametrize(
    ("content", "text", "files"),
    [
        (parts(PLAIN + OWN, shown_inside("application/pdf"), PLAIN + "另附。\n\n> 请办理"), f"{OWN}\n另附。", 1),
        (parts(html(OWN), PLAIN + "本邮件来自外部"), f"{OWN}\n本邮件来自外部", 0),
        (parts(html(f"{OWN}<img src='cid:a'>"), shown_inside("image/png"), kind="related"), OWN, 1),
        (parts(PLAIN + OWN, "Content-Type: application/msword; name=x\n\nx"), OWN, 1),
        (parts(PLAIN + OWN, shown_inside("text/plain")), OWN, 1),
        (parts(PLAIN + OWN, OLDER), OWN, 1),
        (parts(PLAIN + OWN, "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx", kind="signed"), OWN, 0),
    ],
)
def test_all_texts_of_a_letter_are_read_and_all_its_files_counted(content: bytes, text: str, files: int) -> None:
    """Programs put a file into the middle of a text, without a word that it is attached."""
    read = letter_from(content)
    assert (read.text, read.attachments) == (text, files)


@pytest.mark.parametrize(
    "text",
    [
        "Item 1 is done.\nFrom: the survey of May we learnt much.\nMore follows.",
        "一、进展\n________\n二、下一步",
        "县委在2018年5月的报告中写道：\n摸底已经完成。",
    ],
)
def test_a_report_that_has_a_line_like_a_quotation_s_head_is_whole(text: str) -> None:
    """A head has an address, a day or a second field; what has none is the writer's own."""
    assert letter_from(letter(PLAIN + text)).text == text


def test_who_answers_line_by_line_says_what_he_answers() -> None:
    """Several items answered in one letter would be a list of answers to nothing."""
    asked = "在 2018年5月9日，督查室写道：\n> 您好\n> 1. 甲项\n已完成。\n> 2. 乙项\n正在办。"
    assert letter_from(letter(PLAIN + asked)).text == "> 1. 甲项\n已完成。\n> 2. 乙项\n正在办。"


@pytest.mark.parametrize("text", ["\u200b\u200b", "\ufeff\n\n在 2018年5月9日，督查室写道：\n> 请办理"])
def test_what_nobody_sees_is_no_text(text: str) -> None:
    """Programs leave invisible signs where a person wrote nothing."""
    assert not letter_from(letter(PLAIN + text)).text


@pytest.mark.parametrize("case", QUOTED)
def test_what_was_written_is_found_without_what_is_quoted(case: str) -> None:
    """Whatever program wrote it, in whatever form and character set."""
    read = letter_from(QUOTED[case])
    assert (read.text, read.answers, read.senders) == (OWN, (IDENTITY,), ("zzb@example.gov.cn",))
    assert not read.automatic
    assert read.attachments == (3 if case == "nested, with files" else 0)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"<style>p > a {{ }} <b</style><p>{OWN}</p>", OWN),
        (f"<script>if (a<b) x='<p>';</script>{OWN}", OWN),
        (f"<p>{OWN}</p><script>no end", OWN),
        (f"<!--[if gte mso 9]><p>no</p><![endif]-->{OWN}<!-- no end", OWN),
        (f"<![if !mso]><o:p>{OWN}</o:p><![endif]>", OWN),
        ("进度 3 < 5，完成 50%&lt;60%", "进度 3 < 5，完成 50%<60%"),
        (
            f"<DIV>{OWN}<BR>第二行</DIV><BLOCKQUOTE><p>旧</p><blockquote>更旧</blockquote>旧</BLOCKQUOTE>",
            f"{OWN}\n第二行",
        ),
        (f"{OWN}<a href='x", OWN),
        ("<table><tr><th>项目<th>家数<tr><td>第1项</td><td>5</td><td>3</td></tr></table>", "项目 家数\n第1项 5 3"),
    ],
)
def test_a_page_says_what_is_seen_of_it(page: str, shown: str) -> None:
    """What commands, comments and quotes is no text, and a sign that opens nothing is one."""
    assert letter_from(letter(html(page))).text == shown


_MANY = 30_000


@pytest.mark.parametrize(
    "body",
    [
        PLAIN + "在" * _MANY,
        f"{PLAIN}On {' wrote' * _MANY}",
        f"{PLAIN}{OWN}" + "\n" * _MANY,
        PLAIN + "在1\n" * _MANY,
        PLAIN + "> a\nb\n" * 4 * _MANY,
        PLAIN + "发 件 人" * _MANY,
        *(html(sign * _MANY) for sign in ("<a ", "<!--", '<a b="', "</", "<", "&", "<script>")),
        html("<blockquote>" * _MANY + "</title>" * _MANY),
        f"Content-Type: text/plain; charset=punycode\n\n{'a1-' * _MANY}",
    ],
    ids=lambda body: repr(body[len(PLAIN) - 1 :][:8]),
)
def test_whatever_a_stranger_writes_is_read_in_seconds(body: str) -> None:
    """A letter of some ten thousand signs takes no minutes: reading takes time by its length, and not by its square."""
    began = time.process_time()
    letter_from(letter(body))
    assert time.process_time() - began < 5


def test_a_letter_of_more_parts_than_any_program_writes_is_not_read() -> None:
    """Each part costs as much as a short letter does: two megabytes of them took most of a minute."""
    part = "--x\nContent-Type: text/plain\n\n1\n"
    whole, began = "Content-Type: multipart/mixed; boundary=x\n\n", time.process_time()
    assert letter_from(letter(whole + 30 * part)).text == "\n".join(30 * "1")
    with pytest.raises(ValueError, match="more parts than any program writes"):
        letter_from(letter(whole + 50_000 * part))
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["From", "Content-Type", "content-disposition", "Content-Type: text/plain;\n x"])
def test_a_header_longer_than_any_program_writes_it_is_not_read(name: str) -> None:
    """The library would take minutes to find out that it says nothing."""
    quotes, began = '"' * _MANY, time.process_time()
    with pytest.raises(ValueError, match="longer than any program writes"):
        letter_from(f"{name}: {quotes}\n\n{OWN}".encode())
    assert time.process_time() - began < 1


def test_letters_of_the_large_set_under_the_name_of_the_small_one_are_whole() -> None:
    """A name outside GB 2312 has its letters, as programs write it."""
    content = GB.format("gb2312").encode() + "喆、镕同志已签收".encode("gb18030")
    assert letter_from(letter(content)).text == "喆、镕同志已签收"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied; owner-email=x@y",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSNOiDnnaPlip7mlofkuaY=?=",
        "Subject: Automatic reply: papers",
        "Subject: Out of Office: papers",
        "Subject: Re: Automatic reply: papers",
        "Subject: Read: papers",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_a_machine_s_answer_is_known(header: str) -> None:
    """By its headers or by its subject, as programs write them."""
    assert letter_from(letter(PLAIN + OWN, header)).automatic


@pytest.mark.parametrize("name", ["<>", "<[", "a b", "<1@[1.2.3.4]>", "<é@x>"])
def test_a_strange_identity_of_a_letter_is_its_identity(name: str) -> None:
    """Whatever stands there: only whether two letters are one is asked of it."""
    read = letter_from(letter(PLAIN + OWN, f"Message-ID: {name}"))
    assert (read.text, bool(read.name)) == (OWN, True)


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Subject: =?utf-8?b?5Zue5aSNOiDnnaPlip7mlofkuaY=?="])
def test_a_person_s_answer_is_none_of_a_machine(header: str) -> None:
    """Also where the header is there and says so."""
    assert not letter_from(letter(PLAIN + OWN, header)).automatic


@pytest.mark.parametrize(("said", "forged"), [("dmarc=fail", True), ("spf=fail; dkim=pass; dmarc=pass", False)])
def test_what_the_office_s_server_found_forged_is_forged(said: str, forged: bool) -> None:
    """By its verdict, and not where a forwarder alone broke one of the proofs."""
    assert letter_from(letter(PLAIN + OWN, f"Authentication-Results: mx.example.gov.cn; {said}")).forged is forged


def bounced(status: str = "5.1.1", action: str = "failed") -> bytes:
    """A server's report of what became of a letter, by default that it could not be delivered."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
        f"{PLAIN}The mail system\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; zzb@example.gov.cn\nAction: {action}\nStatus: {status}\n\n"
        "--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: <{IDENTITY}@example.gov.cn>\nSubject: x\n\n--b--\n"
    ).encode()


def test_a_bounce_names_the_message_that_came_back_and_why() -> None:
    """From the headers that it carries, whatever it answers itself."""
    read: Any = letter_from(bounced())
    assert (read.bounce.status, read.bounce.is_failure, read.answers) == ("5.1.1", True, (IDENTITY,))
    assert letter_from(letter(PLAIN + OWN)).bounce is None
