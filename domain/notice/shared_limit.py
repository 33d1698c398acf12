"""The limit that a running text says once for all of its items (`以下任务完成时限均为9月15日`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.folding import fold
from domain.notice.item_numbers import item_level
from domain.notice.listed import Lacking, ListedTable, Part
from domain.notice.patterns import regex
from domain.notice.time_cells import is_a_time
from domain.notice.trail import Trail, paragraph_spot

_OF_WHICH = (
    r"(?:以下|以上|上述|下列|其[余他]|各项?|所有|全部|本(?:清单|表|方案|单)(?:所列|中)?)?(?:各项?|所有|全部|所列)?"
    r"(?:重点|整改|督办|交办)?(?:工作|任务|事项|项目|措施|问题|内容)*"
)
_OF_ALL = regex(
    rf"(?:^|(?<=[,;。(]))\s*(?:(?:注|备注|说明):\s*)?(?:除[^,;。]{{2,16}}外,?\s*)?(?:{_OF_WHICH}[中内里,]?"
    r"(?P<unsaid>(?:凡|对|对于)?[未没](?:有|单独|另行|作|予)*(?:注明|标[明注]|明确|写明?|规定|列明|确定)[^,;。]{0,10}?的),?\s*)?"
    rf"{_OF_WHICH}的?,?(?:完成|整改|办理|办结|落实)?(?P<limit>时限|时间|期限)?,?"
    r"(?P<each>均|都|一律|统一|全部)?(?:要求|应当?|须|需|要)?(?:在|于|为|是|按|至|截至)?:?\s*(?P<when>[^,;。()]{2,24})(?=[,;。)]|$)"
)
_OF_TASKS = regex(r"任务|事项|项目|各项|措施|问题|[未没]")
_LOOKS_BACK = regex(r"以上|上述|其[余他]|[除未]|没有?[注标明写]")
_DONE = regex(r"(?:前|之前|以前)?(?:全部|全面)?(?:完成|办结|整改到位|整改完成|落实到位|执行|计|掌握|安排|把握)+$")

Said = tuple[int, str, tuple[str, bool]]
"""A paragraph's place, its line, the limit that it says, and whether it says nothing else."""


def limit_of_all(line: str) -> tuple[str, bool] | None:
    """The limit of all items that a line says, and whether it says nothing else."""
    folded = fold(line)
    for said in _OF_ALL.finditer(folded):
        if said["each"] is None and said["unsaid"] is None:
            continue
        when = said["when"].strip()
        done = _DONE.search(when)
        limit = when if done is None else when[: done.start()] + ("前" if "前" in done.group() else "")
        if (done is not None or said["limit"] or said["unsaid"]) and is_a_time(limit):
            alone = not f"{folded[: said.start()]}{folded[said.end() :]}".strip(" ()。;,")
            return line[said.start("when") : said.start("when") + len(limit)], alone
    return None


def shared_limit(
    paragraphs: Sequence[tuple[int, Paragraph]],
) -> tuple[list[tuple[int, Paragraph]], list[Said]]:
    """The paragraphs without the lines that say nothing but a limit of all items, and each such limit with its line."""
    kept: list[tuple[int, Paragraph]] = []
    found: list[Said] = []
    numbered = [
        (at, n)
        for at, paragraph in paragraphs
        for n, line in enumerate(paragraph.text.split("\n"))
        if item_level(line) is not None
    ]
    for at, paragraph in paragraphs:
        lines: list[str] = []
        for n, line in enumerate(paragraph.text.split("\n")):
            # Between two items, and below the last one without a word that looks back, it may be one item's own.
            above, below = not numbered or (at, n) < numbered[0], bool(numbered) and (at, n) > numbered[-1]
            said = limit_of_all(line) if item_level(line) is None else None
            if said is not None and not (above or (below and _LOOKS_BACK.search(line))):
                return list(paragraphs), []
            found += [(at, line.strip(), said)] if said is not None else []
            lines += [line] if said is None or not said[1] else []
        kept.append((at, replace(paragraph, text="\n".join(lines))))
    # Two of them hold for a part of the list each, and nobody says for which.
    return (kept, found) if len(found) == 1 else (list(paragraphs), [])


def limits_beside(document: NoticeDocument, remarks: Sequence[str]) -> list[Said]:
    """The limit of all rows of a notice's one table that a line beside it, or a remark below its rows, says; none where
    there are several."""
    lines = [(at, block.text) for at, block in enumerate(document.blocks) if isinstance(block, Paragraph)]
    found = [(at, line.strip(), said) for at, line in lines if _OF_TASKS.search(line) and (said := limit_of_all(line))]
    below = [line.strip() for line in remarks if _OF_TASKS.search(line)]
    found += [(-1, line, (said[0], False)) for line in below if (said := limit_of_all(line))]
    return found if len(found) == 1 else []


def give_shared_limit(listed: ListedTable, found: Sequence[Said], trail: Trail) -> None:
    """Give each item that says no time the limit of all, and say so."""
    for at, line, (limit, alone) in found:
        without = [row for row in listed.rows if not any(part.text or part.sub for part in row.parts)]
        for row in without:
            row.parts = [Part(limit, duty=row.title)]
        if without:
            if alone:
                trail.take(paragraph_spot(at), "limit")
            text = f"{len(without)}项没有写时限，按“{line}”里的“{limit}”计；不是的话请在各项写明时限，再读一次。"
            listed.lacking.append(Lacking("limit_of_all@1", "limit_of_all", "note", text, limit, text=line))
