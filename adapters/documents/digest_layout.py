"""The one paper of a morning: a table of all that reaches an addressee, what presses most on top."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from docx.shared import Mm, Pt

from adapters.documents.archive import instant
from adapters.documents.docx_parts import add_table, add_text
from adapters.documents.official_layout import BLACK, add_receipt, add_title, official_document, saved
from adapters.documents.paper_fields import OF_ISSUERS, issuers_values
from adapters.documents.sign_off import add_mark, add_signature
from adapters.documents.template import Template, Vocabulary
from domain.clock import OFFICE_TIME
from domain.directory.superiors import CLIMBING
from domain.papers.draft import chinese_date
from domain.papers.mail import DIGEST_TITLE, Digest
from domain.papers.message_lines import is_urgent
from domain.papers.paper import NumberedPaper
from domain.papers.wording import Say, as_drafted

_HEADS = ("序号", "文书和文号", "项目和事项", "时限", "签收")
_ROW = ("序号", "文号", "文书", "项目和事项", "时限")
_WIDTHS = (Mm(9), Mm(42.5), Mm(75), Mm(18.5), Mm(11))
"""A number of four digits, the title of an order's copy with its colour, and a date of the same year stand in one line
each, whatever the font."""
_LATIN_WIDTHS = (Mm(10), Mm(38), Mm(62), Mm(28), Mm(18))
_HEAD: Final = "台账校验值"
OF_DIGESTS = Vocabulary(
    fields=frozenset({"发文机关", "主送", "成文日期", "联系人", "件数", "急件", _HEAD}) | OF_ISSUERS,
    lines=frozenset(),
    of_a_row=frozenset(_ROW),
    wanted=frozenset({"主送", "文号", "成文日期"}),
)


def digest_bytes(
    digest: Digest,
    sent_at: datetime,
    issuer: str,
    contact: str = "",
    own: Template | None = None,
    say: Say = as_drafted,
    head: str = "",
) -> bytes:
    """The document of a digest: the same bytes for the same digest, instant, issuer, contact and ledger's head. `say`
    says in its papers' language what stands on every such document."""
    at = sent_at.astimezone(OFFICE_TIME)
    addressee, day = say(digest.addressee), say(chinese_date(at.date()))
    urgent = sum(is_urgent(numbered.paper) for numbered in digest.items)
    template = own or _built_in(issuer, say)
    values = {
        **issuers_values(issuer, template.fields, say),
        "主送": addressee,
        "成文日期": day,
        "联系人": contact,
        _HEAD: head,
        "件数": str(len(digest.items)),
        "急件": say(f"，其中急件{urgent}件") if urgent else "",
    }
    items = sorted(digest.items, key=lambda numbered: not is_urgent(numbered.paper))
    rows = [_row(number, numbered, digest.addressee, at.year, say) for number, numbered in enumerate(items, start=1)]
    title = say(f"{DIGEST_TITLE}（{addressee}，{chinese_date(at.date())}）")
    language = "zh-CN" if say is as_drafted else "en"
    properties = {"title": title, "author": issuer, "language": language, "at": instant(at)}
    worded = {say(name): value for name, value in values.items()}
    return template.filled(worded, rows, properties)


@lru_cache(maxsize=8)
def _built_in(issuer: str, say: Say) -> Template:
    return Template(digest_template_bytes(issuer, say), OF_DIGESTS.worded(say), DIGEST_TITLE)


def digest_template_bytes(issuer: str, say: Say = as_drafted) -> bytes:
    """The built-in template as a document."""
    document = official_document()
    add_mark(document, issuer, say)
    add_title(document, say(DIGEST_TITLE), BLACK)
    add_text(document, say("{{主送}}："))
    add_text(document, say("现将{{成文日期}}的督办文书汇总送达，共{{件数}}件{{急件}}："), indented=True)
    number, paper_number, paper, about, due = (f"{{{{{say(name)}}}}}" for name in _ROW)
    fields = (number, f"{paper}\n{paper_number}", about, due, "")
    heads, widths = [say(head) for head in _HEADS], _WIDTHS if say is as_drafted else _LATIN_WIDTHS
    add_table(document, heads, [fields], widths, size=Pt(10.5), centred=(0, 1, 3))
    # No page has a signature and nothing of the text.
    add_text(document, say("请逐件办理，一并签收。"), indented=True).paragraph_format.keep_with_next = True
    add_signature(document, issuer, say)
    add_receipt(document, [(say("签收人及日期"), "", 12)])
    # Whoever keeps the paper is a witness of what was on record that morning.
    told = say("台账校验值（请随本单留存，以后可据此核对此前的记录有没有被改动）：")
    add_text(document, f"{told}{{{{{say(_HEAD)}}}}}", size=Pt(9)).paragraph_format.space_before = Pt(6)
    return saved(document, say)


def _row(number: int, numbered: NumberedPaper, addressee: str, year: int, say: Say) -> dict[str, str]:
    paper = numbered.paper
    title = say(f"{paper.title}（抄送）" if paper.to != addressee else paper.title)
    apart, colon = ("　", "：") if say is as_drafted else (": ", ": ")
    serial = f"{say(f'第{paper.serial}项')}{apart}" if paper.serial else ""
    about = f"{serial}{paper.project_title}" + (f"{colon}{paper.item}" if paper.item else "")
    if paper.kind in CLIMBING and paper.copies_to:
        # A leader reads whose duty it is: several of one row reach him in one morning.
        about += say(f"（{paper.copies_to[0]}）")
    day = chinese_date(paper.due_on) if paper.due_on else ""
    due = day.removeprefix(f"{year}年") if say is as_drafted else say(day)
    return dict(zip(map(say, _ROW), (str(number), numbered.number, title, about, due), strict=True))
