"""The English form of every paper, and of the letters and messages that carry them: no Chinese but the list's own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, get_args

import docx
import pytest
from babel.messages.pofile import read_po

from adapters.channels.letter import Envelope, letter_of
from adapters.documents.digest_layout import digest_bytes
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.office_templates import read_templates, write_built_in
from adapters.documents.official_layout import document_bytes
from adapters.documents.template import UnreadableTemplateError
from adapters.notifications.console_notifier import ConsoleNotifier
from adapters.notifications.digest_text import letter
from application.office.scoring import period_of
from domain.actors import operator
from domain.clock import OFFICE_TIME
from domain.events.event import ProjectEvent
from domain.papers.mail import Digest
from domain.papers.message_lines import message_of, words_of
from domain.papers.paper import PAPER_KINDS, Matter, NumberedPaper, Paper
from domain.papers.wording import in_english
from domain.ports.channel import Message, MessageWords, PaperFile
from domain.rules.score_rules import ScoreRules
from domain.scoring.bulletin_text import sections, standing_told, tables
from domain.scoring.score_acts import ScoreBook, ScoreCorrected, published
from domain.scoring.score_bulletin import score_bulletin
from domain.scoring.table import score_table
from domain.seeing.bulletins import drafts_for
from domain.seeing.period_report import drafted, listed_figures, situation
from entrypoints.cli.in_locale import shown
from entrypoints.core_sentences import paper_said
from tests.adapters.documents.english_year import ISSUER, english_desks, english_papers
from tests.entrypoints.desk.catalogue import DESK
from tests.entrypoints.desk.test_core_sentences import drafted_at_random, without_names

_CHINESE: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_VALUES: Final = re.compile(r"%\(\w+\)s")
_AT: Final = datetime(2018, 6, 4, 9, 0, tzinfo=OFFICE_TIME)
_TO: Final = "Public Works Department"


@pytest.fixture(scope="module")
def papers() -> list[NumberedPaper]:
    """Every paper of the English year."""
    return english_papers()


def _digest(papers: list[NumberedPaper], addressee: str = _TO) -> Digest:
    items = tuple(each for each in papers if addressee in (each.paper.to, *each.paper.copies_to))
    assert len(items) > 1
    return Digest(digest_id=f"{addressee}/2018-06-04T090000", addressee=addressee, items=items)


def _texts(document: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"(word/(document|header\d*|footer\d*)|docProps/core)\.xml", name):
                yield from re.sub("<[^>]+>", "\n", archive.read(name).decode()).split("\n")


def _chinese(texts: Iterator[str] | list[str]) -> list[str]:
    return [text for text in texts if _CHINESE.search(text)]


def test_every_event_that_brings_a_paper_happens(papers: list[NumberedPaper]) -> None:
    """The year is whole: each such event, each kind of paper, with tables of duties and what went before."""

    def below(of: type[Any]) -> Iterator[type[Any]]:
        for each in of.__subclasses__():
            yield each
            yield from below(each)

    bring = {each.__name__ for each in below(ProjectEvent) if each.paper is not ProjectEvent.paper}
    happened = {type(event).__name__ for desk in english_desks() for event in desk.events}
    assert len(bring) > 30
    assert bring <= happened
    assert {each.paper.kind for each in papers} == set(PAPER_KINDS)
    assert any(each.paper.before for each in papers)


def test_every_ruling_names_its_matter(papers: list[NumberedPaper]) -> None:
    """And nothing else does: its title would say it twice."""
    matters = {(each.paper.kind, each.paper.matter) for each in papers}
    assert {matter for kind, matter in matters if kind == "ruling"} == set(get_args(Matter))
    assert {matter for kind, matter in matters if kind != "ruling"} == {None}


def test_every_paper_is_english(papers: list[NumberedPaper]) -> None:
    """Number, text, table, form, signature and imprint of each, as its document has them."""
    left = {
        each.number: found
        for each in papers
        if (found := _chinese(_texts(document_bytes(each, ISSUER, "Ann, 0570-1", say=paper_said))))
    }
    assert left == {}
    assert {each.number for each in papers} >= {"Supervision [2018] No. 1", "Escalation [2018] No. 1"}


def test_marks_inside_marks_are_single(papers: list[NumberedPaper]) -> None:
    """Those of a list's title too, which in Chinese has marks of another kind around it."""
    told = [text for each in papers for text in (each.paper.body, *(line.due for line in each.paper.duties or ()))]
    assert any("“Key Projects of the ‘Riverside’ Year”" in text for text in told)
    assert [text for text in told if re.search("“[^”]*“", text)] == []


def test_a_paragraph_never_begins_behind_a_number_s_sign(papers: list[NumberedPaper]) -> None:
    """`No.` ends no sentence, also where the number and the title after it have no other stop."""
    made = [docx.Document(io.BytesIO(document_bytes(each, ISSUER, say=paper_said))) for each in papers]
    ends = [line.text for each in made for line in each.paragraphs if line.text.endswith("No.")]
    assert ends == []


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("打通道路（目标1次）", "打通道路 (target: 1 time)"),
        ("打通道路（目标20个）", "打通道路 (target: 20 items)"),
        ("打通道路（目标100%）", "打通道路 (target: 100%)"),
        ("打通道路（目标30stops）", "打通道路 (target: 30 stops)"),
        ("1（2） 打通道路（目标1场），2018年5月1日前", "1(2) 打通道路 (target: 1 session), by 1 May 2018"),
        ("1（2） 打通道路（目标5期），时限待定", "1(2) 打通道路 (target: 5 sessions), time limit to be fixed"),
        ("目标由“1次”改为“3次”", "the target changes from “1 time” to “3 times”"),
    ],
)
def test_one_is_told_from_many(said: str, english: str) -> None:
    """And a unit that is none of ours stays as the list has it."""
    assert paper_said(said) == english


def test_names_of_posts_and_of_the_office_are_english(papers: list[NumberedPaper]) -> None:
    """The office that nobody named, the ladder's posts, and the person who has one."""
    (order,) = [each for each in papers if each.number == "Escalation [2018] No. 1"]
    texts = set(_texts(document_bytes(order, paper_said("督查室"), say=paper_said)))
    assert {"Supervision Office", "To: Head of Public Works Department"} <= texts
    assert paper_said("分管领导（Chen）") == "Leader in Charge (Chen)"
    assert paper_said("督查室主任") == "Head of the Supervision Office"


@pytest.mark.parametrize("addressee", [_TO, "督查室", "分管领导"])
def test_the_papers_of_a_morning_are_english(papers: list[NumberedPaper], addressee: str) -> None:
    """The list, the letter in the outbox, and the message with its subject and all that a channel says of its own."""
    digest = _digest(papers, addressee)
    assert _chinese(_texts(digest_bytes(digest, _AT, ISSUER, "Ann", say=paper_said))) == []
    documents = {"": "x", digest.digest_id: "digests/1.docx", digest.items[0].paper.paper_id: "2018/urge/1.docx"}
    assert _chinese(letter(digest, documents, _AT, "log 7 abc", paper_said).split("\n")) == []
    message = message_of("m", "Ann", [digest], _AT, head="log 7", link="https://x.example/m/1", english=paper_said)
    files = tuple(
        PaperFile(name=f"{number}.{kind}", content=b"x" * 9) for number in range(9) for kind in ("docx", "pdf")
    )
    told = [*message.lines, message.subject, message.footer]
    for most in (0, 40, 9_000_000):
        sent = letter_of(
            Envelope(message.model_copy(update={"files": files}), ("", "a@b.example"), "c@d.example", _AT), most, None
        )
        told += [str(sent["Subject"]), *_bodies(sent)]
    assert _chinese(told) == []
    assert any("[2018] No. " in each for each in told)


def _bodies(sent: Any) -> list[str]:
    plain = sent.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).split("\n")


async def test_the_terminal_tells_of_the_mail_in_english(
    papers: list[NumberedPaper], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts, colours, copies and marks between numbers, where who looks reads English."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    for addressee in ("分管领导", "督查室", f"{_TO}主要负责人", _TO):
        stream = io.StringIO()
        await ConsoleNotifier(stream, shown).deliver(_digest(papers, addressee), {}, _AT)
        assert _chinese(stream.getvalue().split("\n")) == []
        assert " and others, " in stream.getvalue()


def test_drafts_of_bulletins_are_english() -> None:
    """What a month calls for, praise and criticism, as an English office gets it to edit; the whole report too."""
    desks = english_desks()
    drafts = [draft for desk in desks for n in range(4, 13) for draft in drafts_for(desk.events, f"2018-{n:02d}")]
    assert {each.kind for each in drafts} == {"praise", "criticism"}
    assert len(drafts) > 60
    whole = date(2018, 4, 1), date(2018, 12, 31), date(2019, 12, 31)
    report = drafted("关于2018年8月重点项目督办情况的通报", [desk.events for desk in desks], *whole)
    told = [paper_said(each) for each in (*(each.text for each in drafts), report.title, situation(report))]
    assert _chinese(told) == []
    assert "Bulletin on the supervision of key projects, August 2018" in told
    assert len(listed_figures(report)) > 9
    assert all(re.search(r": \d+ \(table \d+\)", each) for each in told[-1].split(", ")), told[-1]


@pytest.mark.parametrize("name", ["2018", "2018-H1", "2018-H2", "2018-Q2", "2018-08"])
def test_the_bulletin_of_a_score_is_english(name: str) -> None:
    """Title, paragraphs and heads of a draft, with and without a correction: names alone stay as they are."""
    period, streams = period_of(name), [desk.events for desk in english_desks()]
    table = score_table(streams, ScoreRules(), period, period.to_on)
    said = published(ScoreBook(()), table, operator("Li"), "settled", date(2019, 1, 3))
    point = next(each for row in table.departments for each in row.points)
    fixed = ScoreCorrected(
        by=operator("Li"),
        reason="checked",
        on=date(2019, 1, 4),
        period=name,
        point=point.key,
        points=0,
        confirmed_by=operator("Wang"),
    )
    for more in ((), (fixed,), (fixed, said.model_copy())):
        book = ScoreBook((said, *more))
        last = book.publications(name)[-1]
        number = len(book.publications(name))
        found = score_bulletin(last, number, table, book, table)
        told = [paper_said(found.title), paper_said(standing_told(found))]
        told += [text for heading, lines in sections(found, paper_said) for text in (heading, *lines)]
        told += [text for each in tables(found, paper_said) for text in (each.name, each.caption, *each.heads)]
        told += [row[3] for row in tables(found, paper_said)[1].rows if isinstance(row[3], str)]
        told += [f"{row[3]} {row[8]}" for each in tables(found, paper_said)[2:] for row in each.rows]
        assert _chinese(told) == []


def test_all_that_a_channel_says_has_its_english() -> None:
    """No word of a message's own is left, and no place in it is lost."""
    english, chinese = words_of(paper_said).model_dump(), MessageWords().model_dump()
    assert _chinese(list(english.values())) == []
    assert {name: set(re.findall(r"{\w+}", words)) for name, words in english.items()} == {
        name: set(re.findall(r"{\w+}", words)) for name, words in chinese.items()
    }


def test_a_message_of_chinese_papers_stays_chinese(papers: list[NumberedPaper]) -> None:
    """Where one paper is Chinese still, the letter is: nobody guesses."""
    old = papers[0].model_copy(update={"paper": papers[0].paper.model_copy(update={"language": None})})
    digest = Digest(digest_id="x/1", addressee=_TO, items=(old, papers[1]))
    message: Message = message_of("m", "Ann", [digest], _AT, english=paper_said)
    assert message.subject.startswith("督办文书2件")
    assert message.words == MessageWords()


def test_what_is_said_at_random_is_english() -> None:
    """Years of acts at random, in an office that has Chinese names: nothing of the core's own is left."""
    drafted: list[Paper] = [paper for seed in range(1, 13) for paper in drafted_at_random(seed)]
    assert len(drafted) > 400
    left = set()
    for paper in (in_english(each, paper_said) for each in drafted):
        duties = [text for each in paper.duties or () for text in (each.number, each.who, each.due)]
        for text in (paper.body, *(paper.before or ()), *duties):
            if _CHINESE.search(told := without_names(re.sub("“[^”]*”", "", text))):
                left.add(told)
    assert {each for each in left if "第" not in each} == set()


def test_the_catalogue_of_papers_says_the_same_values() -> None:
    """No value of a pattern is lost or invented, and no English is Chinese."""
    with (DESK / "locale" / "papers.en.po").open("rb") as file:
        known = [(str(each.id), str(each.string)) for each in read_po(file, locale="en") if each.id]
    assert len(known) > 400
    assert [said for said, english in known if sorted(_VALUES.findall(said)) != sorted(_VALUES.findall(english))] == []
    assert _chinese([english for _, english in known]) == []


async def test_an_english_template_is_checked_and_used(tmp_path: Path, papers: list[NumberedPaper]) -> None:
    """Written by its English name, with English fields; a wrong one is told with what is near."""
    written = write_built_in(tmp_path, ISSUER, paper_said)
    assert "Urge.docx" in written
    assert _chinese(written) == []
    own = read_templates(tmp_path, paper_said)
    (urge,) = [each for each in papers if each.number == "Urge [2018] No. 1"]
    store = DocxDocumentStore(tmp_path / "papers", ISSUER, "", own, english=paper_said)
    place = tmp_path / "papers" / await store.produce(urge)
    assert place.name == "Urge [2018] No. 1.docx"
    assert _chinese(_texts(place.read_bytes())) == []

    document = docx.Document(str(tmp_path / "Urge.docx"))
    document.add_paragraph("{{Numbr}}")
    document.save(str(tmp_path / "Urge.docx"))
    with pytest.raises(UnreadableTemplateError, match="Number"):
        read_templates(tmp_path, paper_said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("结转至2019年继续督办5项，裁定终结1项。", "5 carried over to 2019, 1 ended by ruling."),
        (
            "督查结论的答复（节点5（4）、节点5（5），2018年10月16日前）、正在进行的督查（节点5（6））。",
            (
                "the answer to an inspection’s conclusion (milestone 5(4), milestone 5(5), by 16 October 2018),"
                " the inspection under way (milestone 5(6))."
            ),
        ),
    ],
    ids=["the year's end", "what goes over with a lead"],
)
def test_each_thing_of_a_list_is_english_by_itself(said: str, told: str) -> None:
    """One that is known takes none of those behind it in."""
    assert paper_said(said) == told
