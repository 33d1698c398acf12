"""Persons who stand in a cell beside their office: `市城管局（李明）`, `王强（市生态环境局）`, `市教育局局长赵敏`.

An order goes to an office. With a person in its name it would be an office that nobody has, and its duty would reach
no one; so the person is taken out, and said or asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.ids import ProjectId
from domain.notice.findings import CONFIRM, Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.windows import Choice

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施牛樊葛邢安齐易伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳"
    "甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆古司卓"
)
_GIVEN: Final = r"[一-鿿]{1,2}"
_PERSON: Final = regex(
    rf"(?:欧阳|上官|司马|诸葛|司徒|皇甫|令狐|尉迟|[{_SURNAMES}]){_GIVEN}|[一-鿿]{{2,6}}·[一-鿿]{{2,6}}"
    rf"|(?:[A-Z]\. ?){{1,2}}[A-Z][a-z]+"
    rf"|[{_SURNAMES}](?:常务副|副)?(?:省长|市长|县长|区长|州长|镇长|乡长|局长|主任|部长|处长|科长|厅长|院长|校长|书记|秘书长|主席|总)"
)
# What two or three characters after a bracket or a blank stand for more often than for a person.
_NO_PERSON: Final = regex(
    r"高新|高企|林草|安监|安环|安保|安全|安委|常务|常委|常设|金融|金税|华能|石油|石化|路政|管网|管护|管线|成教|成人|房产|房管|房建|古建|时政|司法|关工|万达|康养|康复|温控|方舱|齐抓|任务|施工"
    r"|.{1,2}(?:[局委办厅处科部院署室所站馆队组司厂会校园区县市省州盟旗乡镇村社团党级项类段期线路桥河湖库网港行矿场店楼])"
)
# `陈××`, `陈某某`: as papers that are made public leave names out.
_WITHOUT_A_NAME: Final = regex(r"[一-鿿](?:×{1,2}|某{1,2})")
_OFFICE: Final = regex(
    r"[一-鿿a-z0-9]{0,20}?(?:局|委|办|厅|处|科|部|院|署|室|所|站|馆|支队|大队|总队|中队|中心|公司|集团|企业|学校|大学|学院|银行|政府|党委|纪委|工会|妇联|文联|残联|侨联|科协|团委|镇|乡|街道|区|县|市|州|村|社|委员会|管委会|指挥部|专班|领导小组|组|厂|队)",
    re.IGNORECASE,
)
_TITLE: Final = (
    r"(?:党委|党组|党总支|党支部)?(?:第一|常务|副|总)?(?:局长|主任|部长|处长|科长|院长|校长|书记|厅长|行长|所长|队长|支队长|大队长|镇长|乡长|区长|县长|市长"
    r"|秘书长|组长|站长|馆长|主席|理事长|董事长|总经理|经理|厂长|会长|负责人|责任人|联系人|联络员)"
)
_SURE_OFFICE: Final = regex(rf"(?P<office>{_OFFICE.pattern})(?P<person>{_TITLE}(?:{_PERSON.pattern}))", re.IGNORECASE)
# `研发部王强`
_JOINED: Final = regex(rf"(?P<office>[一-鿿]{{2,12}}?[局委厅处科部])(?P<person>{_PERSON.pattern})")
_ASKED_ABOUT: Final = regex(r"[“\"]([^“”\"]+)[”\"]像是人名")
_LABEL: Final = regex(rf"^(?:{_TITLE}|姓名)\s*:?\s*")
_BEHIND: Final = regex(r"(?:同志|先生|女士|[\d\s:：.\-—]{5,})+$")
_WITH_A_PERSON: Final = regex(rf"{_TITLE}|人|姓名|电话|手机|同志|先生|女士")
_BRACKETS: Final = regex(r"(?P<before>[^()]+)\((?P<inside>[^()]+)\)")
_BESIDE: Final = regex(r"(?P<before>[^:/ ]+?)\s*(?:[:/—–-]|\s)\s*(?P<behind>[^:/]+)")
_LIST: Final = regex(r"[、,;/\n]|\s+")
_HEAD: Final = regex(r"责任人|负责人|联系人|经办人|承办人|牵头人|联络员|领导|姓名|人员")


PERSONS: Final = "persons_beside_offices"
BESIDE_LEAD: Final = "person_beside_lead"
BESIDE_PARTICIPANT: Final = "person_beside_participant"


class Beside(NamedTuple):
    """An office, who stands with it, and the name of both as it was printed; without an office, a person alone."""

    office: str
    persons: str
    printed: str


class Parting(NamedTuple):
    """Who leads and who takes part, without the persons who stand with them, and these."""

    named: list[str]
    others: list[str]
    taken: list[Beside]


def head_tells_persons(head: str) -> bool:
    """Whether a head says that persons stand in its column."""
    return _HEAD.search(fold(head)) is not None


def is_person(text: str) -> bool:
    """Whether a text is what looks like one person's name and no office's, with a title or a telephone or without."""
    plain = _BEHIND.sub("", _LABEL.sub("", fold(text).strip())).strip()
    named = _PERSON.fullmatch(plain) is not None and _NO_PERSON.fullmatch(plain) is None
    return named or _WITHOUT_A_NAME.fullmatch(plain) is not None


def is_of_a_person(word: str) -> bool:
    """Whether a word is a person's name, or what stands with one: a title, a label, a telephone."""
    plain = fold(word).strip()
    return plain.isdigit() or is_person(plain) or _WITH_A_PERSON.fullmatch(plain) is not None


def is_office(text: str) -> bool:
    """Whether a text ends as offices' names do."""
    return _OFFICE.fullmatch(fold(text).strip()) is not None


def beside(name: str, *, announced: bool = False) -> Beside | None:
    """The office and the persons in one name; none where it is a name of one kind alone.

    Where a head announces persons (`责任单位（责任人）`), whatever a person's name stands behind is the office.
    """
    folded = fold(name).strip()
    if (titled := _SURE_OFFICE.fullmatch(folded)) is not None:
        return Beside(titled["office"], titled["person"], name)
    if (joined := _JOINED.fullmatch(folded)) is not None and is_person(joined["person"]):
        return Beside(joined["office"], joined["person"], name)
    bracketed = _BRACKETS.fullmatch(folded)
    pair = bracketed or _BESIDE.fullmatch(folded)
    if pair is None:
        return None
    one, other = (part.strip() for part in pair.groups())
    sure = announced and bracketed is not None and not _persons_alone(one)
    if (sure or _office_alone(one)) and _persons_alone(other):
        return Beside(one, other, name)
    if _persons_alone(one) and _office_alone(other):
        return Beside(other, one, name)
    return None


def without_persons(named: list[str], others: list[str], *, announced: bool) -> Parting:
    """The departments of a project without the persons who stand beside them; `announced` by a head or not.

    Where no office stands at all, a person who leads stays, and is asked about.
    """
    taken: list[Beside] = []

    def offices(names: list[str]) -> list[str]:
        found = [beside(name, announced=announced) for name in names]
        taken.extend(each for each in found if each is not None)
        return [each.office if each is not None else name for each, name in zip(found, names, strict=True)]

    named, others = offices(named), offices(others)
    if any(is_office(name) for name in named):
        taken += [Beside(named[0], name, name) for name in (*named, *others) if is_person(name)]
        named, others = ([name for name in names if not is_person(name)] for names in (named, others))
    elif len(named) == 1 and is_person(named[0]):
        taken.append(Beside("", named[0], named[0]))
    return Parting(named, others, taken)


def persons_note(persons: list[str]) -> Finding:
    """That persons were taken out of a column whose head announces them: all of them."""
    everybody = "、".join(dict.fromkeys(persons))
    text = f"责任单位栏里有{len(persons)}处写了人名，按单位理解，人名没有读入计划：{everybody}。"
    source = FindingSource.whole("lead_department", persons[0])
    return Finding(key=PERSONS, code=PERSONS, severity="note", text=text, source=source)


def told_persons(findings: Iterable[Finding]) -> tuple[str, str]:
    """What the findings say about persons, for an account of what was left out, and the persons they ask about."""
    codes = (PERSONS, BESIDE_LEAD, BESIDE_PARTICIPANT)
    told = fold("\n".join(finding.text for finding in findings if finding.code in codes))
    return told, "".join(_ASKED_ABOUT.findall(told))


def person_findings(project_id: ProjectId, lead: str, taken: Iterable[Beside]) -> list[Finding]:
    """A question for each department beside which a person seems to stand where no head announces persons."""
    found: list[Finding] = []
    for each in taken:
        leading = each.office in (lead, "")
        code, what = (BESIDE_LEAD, "牵头") if leading else (BESIDE_PARTICIPANT, "参与")
        text = (
            f"“{each.printed}”里的“{each.persons}”像是人名，按由“{each.office}”{what}理解；不是的话，裁定写部门名称。"
        )
        if not each.office:
            text = f"牵头栏里的“{each.persons}”像是人名，不是部门的名称，要写明由哪个部门牵头；裁定写部门名称。"
        name = each.office or each.persons
        found.append(
            Finding(
                key=f"{code}@{project_id}" if leading else f"{code}@{project_id}:{name}",
                code=code,
                severity="ruling",
                project_id=project_id,
                text=text,
                source=FindingSource.whole("lead_department" if leading else "participating_departments", name),
                assumed=name,
                choices=(Choice(key=CONFIRM, text=f"由“{name}”{what}"),),
            )
        )
    return list({finding.key: finding for finding in found}.values())


def _office_alone(text: str) -> bool:
    return is_office(text) and not is_person(text)


def _persons_alone(text: str) -> bool:
    pieces = [piece for piece in _LIST.split(_BEHIND.sub("", text)) if piece and not _LABEL.fullmatch(piece)]
    return bool(pieces) and all(map(is_person, pieces))
