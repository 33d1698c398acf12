"""What kind of duty a text tells of: one that only continues, one that makes something, or none beside its time."""

from __future__ import annotations

import re

from domain.notice.patterns import regex
from domain.notice.recurrences import Period
from domain.notice.windows import Doubt

_PRODUCT = regex(
    r"筹建|成立|建成|建立|组建|创建|新建|搭建|建好|出台|印发|制定|制订|修订|编制|编印|编写|起草|形成|完成|发布|公布|上线|启用|"
    r"举办|举行|召开|评选|表彰|验收|落成|竣工|开通|挂牌|授牌|签订|签约|汇编|设立|开设|配备|实现|达到|达成|建设|打造|培育|选树|新增|引进|"
    r"申报|上报|报送|换届|销号|办结|结题|招募|选派|引入|通过"
)
_CONTINUING = regex(
    r"加强|指导|检查|督促|督查|督导|推进|推动|深化|做好|落实|跟踪|服务|宣传|监测|监督|维护|保障|配合|协助|参与|开展|坚持|保持|持续|"
    r"强化|优化|提升|完善|规范|管理|联系|关注|跟进|抓好|抓实|巩固|引导|支持|支撑|运营|运行|更新|加大|扩大|健全|统筹|协调|组织|帮扶|走访|进行|常态化"
)
_CONTINUED_PRODUCT = regex(r"(?:指导|推动|督促|帮助|支持|协助|配合|加强|深化|促进|引导|助推)[^,;。]*")
_GOES_ON = regex(r"\s*(?:持续|长期|常态化|不断|不间断|常抓|经常性|继续|坚持|始终)")
_TARGETED = regex(r"相应|相关|日常|常态")
# What says nothing beyond the time itself: the milestone is called after its project.
_NO_DUTY = regex(
    r"[\s,;。:、./\-]*(?:(?:力争|确保|全面|全部|基本|如期|按期|务必|须|需|应|前(?!期)|之前|以前|全年|每|年|内|分别|各|约|共|不少于|至少|不低于|不得少于|最少"
    r"|\d+|[一二两三四五六七八九十]+|次|期|场|回|其中|延至|延期至|提前至|推迟至|顺延至|并|推进|长期坚持|持续推进|持续开展|持续|常态化|完成|办结|落实|到位|结束|完毕|时限|时间|节点|截止|日期|左右|任务|工作|complete[ds]?|completion|due|done|deadline|target|once|twice|basis|on|a)[\s,;。:、./\-]*)*",
    re.IGNORECASE,
)
_COSTS = regex(
    r"\s*(?:(?:项目|工程|计划|概算|估算|预计|所需|年度|专项|本级)*(?:总投资|概算|造价|(?:经费|资金)(?:预算|概算)?|预算)额?(?:约|为|共|计|:)*\s*\d[\d.,]*\s*[亿万]?元"
    r"|(?:资金|经费)(?:来源|渠道)[^,;。]*)(?:,\s*(?:资金|经费)(?:来源|渠道)[^,;。]*)?\s*"
)
_NEEDS_A_TIME = regex(r"[于在至到自从对将向除]$|力争$|确保$|[的]$")
# `环境日、`: one of several days side by side, with what is done behind the last of them.
_ONLY_A_DAY = regex(r"[一-鿿“”\"]{2,14}(?:日|周|月|节)[”\"]?(?:活动)?、?")


def only_continues(text: str) -> bool | None:
    """Whether a duty only continues (`加强…指导`) or has a product (`筹建成立…基金`); `None` where neither shows.

    What is made by somebody else under our guidance (`指导…成立`) is a duty that continues.
    """
    stripped = re.sub(r"《[^》]*》|“[^”]*”|\([^)]*\)", "", text)
    if _GOES_ON.match(stripped):
        return True
    remaining = _CONTINUED_PRODUCT.sub("", stripped)
    if _PRODUCT.search(remaining):
        return False
    if _CONTINUING.search(stripped) or _TARGETED.search(stripped):
        return True
    return None


def says_no_duty(text: str, body: int, end: int, period: Period | None) -> bool:
    """Whether nothing is left of a description beside how often, and by when (`每月一次`, `完成`)."""
    if period is not None and body <= period.start and period.end <= end:
        return _NO_DUTY.fullmatch(text[body : period.start] + text[period.end : end]) is not None
    return _NO_DUTY.fullmatch(text, body, end) is not None


def tells_of_money(text: str, start: int, end: int) -> bool:
    """Whether a part only says what the work costs and who pays (`总投资2.3亿元，资金来源为专项债`)."""
    return _COSTS.fullmatch(text, start, end) is not None


def day_alone(description: str, *, named: bool) -> list[Doubt]:
    """What is told of a day that only has its name, where others stand behind it."""
    if not (_ONLY_A_DAY.fullmatch(description) and (named or description.endswith("、"))):
        return []
    return [no_duty(description.rstrip("、"))]


def no_duty(said: str) -> Doubt:
    """What is told of a time side by side with others, before the last of which nothing is written to be done."""
    return Doubt("day_without_duty", "note", f"“{said}”没有写做什么，排在后面的任务可能也指它。")


def _with_whole_brackets(words: str) -> str:
    """The words of a step that opened its brackets (`改造市场5个（3月启动`), with a colon for them."""
    last = max(words.rfind("（"), words.rfind("("))
    closed = "）" in words[last:] or ")" in words[last:]
    return words if last < 1 or closed else f"{words[:last]}：{words[last + 1 :]}"


def without_time(words: str, time: str) -> str:
    """`制定方案（3月底前）`, `开工，8月底前`: the time behind its duty is the milestone's, and no part of its name."""
    words = _with_whole_brackets(words)
    if not time or not words.rstrip(" )）】]").endswith(time):
        return _with_its_limit_out(words, time)
    told = re.fullmatch(
        rf"(?P<duty>.{{2,}}?)\s*(?:[(（\[【]{re.escape(time)}[)）\]】]|[，,:：]\s*(?:最[迟晚]|至迟)?(?:不超过|不得?[晚迟]于|于|在)?\s*{re.escape(time)})\s*",
        words,
    )
    if told is not None:
        return told["duty"]
    # `A标段8月底前`, `一期600个6月底前`
    behind = re.fullmatch(
        rf"(?P<duty>.*[一-鿿\da-zA-Z]{{2,}}?)(?<![于在至到自从力争确保底前是为]){re.escape(time)}", words
    )
    return behind["duty"] if behind is not None and not behind["duty"][-1].isdigit() else words


def _with_its_limit_out(words: str, time: str) -> str:
    """`余款6月底前付清`: a limit between who or what and what is done is no part of the name."""
    at = words.find(time) if time.endswith("前") else -1
    before, behind = words[:at], words[at + len(time) :]
    whole = (
        at > 1 and re.search(r"[一-鿿]$", before) and not _NEEDS_A_TIME.search(before) and re.match(r"[一-鿿]", behind)
    )
    return before + behind if whole and not re.search(r"[,，、;；]", words) else words
