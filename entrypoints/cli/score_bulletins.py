"""The bulletin of a published score: `duban bulletin score` drafts or shows it, `publish-score` makes it known."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from application.office import score_bulletins
from application.office.office import Office
from application.office.scoring import period_of
from application.settings import Settings
from domain.actors import operator
from domain.scoring.bulletin_text import sections, standing_told
from domain.scoring.score_acts import AnyScoreAct
from domain.scoring.score_bulletin import ScoreBulletin
from entrypoints.bootstrap import must_have_ledger, open_records, score_bulletin_file
from entrypoints.bootstrap.documents import said_of
from entrypoints.bootstrap.written_files import write_file
from entrypoints.cli.acting import BY_OPERATOR, as_given
from entrypoints.cli.scoring import Said, Saying, saying
from entrypoints.cli.session import FILE, out, replied, usual_options

_PUBLICATION = click.option("--publication", type=click.IntRange(1, 999), help="第几次公布的得分（默认最近一次）")


@click.command("score")
@click.argument("period")
@click.option("-o", "--output", type=FILE, help="另写成文件（.docx 或 .xlsx）")
@_PUBLICATION
@usual_options
def score(settings: Settings, period: str, output: Path | None, publication: int | None) -> None:
    """已公布得分的通报：正文、计分规则、申诉和更正，每一分写明出自哪条记录；发布以前是草稿。只读台账。"""
    if output is not None:
        must_be_new_document(output)
    must_have_ledger(settings)
    of = period_of(period)
    with open_records(settings) as records:
        found = asyncio.run(score_bulletins.bulletin_of(records, of, publication))
    if output is not None:
        write_file(output, score_bulletin_file(found, output.suffix.lower(), settings))
    if not replied(found):
        _tell(settings, found, output)


@click.command("publish-score")
@click.argument("period")
@click.argument("text", required=False)
@_PUBLICATION
@saying(operator, by=BY_OPERATOR, reason="依据")
def publish_score(said: Said, period: str, text: str | None, publication: int | None) -> Saying:
    """把已公布的得分作为通报发布：可写改好的总体情况（不写用草稿的）；数字、规则和申诉期限不能改。"""
    of = period_of(period)

    async def made(office: Office) -> AnyScoreAct:
        with as_given(text="TEXT"):
            return await score_bulletins.make_known(office, of, said.by, said.reason, text, publication)

    return made


def must_be_new_document(output: Path) -> None:
    """Refuse a file that is no document of ours, or is there already.

    Raises:
        UsageError: it is.
    """
    if output.suffix.lower() not in (".docx", ".xlsx"):
        raise click.UsageError(f"-o {output} 应以 .docx 或 .xlsx 结尾。")
    if output.exists():
        raise click.UsageError(f"-o {output} 已经存在，不覆盖：请换一个文件名。")


def _tell(settings: Settings, found: ScoreBulletin, output: Path | None) -> None:
    say, console = said_of(settings), out()
    console.print(say(found.title))
    console.print(say(standing_told(found)))
    for heading, lines in sections(found, say):
        console.print(heading)
        for line in lines:
            console.print(f"    {line}")
    if output is not None:
        console.print(f"已写入 {output}。")
    if found.told_on is None:
        told = f"审定后发布：duban bulletin publish-score {found.period.name} [改好的总体情况] --reason 依据 --by 姓名"
        console.print(told)
