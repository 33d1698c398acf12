"""Departments as a cell lists them: their names, without the words that say what part each has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.characters import without_invisible
from domain.notice.folding import fold
from domain.notice.patterns import regex

_LEVEL = r"(?:市|州|县|区|旗|盟|乡|镇|街道|村|社区)"
BETWEEN_NAMES = (
    rf"、(?!(?<=[各关][市州县区旗盟乡镇]、){_LEVEL}+(?:人民政府|政府|办事处|管委会)?(?:[、,，;；。)）/\s]|$))"
    r"(?!(?<=党委、)(?:人民)?政府(?:[、,，;；。)）/\s]|$))"
)
"""The mark between two names; `各市、州人民政府` and `各乡镇党委、政府` are one."""
_SEPARATOR = regex(
    rf"(?:{BETWEEN_NAMES}|[,;/\n|\\])+"
    r"|(?<=[一-鿿)）])\s+(?=\d{1,2}[.、)）]|[①-⑳])|(?<=[一-鿿)）])\s+(?=[一-鿿(（])|\s{2,}"
)
_ROLE = regex(
    r"^(?:(?P<lead>牵头|主办|主责|lead|leader|led\s+by|owner)|(?P<other>责任|配合|参与|协办|参加|协助|协同|会办|联办|指导|support(?:ed\s+by|ing)?|with|participants?|partners?))"
    r"(?:责任)?(?:单位|部门|处室|科室|(?<=责任)领导|(?<=责任)人|department|unit|agency|dept\.?)?(?:\s*:\s*|(?<=\bby)\s+|(?<=\bwith)\s+(?=[a-z]))",
    re.IGNORECASE,
)
# `IT with support from Finance`
_IN_ENGLISH_HELPED_BY = regex(
    r"(?<=[A-Za-z)]),?\s+(?:with\s+(?:the\s+)?(?:support|help|assistance)\s+(?:of|from)|(?:supported|assisted|helped)\s+by)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_MARK_OF_LEAD = regex(
    r"\(\s*(?:主|牵头|主办|主责|牵头单位|牵头部门|牵头责任单位|总牵头|负责|lead|leader|leading|in\s+lead|chair)\s*\)$",
    re.IGNORECASE,
)
_MARK_OF_OTHER = regex(
    r"\(\s*(?:协|配合|参与|参加|协办|会办|协助|协同|落实|实施|配合单位|参与单位|协办单位|support(?:ing)?|co-?lead|partner|contributing)\s*\)$",
    re.IGNORECASE,
)
_HELPS_IN_BRACKETS = regex(
    r"[(（](?P<who>(?:(?:配合|协办|参与|协助)(?:单位|部门|科室|处室)?\s*[:：]\s*[^()（）]{2,60}|[^()（）]{2,60}[^()（）与共同做好积极密切](?:配合|协办|参与|协助)))[)）]"
    r"(?=\s*(?:$|[、,，;；\n]))"
)
# What a department does, behind its name: `教育局牵头`, `财政局、人社局配合`, `各单位按职责分工负责`.
_LEADS_BEHIND = regex(
    r"(?:(?:共同|分别|联合)?总?牵头(?:负责|落实|组织|抓总|推进|办理|实施)?|主办|主责|主抓|负总责|总负责|抓总|为主|\s+(?:to\s+lead|(?-i:leads?))|\s+(?:is\s+)?in\s+the\s+lead)$",
    re.IGNORECASE,
)
_OTHERS_BEHIND = regex(
    r"(?:(?:分别|共同)?(?:按(?:照)?(?:各自)?职责(?:分工)?(?:分别|共同|依法)?(?:负责|落实|配合|推进)?|共同)?(?:(?:积极|密切|协同|共同|予以|做好)*(?:配合|协办|参与|参加|协助|协同|指导)(?:工作|实施|落实|推进)?|分工负责|(?<=职责)分工|(?<=分工)负责|(?<=职责)负责)"
    r"|按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实|配合|推进)?|\s+(?:to\s+support|(?-i:supports?)))$",
    re.IGNORECASE,
)
_RESPONSIBLE_BEHIND = regex(r"(?<![分工职责])(?:具体)?负责(?:组织)?(?:落实|实施|办理|推进)?$")
# Behind a name, the words of who does it beside whoever leads (`各市商务局组织实施`).
_DOES_IT = regex(
    r"(?:负责|分别|共同|按职责|具体)*(?:组织|具体|贯彻|抓好|协同|分头|分工)(?:实施|落实|推进|执行|负责)(?:工作)?$"
)
# `各市落实`: behind many at once that is no part of their name.
_PUTS_INTO_PRACTICE = regex(r"(?:分别)?(?:负责|落实|实施|执行|推进|承办)$")
_BY = regex(r"^由(?=[一-鿿])")
# `分别为甲局、乙局`: which of them leads what is asked.
_OF_EACH = regex(r"^分别(?:为|是|由)[:：]?\s*(?=[一-鿿])")
_TOGETHER = regex(
    r"^(?P<lead>[^、,;]{2,30}?)(?:会同|协同|联合|(?<=[局委办厅部处科室院会])商(?!务|联|会|业|贸))(?P<others>[一-鿿].*)$"
)
_SEGMENT = regex(
    r"[,;。\n]+|(?<=牵头|主办|主责|负责|落实|配合)(?:、|\s+)|\s+(?=(?:牵头|主办|责任|配合|参与|协办|协助)(?:单位|部门|处室|科室)?\s*:)"
)
# `财政局等有关部门`: a name, and others that are not named.
_ETC = regex(r"(?<=[一-鿿)])等(?:(?:有|相)关)?(?:\d+|[一二三四五六七八九十]+)?个?(?:有关|相关|成员)?(?:部门|单位)?$")
# `责任处室排在第一位的为牵头处室`, said once for the list.
_FIRST_LEADS = regex(
    r"(?:(?:排|列|位|写|居)(?:名|序|列|位)?[在于]?(?:第一位?|首位|最前面?|首个|第一个)[^,;。\n]{0,10}?(?:为|是|系|即|负责|单位|部门|处室|科室|的|者)[^,;。\n]{0,2}?(?:牵头|主办|主责)"
    r"|(?:首位|第一(?:位|个|家|责任)?|首个|首家)的?(?:责任)?(?:单位|部门|处室|科室|股室)[^,;。\n]{0,4}?(?:为|是|系|即|负责)[^,;。\n]{0,3}?(?:牵头|主办|主责)"
    r"|(?<![A-Za-z])first(?:[- ](?:named|listed|mentioned))?(?: (?!and )\w+){0,3}? "
    r"(?:leads|is (?:the )?lead|takes the lead))",
    re.IGNORECASE,
)
_SO_BELOW = regex(r"[,;。]?\s*(?:以?下同|下略)[。;,]?")
# `注：带“*”的为牵头单位`, said once for the list.
_MARK_LEADS = regex(
    r"(?:带|标|加|注|打|有|划)注?有?[“\"'(（【\[]?(?P<mark>[*★☆▲△●◆◎#])[”\"')）】\]]?(?:号|标记|符号|标志)?(?:的|者)?(?:责任)?(?:单位|部门)?"
    r"(?:为|是|系|即|负责)?(?:总?牵头|主办|主责)"
)
_SECTION = regex(r"(?!.{0,8}(?:街道|政府))[一-鿿和、]{1,12}(?<!办事)(?<!管理)(?<!代表)(?:处|科|股|课)(?:室)?")
# `教育局和财政局`, `教育局→财政局`: two offices, each whole; `卫生和计划生育局` is one.
_JOINT = regex(r"\s*(?:[&+→·•]|以及|[和及与])\s*")
# What closes the first of two names; a short one is whole by itself (`工会和团委`, `甲局和乙局`).
_ENDS_ONE = (
    r"(?:[局委厅处]|(?<![民公主承筹开])办|(?<![学本专文理工])科|(?<![内外全干])部|[支大总]队|中心|街道|政府"
    r"|公司|集团|(?:管委|委员|协|商|联合)会|(?:学|研究)院|(?<!车)站|馆|(?:财政|研究|事务)所|[大中小]学|银行)"
)
_WHOLE = r"(?:办公室|(?:执法|巡查|消防|综治)队|工会|[妇残文侨]联|(?:派出|司法)所|(?:医|法|检察|[一二三四五六七八九])院)"
_ENDS_TWO = (
    r"(?:[局委办厅处科部院所站馆队司镇乡村校联会室]|中心|街道|政府|单位|部门|银行|集团|[大中小]学|办公室|开发区|园区)"
)
_AND = regex(
    rf"^(?P<one>[一-鿿](?:[局厅处科]|委(?={_JOINT.pattern}(?:[一-鿿]{{1,3}}委|[省市县区]政府)$))"
    rf"|[一-鿿]{{2,14}}?{_ENDS_ONE}|[一-鿿]{{0,14}}?{_WHOLE})"
    rf"{_JOINT.pattern}(?P<two>各?[一-鿿]{{1,16}}{_ENDS_TWO}(?:{_JOINT.pattern}.*)?)$"
)
_ENDS = regex(rf"{_ENDS_TWO}$")
_COUNTS = regex(r"^(?:\d{1,2}[.、)](?!\d)|[①-⑳])\s*")
# What stands with an office's name and is no part of it: a label, a wish, a person, a condition, what it does.
_MORE_THAN_A_NAME = regex(
    r"[:★☆*●▲△]|\((?:审核|审查|审批|复核|把关|监督|监管|督导|督办|督促|验收|汇总|保障)\)|(?<=[一-鿿])\s*[&→+]\s*(?=[一-鿿])|(?<=[局委办厅处科部室])\.\s*(?=[一-鿿])|\d{1,2}月(?!\d{1,2}日)|月底前|(?:调整|变更|更改|改)[为成]|^(?:以?下同|同上|同前|上同)$|^(?:其中|配合|视情|请|必要时|会同|除|原(?=[省市县区]))"
    # `场道部（管理部、安监部）`: another name is one; two are others.
    r"|\([^()]*[局委厅处科办部院心司][、,][^()]+\)"
    r"|[①-⑳]|\([^()]*(?:原[为由是]|联系|电话|分管|领导|负责人|责任人|不含|不包括|除|待|暂|视情|调整|改革后|负责|提供|完成|月底|\d月)[^()]*\)"
    r"|^[一-鿿]{1,12}(?:[局委厅处科办部室]|中心|公司)(?:协助|配合|协同|做好|提供|负责|落实|组织|保障)[一-鿿]{2,}$"
    r"|[局委厅处科办部室院府司心](?:审核|把关|监督|监管|督导|督办|督促|验收|保障)$"
    r"|^[一-鿿]{1,10}(?:局|委员会|厅)[一-鿿]{1,8}(?<![局委办厅处科部院室所站馆队组司会社区县市镇乡村校园厂场店行心团企位关道警门府层级构联])$"
)
_NOBODY = regex(r"^(?:-+|/+|无|—+|n/?a|none|不涉及)?$", re.IGNORECASE)
_NOT_YET_NAMED = regex(
    r"等(?![级评]).{0,12}|待分配|待定|未定|待明确|待确定|待指定|暂未(?:明确|确定)|暂缺|另行(?:明确|确定|通知)|t\.?b\.?[acd]\.?|to\s+be\s+(?:confirmed|determined|assigned|decided|advised)|unassigned|not\s+assigned|[?？]+|x{2,}|某+(?:局|部门|单位)?",
    re.IGNORECASE,
)
_GROUP = regex(
    r"((?:其他|其它)?(?:各|有|相|所)?(?:有|相|所)?(?:关|属)(?:责任|职能|成员|参与|配合|市直|省直|区直|县直|直属)?(?:部门|单位|处室|科室|委办局|市直部门|股室|方面|企业|院系|学院|地区|地方|人员)"
    r"|(?:其他|其它)(?:部门|单位|处室)"
    r"|各[一-鿿]{2,4}(?:单位|部门|企业)"
    rf"|[一-鿿]{{0,4}}(?:有关|相关|各)(?:县|区|市|州|旗|乡|镇|街道|社区|村|园区|开发区)+(?:\([市区县州旗镇乡街道园村社、/]+\)|、{_LEVEL}+)*(?:人民政府|政府|党委(?:[、和](?:人民)?政府)?|管委会|办事处)?"
    r"|(?:县|市|区)\([市区县州旗、/]+\)(?:人民政府|政府|党委)?"
    r"|各(?:县|区|市|州|旗|乡|镇|街道|村)+(?:\([市区县州旗镇乡街道园村、/]+\))?(?:(?![和及与])[一-鿿]){1,8}(?:局|委|办|站|所|中心|联社)"
    r"|[一-鿿]{2,10}成员单位"
    r"|[一-鿿]{2,10}各(?:成员|有关|相关|责任|配合)?(?:单位|部门|处室|科室|部室)"
    r"|(?:各|有关|相关)?(?:物业服务|施工|监理|设计|运营|产权)(?:企业|单位)"
    r"|(?:省|市|区|县)直(?:属)?(?:机关)?(?:各|有关|相关)+(?:部门|单位|处室)"
    r"|(?:全省|全市|全县|全区|市|省|区|县)?(?:各级各|各级|各|全体|所有)(?:(?:有|相)关)?(?:责任|职能|成员|参与|配合|省直|市直|区直|县直|直属|下属|业务|团|地|驻.)*"
    r"(?:部门|部室|单位|处室|科室|司局|室|委办局|系部|班组|车间|居委会|村委会|社区居委会|村\(居\)委会|村居|成员单位|行政执法部门|执法部门|执法单位|执法机关|职能部门|行业主管部门|主管部门|股室|庭室|庭|党支部|支部|党委|团委|学院|院系|二级学院|乡镇|镇|乡|街道|镇街|社区|村|县|区|市|州|盟|旗|地|地市|市州|设区市|设区的市|区县|县区|县市区|县市|市县|市县区|开发区|园区|功能区|高校|学校|企业|公司|分公司|子公司|分局|支队|大队)"
    r"(?:[、/]?(?:\(?[市区县州]\)?|\([市区县、州]+\)|街道|镇|乡|开发区|园区|村|\(街道\)|\(园区\)|管委会)|[和及与](?:街道|镇|乡|开发区|园区|村|社区|管委会))*"
    r"(?:人民政府|政府|党委(?:[、和](?:人民)?政府)?|团委|管委会|办事处|教育局|部门|单位|分局|负责人)?"
    r"|all\s+(?:departments|units|agencies|ministries|teams|relevant\s+(?:departments|units|agencies|parties|stakeholders)|states|regions|provinces|municipalities)"
    r"|(?:relevant|concerned|responsible|various|other)\s+(?:departments?|units?|agenc(?:y|ies)|part(?:y|ies)|ministries|teams?|stakeholders?))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The departments of a cell by their part in it; without any role word everybody is in `named`, in order."""

    named: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def first_leads(lines: Iterable[str]) -> str | None:
    """What a notice says itself of several names in one place: that the first of them leads."""
    for line in map(fold, lines):
        if (found := _FIRST_LEADS.search(line)) is None:
            continue
        start = max(line.rfind(mark, 0, found.start()) for mark in ",;。:()\n") + 1
        sentence = re.split(r"[,;。:()\n]", line[start:], maxsplit=1)[0].strip()
        if "不" not in sentence:
            return sentence
    return None


def lead_mark(lines: Iterable[str]) -> str | None:
    """The mark that stands at whoever leads, where a notice says so itself (`带“*”的为牵头单位`)."""
    return next((found["mark"] for line in lines if (found := _MARK_LEADS.search(line)) is not None), None)


def with_mark_spelt(text: str, mark: str) -> str:
    """A list of departments in which the mark of the one that leads is a word (`*教育局` as `教育局（牵头）`)."""
    name, at = r"[^、,，;；\s]+?", re.escape(mark)
    return re.sub(rf"{at}\s*({name})(?=[、,，;；\s]|$)|({name})\s*{at}(?=[、,，;；\s]|$)", r"\1\2（牵头）", text)


def without_first_leads(text: str) -> str:
    """A list of departments without the words that the first of them leads (`…，列首位的为牵头单位`)."""
    folded = fold(text)
    while (found := _FIRST_LEADS.search(folded)) is not None:
        start = max(folded.rfind(mark, 0, found.start()) for mark in ",;。()\n")
        end = min(at for mark in ",;。()\n" if (at := folded.find(mark, found.end())) != -1 or (at := len(folded)))
        if folded[start : start + 1] == "(" and folded[end : end + 1] == ")":
            end += 1
        start = max(start, 0)
        # `…，排在第一位的为牵头单位，下同`
        end = ((below := _SO_BELOW.match(folded, end)) is not None and below.end()) or end
        text, folded = text[:start] + text[end:], folded[:start] + folded[end:]
    return text


def departments(text: str) -> list[str]:
    """The departments of a cell, in their order, without role words; brackets keep what they hold together."""
    parts = parts_of(text)
    return list(parts.named or (*parts.leads, *parts.others))


def leading(text: str) -> str | None:
    """Who leads, as a cell says: whom it marks, or else whom it names first."""
    parts = parts_of(without_invisible(text))
    named = parts.named or parts.leads
    return next((without_mark(name) for name in (*filter(leads, named), *named)), None)


def parts_of(text: str) -> Parts:
    """Who leads and who takes part, as the role words of a cell say (`教育局牵头，财政局、人社局配合`)."""
    plain = _IN_ENGLISH_HELPED_BY.sub("; supported by ", _OF_EACH.sub("", without_invisible(text).strip()))
    plain = _helpers_outside(_unwrapped(without_first_leads(plain)))
    found: list[tuple[str, str]] = []
    waiting: list[str] = []
    carried = ""
    for segment in _segments(plain):
        role, names, prefixed = _role_of(segment)
        if role and not prefixed:
            # `教育局，财政局配合`: who stands in a part of its own before those who help does not help.
            found += [(role if role == "lead" else "", name) for name in waiting]
            found += [(role, name) for name in names[0]]
            found += [("other", name) for name in names[1]]
            waiting, carried = [], ""
        elif prefixed:
            found += [(carried or "", name) for name in waiting]
            waiting, carried = [], role
            found += [(role, name) for name in names[0]]
        elif carried:
            found += [(carried, name) for name in names[0]]
        else:
            waiting += names[0]
    found += [("", name) for name in waiting]
    if not any(role for role, _ in found):
        return Parts(named=tuple(name for _, name in found))
    leads_ = [name for role, name in found if role == "lead"]
    if not leads_ and any(role == "" for role, _ in found):
        # `教育局；配合：财政局`: who stands without a word beside those who only help leads.
        leads_ = [name for role, name in found if role == ""]
        return Parts(leads=tuple(leads_), others=_distinct(found, "other", leads_))
    if not leads_:
        return Parts(named=tuple(name for _, name in found))
    rest = [name for role, name in found if role != "lead" and name not in leads_]
    return Parts(leads=tuple(dict.fromkeys(leads_)), others=tuple(dict.fromkeys(rest)))


def _helpers_outside(text: str) -> str:
    """`国资委（机关事务中心配合）`: who helps stands in brackets behind whoever leads."""
    return _HELPS_IN_BRACKETS.sub(lambda held: f"；{held['who']}", text)


def _distinct(found: list[tuple[str, str]], role: str, besides: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part, name in found if part == role and name not in besides))


def _unwrapped(text: str) -> str:
    folded = fold(text)
    whole = folded.startswith("(") and folded.endswith(")") and folded.count("(") == 1
    return text[1:-1] if whole else text


def _segments(text: str) -> list[str]:
    folded = fold(text)
    pieces: list[str] = []
    start = 0
    for match in _SEGMENT.finditer(folded):
        if folded.count("(", 0, match.start()) <= folded.count(")", 0, match.start()):
            pieces.append(text[start : match.start()])
            start = match.end()
    return [piece for piece in [*pieces, text[start:]] if piece.strip()]


def _role_of(segment: str) -> tuple[str, tuple[list[str], list[str]], bool]:
    """The role that a segment gives, its names (leading, helping), and whether the role stands before them."""
    plain = segment.strip().strip("。.：:")
    folded = fold(plain)
    if (before := _ROLE.match(folded)) is not None:
        role = "lead" if before["lead"] else "other" if not folded.startswith("责任") else ""
        return role, (_names(plain[before.end() :]), []), True
    if (opening := _BY.match(folded)) is not None:
        plain, folded = plain[opening.end() :], folded[opening.end() :]
    for pattern, role in ((_LEADS_BEHIND, "lead"), (_OTHERS_BEHIND, "other")):
        behind = pattern.search(folded)
        if behind is not None and behind.start() > 0:
            return role, _together(plain[: behind.start()], role), False
    behind = _RESPONSIBLE_BEHIND.search(folded)
    if behind is not None and behind.start() > 0:
        names = _together(plain[: behind.start()], "lead")
        if all(map(is_group, names[0])):
            return "other", names, False
        return ("lead" if len(names[0]) == 1 else ""), names, False
    if (does := does_it(folded)) is not None:
        return "other", (_names(plain[:does]), []), False
    together = _together(plain, "lead")
    return ("lead" if together[1] else ""), together, False


def does_it(folded: str) -> int | None:
    """Where the words begin that say who does it, behind a name."""
    behind, many = _DOES_IT.search(folded), _PUTS_INTO_PRACTICE.search(folded)
    if behind is None and many is not None and not is_group(folded[: many.start()]):
        return None
    found = behind or many
    return found.start() if found is not None and found.start() > 0 else None


def _together(text: str, role: str) -> tuple[list[str], list[str]]:
    """`教育局会同财政局、人社局`: the first leads, the others help."""
    match = _TOGETHER.match(fold(text)) if role == "lead" else None
    if match is None:
        return _names(text), []
    return _names(text[: match.end("lead")]), _names(text[match.start("others") :])


def _names(text: str) -> list[str]:
    folded = fold(text)
    pieces: list[str] = []
    start = depth = 0
    for match in _SEPARATOR.finditer(folded):
        depth = folded.count("(", 0, match.start()) - folded.count(")", 0, match.start())
        if depth <= 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    names = [name for piece in pieces for name in _name(piece)]
    return [name for name in names if name and not _NOBODY.match(fold(name))]


def _name(piece: str) -> list[str]:
    name = piece.strip().strip("。.：:")
    name = name[counted.end() :] if (counted := _COUNTS.match(fold(name))) is not None else name
    etc = _ETC.search(fold(name))
    if etc is None:
        return apart(name)
    others = name[etc.start() :]
    return [*apart(name[: etc.start()].strip()), others[1:] if is_group(others[1:]) else others]


def apart(name: str) -> list[str]:
    """The offices that a name joins, each whole, in a cell and in running text; a name that joins none is one."""
    folded = fold(name)
    for joint in _JOINT.finditer(folded):
        # `商务局及各开发区`, `各镇街和区教育局`: many at once beside an office, or beside others.
        one, two = folded[: joint.start()], folded[joint.end() :]
        many = two.startswith("各") and is_group(two) and (is_group(one) or _ENDS.search(one))
        if many or (is_group(one) and not is_group(two) and not is_group(name) and _ENDS.search(two)):
            return [*apart(name[: joint.start()]), *apart(name[joint.end() :])]
    joined = _AND.match(folded) if not is_group(name) else None
    return [name] if joined is None else [name[: joined.end("one")], *apart(name[joined.start("two") :])]


def leads(name: str) -> bool:
    """Whether a department is marked as the lead where it stands (`组织部（牵头）`)."""
    return _MARK_OF_LEAD.search(fold(name)) is not None


def without_mark(name: str) -> str:
    """The department's name without the mark of its part."""
    match = _MARK_OF_LEAD.search(fold(name)) or _MARK_OF_OTHER.search(fold(name))
    return name[: match.start()].strip() if match is not None else name


def within_one_unit(name: str) -> bool:
    """Whether a name is that of a section inside one office (`食品经营处`, `财务股`): its list puts the lead first."""
    return _SECTION.fullmatch(fold(name).strip()) is not None


def is_placeholder(name: str) -> bool:
    """Whether a name stands for somebody who is still to be named (`待分配`) or for many (`各有关单位`)."""
    return is_group(name) or _NOT_YET_NAMED.fullmatch(fold(name).strip()) is not None


def is_group(name: str) -> bool:
    """Whether a name stands for many at once (`各县区`, `有关部门`)."""
    return _GROUP.fullmatch(fold(name).strip()) is not None


def is_more_than_a_name(name: str) -> bool:
    """Whether a name holds more than an office's: a label, a person, a condition, what it does (`财政局保障资金`)."""
    return not is_group(name) and _MORE_THAN_A_NAME.search(fold(name).strip()) is not None
