"""Duties in a notice's own text, beside its list: what asks for something by a time, or says more of an item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.notice.charged_by_number import count_of
from domain.notice.findings import Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.item_numbers import item_level, marker_of
from domain.notice.patterns import regex
from domain.notice.places import BODY, Place
from domain.notice.plan import Plan
from domain.notice.schedule import read_schedule
from domain.notice.time_cells import holds_a_time
from domain.notice.windows import Choice, Severity, TimeContext, Window

_LONGEST_BESIDE = 120
LONGEST_QUOTED = 1200
_LONGEST = 40
_DUTY = regex(r"报送|上报|报告|反馈|报至|提交|汇总|填报|完成|report|submit|send", re.IGNORECASE)
_SENTENCE = regex(r"[^。；;\n]+")
_TITLE = regex(r"《[^《》]*》")
_ASKS = regex(r"请|须|务必|应(?:当|于|在)|要(?:于|在|求)|\b(?:please|must|shall|should)\b", re.IGNORECASE)
# `收到通知之日起10个工作日内`: a limit that is counted from another day.
_COUNTED_FROM = regex(r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?:工作日|日|天|周|星期|月)(?:之|以)?内")
_EVERYBODY = regex(
    r"各(?:责任|有关|相关|牵头|配合|业务|承办|主办|会办)?(?:单位|部门|处室|科室|股室|乡镇|镇|街道|县区|地)|会办单位|承办单位"
)
# What moves a date of the list, outside the list.
MOVES = regex(
    r"(?:改为|延至|延期[至到]|推迟[至到]|调整[为至到])[^。；;]{0,12}(?:月|日|季度|年底)|第\s*\d+\s*项[^。；;]{0,20}(?:取消|延期|推迟|暂缓|不再)"
    # `标注“△”的须比上表时限提前15天完成`
    r"|时限[^。；;]{0,8}(?:提前|推迟|延后|顺延)[\d一二两三四五六七八九十半]+个?(?:月|天|日|周|工作日)"
    r"|(?:提前|推迟|延后|顺延)[\d一二两三四五六七八九十半]+个?(?:月|天|日|周|工作日)[^。；;]{0,4}(?:完成|办结)"
)
# `注：第1项不迟于7月底`, `第3项中土地审批由甲局牵头`, `① 自4月起由乙局牵头`: below the list, of one of its items.
_OF_AN_ITEM = regex(
    r"^\s*\\?[①-⑳*※△▲☆★](?!.{0,20}解释)"
    r"|第\s*[\d一二三四五六七八九十]{1,3}(?:[、,和至到-]第?[\d一二三四五六七八九十]{1,3})*\s*项"
)
_STRETCH = regex(r"[^:：，。]{0,10}(?:时间|周期|期限|时段)\s*[:：]\s*(?P<when>[^。；;]{5,40})[。；;]?$")
_DATED = regex(r"[\d一二三四五六七八九十][月日]|季度|半年|年[底内末]")
_CHARGES = regex(r"牵头|负责|配合|主办|承办|取消|以.{2,20}为准")
_LED = regex(r"[(（][^()（）]{2,80}(?:牵头|负责|配合)[^()（）]{0,20}[)）]|(?:牵头|责任)(?:单位|部门)\s*[:：]\s*\S")
CONFIRM = (Choice(key="确认", text="看过了，不用读"),)


def body_findings(places: Sequence[Place], told: Sequence[str], plan: Plan) -> list[Finding]:
    """Duties with a time in the notice's own text: nobody reads them into the list, so somebody must see them.

    One that moves a date of the list (`第2项改为10月底前`) waits for a ruling. What else stands behind the first duty,
    has a time, or is numbered as the duties are, is quoted in one note; `told` are sentences that other findings quote.
    """
    found: list[Finding] = []
    quoted: list[str] = []
    items: list[str] = []
    duties = [place for place in places if place.project_id]
    first, last = min((place.spot[0] for place in duties), default=0), _last_counted(places)
    counted = {item_level(place.text) for place in duties if not place.is_cell} - {None}
    for place in places:
        if place.taken and place.part == "heading" and not place.is_cell:
            found.extend(_asked_in_the_head(place, told))
        if place.taken or place.why != BODY:
            continue
        if place.spot[0] < first and (beyond := _beyond_the_stretch(place, plan)) is not None:
            found.append(beyond)
            continue
        timed = _says_by_when(place.text)
        moves = MOVES.search(place.text) or (place.spot[0] > first and says_of_an_item(place.text))
        duty = timed and (_DUTY.search(place.text) or _EVERYBODY.search(place.text))
        if not (moves or _LED.search(place.text) or duty):
            beside = timed or place.spot[0] > first or item_level(place.text) in counted
            if beside and not any(sentence == place.text.strip() for sentence in told):
                among = first < place.spot[0] <= last and item_level(place.text) in counted
                (items if among else quoted).append(short(place.text, _LONGEST_BESIDE))
            continue
        found.append(duty_in_text(place, place.text, "ruling" if moves else "note"))
    if items:
        shown = short("；".join(each.rstrip("。；;") for each in items), LONGEST_QUOTED)
        text = f"与任务同样编号的{len(items)}条没有写由谁办、何时办，没有编入：{shown}；要督办的请写明，再读一次。"
        about = "\n".join(items)[:LONGEST_QUOTED]
        found.append(account_finding("items_left", "items_left", "ruling", text, about, choices=CONFIRM))
    if quoted:
        shown = short("；".join(each.rstrip("。；;") for each in quoted), LONGEST_QUOTED)
        text = f"清单以外的文字没有读进计划：{shown}。"
        found.append(account_finding("text_beside", "text_beside", "note", text, "\n".join(quoted)[:LONGEST_QUOTED]))
    return found


def _last_counted(places: Sequence[Place]) -> int:
    """The place of the last duty, or of the last item that is counted on behind it."""
    last, number = 0, None
    for place in places:
        count = count_of(marker_of(place.text.strip())[1])
        if place.project_id or (number is not None and count == number + 1):
            last, number = place.spot[0], count
        elif place.spot[0] > last:
            number = None
    return last


def _beyond_the_stretch(place: Place, plan: Plan) -> Finding | None:
    """`行动时间：7月1日—8月31日` above a list: asked about where what comes back goes beyond it."""
    said = _STRETCH.match(place.text.strip())
    read = read_schedule(said["when"], TimeContext.of(plan.year)).deliverables if said is not None else []
    window = read[0].window if len(read) == 1 else Window()
    if window.starts_on is None or window.due_on is None or not window.starts_on < window.due_on:
        return None
    often = [each for project in plan.projects for each in project.milestones if each.recurrence is not None]
    beyond = [
        each
        for each in often
        if (each.starts_on and each.starts_on < window.starts_on) or (each.due_on and each.due_on > window.due_on)
    ]
    if not beyond:
        return None
    text = (
        f"“{short(place.text)}”写在清单之前，有{len(beyond)}个定期节点超出这段时间；"
        "要限定的请在各项写明起止时间，再读一次。"
    )
    return account_finding(f"left_unread@{place.spot[0]}", "left_unread", "ruling", text, place.text, None, CONFIRM)


def _asked_in_the_head(place: Place, told: Sequence[str]) -> Iterator[Finding]:
    """What the sentence that hands out the list asks for beside it (`现将《…》印发给你们，请于4月5日前报送方案`)."""
    for match in _SENTENCE.finditer(place.text):
        sentence = match.group().strip()
        asked = _ASKS.search(_TITLE.sub("", sentence)) is not None and _says_by_when(_TITLE.sub("", sentence))
        if asked and sentence not in told:
            yield duty_in_text(place, sentence, "note", f".{match.start()}")


def _says_by_when(text: str) -> bool:
    return holds_a_time(text) or _COUNTED_FROM.search(fold(text)) is not None


def says_of_an_item(text: str) -> bool:
    """Whether a note below the list says who or by when of one of its items."""
    return _OF_AN_ITEM.search(text) is not None and bool(_DATED.search(text) or _CHARGES.search(text))


def duty_in_text(place: Place, words: str, severity: Severity, within: str = "") -> Finding:
    """A duty of the notice's own text that no milestone has."""
    text = f"通知正文里的事项没有列为节点：“{short(words, 80)}”；需要督办的请写进清单。"
    key = f"duty_in_text@{place.spot[0]}.{place.spot[1]}{within}"
    return account_finding(key, "duty_in_text", severity, text, words, choices=CONFIRM)


def account_finding(
    key: str,
    code: str,
    severity: Severity,
    text: str,
    about: str,
    project_id: str | None = None,
    choices: tuple[Choice, ...] = (),
) -> Finding:
    """A finding about a stretch of the notice; a note offers nothing to choose."""
    source = FindingSource.whole("notice", about)
    kept = choices if severity != "note" else ()
    return Finding(key=key, code=code, severity=severity, project_id=project_id, text=text, source=source, choices=kept)


def short(text: str, longest: int = _LONGEST) -> str:
    """A text on one line, cut where it is long."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= longest else f"{line[:longest]}…"
