"""What comes back in each of several years (`2022年至2024年，每年10月底前`): many duties, never one in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.notice.deliverables import Deliverable
from domain.notice.findings import CONFIRM
from domain.notice.patterns import regex
from domain.notice.windows import Choice, Doubt, spoken

_N = r"(?:\d{1,2}|[一二两三四五六七八九十])"
_YEARS = regex(
    rf"(?:(?:19|20)\d{{2}}\s*年?\s*(?:-+|—+|至|到)\s*(?:19|20)?\d{{2}}\s*(?:学?年|(?=[,\s每]))|“?十[一二三四五六]五”?(?:期间|时期|期内)"
    rf"|(?:连续|未来|今后|往后|近|为期)\s*{_N}年|(?<![第\d]){_N}年(?:内|间|期|之内)|(?:自|从)?(?:19|20)\d{{2}}年(?:起|开始)"
    r"|(?<![\d年])到(?:19|20)\d{2}年(?=,)|逐年)"
    r"[^;。\n]{0,24}?(?P<often>每(?:个?(?:学年|年度?|半年|学期|季度?|月|周|旬))|逐[月季]|按[月季])"
)
# `每年完成8万亩，2030年完成`
_EVERY_YEAR = regex(r"(?P<often>每年)(?:度)?[^;。\n]{0,30}?(?P<year>20\d{2})年(?!度?(?:计划|目标|工作))")


def across_years(
    text: str, hidden: Sequence[bool], drafts: Sequence[Deliverable]
) -> Iterator[tuple[int, tuple[int, int], Doubt]]:
    """Where a folded text says that a duty comes back in several years and its deliverables do not keep all of them."""
    for match in (*_YEARS.finditer(text), *_EVERY_YEAR.finditer(text)):
        about = [at for at, draft in enumerate(drafts) if draft.start < match.end() and match.start() < draft.end]
        if hidden[match.start("often")] or not about or any(_keeps(drafts[at]) for at in about):
            continue
        draft = drafts[about[-1]]
        if match.re.pattern == _EVERY_YEAR.pattern and not _later(match["year"], drafts):
            continue
        assumed = spoken((draft.window,)) if draft.window.due_on is not None else None
        said = match.group().strip().replace(",", "，")
        sentence = f"“{said}”在几年里都要办，清单只管一年，没有写明今年办几次、何时办。"
        choices = (Choice(key=CONFIRM, text="今年照所读的时间督办"), Choice(key="M月D日前", text="写明今年的到期日"))
        yield about[-1], match.span(), Doubt("across_years", "ruling", sentence, assumed, choices)


def _later(year: str, drafts: Sequence[Deliverable]) -> bool:
    """Whether a printed year is later than that of the first deliverable, the list's own."""
    first = next((draft.window.due_on for draft in drafts if draft.window.due_on is not None), None)
    return first is not None and int(year) > first.year


def _keeps(draft: Deliverable) -> bool:
    """Whether a deliverable comes back through more than one year."""
    window = draft.window
    if window.recurrence is None or window.starts_on is None or window.due_on is None:
        return False
    return window.starts_on.year < window.due_on.year and window.recurrence.count > 1
