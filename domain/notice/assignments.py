"""Who leads, who helps and by when, as running text says it: `（X牵头，Y、Z按职责分工负责）`, `牵头单位：X`."""

from __future__ import annotations

import re

from domain.notice.assignment import KEPT, Assignment
from domain.notice.bracket_pieces import is_step, pieces_of, steps_in
from domain.notice.column_heads import Role, label_of
from domain.notice.departments import does_it
from domain.notice.english_charges import english_charges, with_marks_for_dashes
from domain.notice.folding import fold
from domain.notice.offices_in_text import MARKS, NAMES, as_list, labelled, offices, with_colons, without_its_end
from domain.notice.patterns import regex
from domain.notice.time_cells import begins_with_a_time, holds_a_time, is_a_time
from domain.notice.units import all_units

_HEAD = r"(?:[^\s:,;。、()\[\]【】]{2,10}|[A-Za-z][A-Za-z ]{1,24})"
_LABEL = regex(rf"(?P<head>{_HEAD})\s*:\s*(?P<value>[^:]*?)\s*(?=$|[,;。.* \t]+{_HEAD}\s*:)")
_OWN_HEAD = regex(rf"(?:^|[,;。]\s*|\s{{2,}})(?P<head>{_HEAD})\s*:\s*")
_LABEL_IN_BRACKETS = regex(r"[(（]([^\s:：,，;；。、()（）]{2,10})[:：]([^()（）:：]+)[)）](?=\s*(?:$|[。;；,，]))")
_BRACKET = regex(r"[(\[【](?P<inner>(?:[^()\[\]【】]|\([^()]*\)){2,160})[)\]】][。;,.]?\s*")
# `〔牵头：甲局〕`, as the number of a paper has them too.
_LONG_BRACKETS = regex(r"[〔〖｛{]([^〔〕〖〗{}｛｝]{2,160})[〕〗｝}]")
_ROLES = regex(
    r"牵头|负责|[局委办厅部处科室院所站司署]参加|起草(?:单位|部门)[:：]|责任(?:单位|部门|领导|人)?|配合|协同|参与|主办|协办|落实|lead|owner|responsible|完成时限|时限",
    re.IGNORECASE,
)
_UNWRAPPED = regex(r"^[(（\[【](?P<inner>[^()（）\[\]【】]+)[)）\]】][。.;；]?$")
# `以下由甲局负责`, in brackets behind a heading.
_OF_ALL = r"(?:以下|本部分|本节|本项|该项|此项)(?:各?项?(?:重点)?(?:任务|工作|事项|措施|内容|项目)?)(?:均|统一)?"
_LEADS = regex(
    rf"^(?:{_OF_ALL}?由)?(?P<who>.+?)(?:共同|分别|联合)?(?:牵头|主办|主责|主抓|负总责|总负责|抓总)(?:负责|落实|办理|实施|组织)?$"
)
_SHARES = regex(
    rf"^(?:{_OF_ALL}由)?(?P<who>.+?)(?:具体|共同|积极|密切|协同|做好(?=[参配协])|(?:负责|按照?(?:各自)?职责(?:分工)?)(?=[参配协指做]))*(?:按照?(?:各自)?职责(?:分工)?(?:分别)?(?:负责|落实|抓好落实)?|分工负责|分别负责|各负其责|各司其职|"
    r"参与|参加|配合|协助|协办|协同|指导|负责|落实|承办|具体负责)(?:落实)?$"
)
_HEADED = regex(rf"(?:^|[,;。\n])(?P<head>{_HEAD})\s*:\s*$")
_MARKED = regex(r"\((?:牵头|主办|主责)\)")
_FIRMLY = regex(r"牵头|主办|主责|抓总")
_ONE_NAME = regex(r"(?!由)[一-鿿]{2,12}")
_BY_WHOM = regex(r"(?<!自)由")
_HELPS = regex(r"(?:参与|参加|配合|协助|协办|协同|指导)(?:落实)?$")
_ENGLISH_LEAD = regex(r"^(?P<role>lead|owner|responsible|supported by|support|with)\s*:?\s+(?P<who>.+)$", re.IGNORECASE)
_LAST_SENTENCE = regex(r"(?<=[。；;])\s*(?P<who>[^。；;，,:：()（）\d]{2,30})。?\s*$")
# An office outside of brackets has a part of its own.
_OFFICE = regex(r"[局委办厅处科镇乡]|中心|公司|支队|街道|政府|部门")
# Many at once, whatever they are called: `各中心校`, `各学区`, where they are said to help.
_MANY = regex(r"各(?![项类种自方环])[一-鿿]{2,4}")
# The parts of a sentence, each with the mark behind it; and the words that charge somebody.
_PART = regex(r"(?P<words>(?:(?!(?<=牵头|主办|负责)、)[^,;。:\n])+)(?P<mark>[,;。:、\n]?)|[,;。:\n]")
_TOGETHER = regex(r"^(?:会同|联合|协同)(?P<who>.+)$")
_CHARGED = regex(r"^(?:由|请|责成|明确由|会议明确由|会议要求,?由?)(?=[一-鿿])")
# `由市交通局会同市公安局于4月底前…`: offices, and right behind them what they are to do.
_DUTY_BEGINS = regex(
    r"[于在按将对就每\d]|共同|负责|建成|建立|出台|印发|修订|举办|新增|新建|实现|确保|力争|引进|培育|尽快|抓紧|立即|做好|落实|组织(?!部)|推进|开展|制定|完成|提出|研究|加快|加强|深化|强化|严格|集中|全面|全力|本[月周季]|下[月周季]|[一二三四五六七八九十]{1,3}[个日周月季]"
)
_JOINED = regex(
    r"^(?P<lead>[^、,;。:]{2,24}?)(?:要|应|牵头|负责)*(?:会同|联合|协同|(?<=[局委办厅部处科室院会])商(?!务|联|会|业|贸))(?P<others>.+)$"
)
# `市司法局要在7月20日前清理…`: whom a meeting charges.
_IS_TO = regex(r"(?P<who>[^,;。:()]{2,24}?)(?:要|应当?|须|需|负责)(?=[于在]\s*(?:\d|每)|尽快|抓紧|立即|加快)")
_BEHIND_A_DASH = regex(r"(?P<before>.*[^-\s])\s*-{1,3}\s*(?P<who>[^-]+)$")
# Words of a clause, and of no office's name.
_A_CLAUSE = regex(r"[前后内]$|完成|投入|使用|开学|学期|实施|启动|竣工|开工|投用|报送|推进|期间|达到|力争|确保|坚持")


def label_line(text: str) -> list[tuple[Role, str]]:
    """What a line of labels says (`牵头单位：X；完成时限：Y`); nothing where a label is none of ours."""
    text = with_colons(_UNWRAPPED.sub(r"\g<inner>", with_marks_for_dashes(text.strip())))
    # `牵头单位：X（配合：Y）`: a label in brackets is one beside the other.
    text = _LABEL_IN_BRACKETS.sub(lambda held: f"；{held[1]}：{held[2]}" if label_of(held[1]) else held[0], text)
    if steps := _steps(text.strip()):
        return steps
    folded = fold(text).strip()
    found: list[tuple[Role, str]] = []
    at = 0
    for match in _LABEL.finditer(folded):
        role = label_of(match["head"])
        if role is None or role not in KEPT or folded[at : match.start()].strip(" ,;。.\t"):
            return []
        found += _with_its_time(role, text.strip()[match.start("value") : match.end("value")])
        at = match.end()
    return found if found and not folded[at:].strip(" ,;。.\t") else []


def _steps(text: str) -> list[tuple[Role, str]]:
    """What labels say one of which has steps, each time with a colon of its own (`时间安排：9月前：检查；10月：整改`).

    Nothing where none has.
    """
    folded = fold(text)
    heads = [(match, role) for match in _OWN_HEAD.finditer(folded) if (role := label_of(match["head"])) in KEPT]
    if not heads or heads[0][0].start() != 0:
        return []
    said: list[tuple[Role, str]] = []
    stepped = False
    for number, (head, role) in enumerate(heads):
        end = heads[number + 1][0].start() if number + 1 < len(heads) else len(text)
        value = text[head.end() : end].strip(" ,，;；。")
        if ":" not in fold(value):
            said += _with_its_time(role, value)
        elif role in ("due", "schedule") and begins_with_a_time(value):
            said.append(("schedule", value))
            stepped = True
        else:
            return []
    return said if stepped else []


def _with_its_time(role: Role, value: str) -> list[tuple[Role, str]]:
    """What a label says, and apart from it the time behind its offices (`配合单位：乙局，6月底前完成`)."""
    if role in ("lead", "participants"):
        for mark in re.finditer(r"[，,；;。]", value):
            said = value[mark.end() :].strip()
            if holds_a_time(re.split(r"[，,；;。]", said)[0]) and not offices(said):
                limit = without_its_end(said)
                when: tuple[Role, str] = ("due", limit) if is_a_time(limit) else ("schedule", said)
                return [(role, value[: mark.start()]), when]
    return [(role, value)]


def assignment_in(text: str) -> tuple[str, Assignment]:
    """The text without what assigns it, in brackets or in words of the sentence, and what that says."""
    found = Assignment()
    text = _LONG_BRACKETS.sub(lambda held: f"（{held[1]}）" if _ROLES.search(held[1]) else held[0], text)
    text, lead, helpers, found.another = english_charges(with_marks_for_dashes(text))
    found.add("lead", lead)
    for helper in helpers:
        found.add("participants", helper)
    text = _charged_in(text, found)
    folded = fold(text)
    pieces: list[str] = []
    at, firmly = 0, False
    alone = _alone_in_its_item(folded)
    for match in _BRACKET.finditer(folded):
        inner = text[match.start("inner") : match.end("inner")]
        rest = _BRACKET.sub("", folded[match.end() :]).strip(" 。;,.")
        # `综合演练（甲局、乙局）：9月底前`: what stands behind a colon is no part of the name before it.
        last = not rest or rest.startswith(":")
        if _ROLES.search(inner):
            apart = found.lead and text[at : match.start()].strip() and not label_line(inner)
            further = Assignment()
            if apart and (not firmly or _FIRMLY.search(inner)) and _read(inner, further) and further.lead != found.lead:
                found.another = further.lead
            firmly = firmly or _FIRMLY.search(inner) is not None
            if not _read(inner, found):
                continue
        elif (last or alone) and any(map(all_units, NAMES.split(inner))) and all(map(offices, MARKS.split(inner))):
            found.add("lead", "、".join(MARKS.split(inner)))
        elif last and (_who_and_when(inner) or len(steps_in(inner)) == len(pieces_of(inner)) > 1):
            _read(inner, found)
        else:
            continue
        pieces.append(text[at : match.start()])
        # `修订章程（甲局牵头），3月底前完成`: the mark behind a bracket parts what stands on both sides of it.
        at = match.end("inner") + 1 if rest and pieces[-1].strip() else match.end()
        if pieces[-1].strip()[-1:] not in ("", *"，,；;。") and begins_with_a_time(folded[at:].lstrip()):
            pieces.append("，")
    pieces.append(text[at:])
    kept = "".join(pieces).strip()
    if found.participants and not found.lead:
        # `完成自评—— 质控科（医务科配合）`: whoever leads stands before the brackets.
        kept = _said_in_sentence(kept, found)
    tail = _tail(kept, found)
    behind = _LAST_SENTENCE.search(tail) if not found.lead else None
    if behind is not None and offices(behind["who"]) and all_units(NAMES.split(behind["who"])[0]):
        # `…，11月底前完成。民政局。`
        found.add("lead", behind["who"])
        tail = tail[: behind.start()]
    return tail, found


def _alone_in_its_item(folded: str) -> bool:
    """Whether one pair of brackets is all that names offices in an item (`增长6%（甲局），一季度…，上半年过半`)."""
    return (
        len(_BRACKET.findall(folded)) == 1
        and not _ROLES.search(folded)
        and not _OFFICE.search(_BRACKET.sub("", folded))
    )


def _charged_in(text: str, found: Assignment) -> str:
    """Who a sentence says; whom it charges with a part alone is another, where a label behind it says who leads."""
    said, labels = Assignment(), Assignment()
    rest = _said_in_sentence(text, said)
    sentence = _tail(text, labels)
    if said.lead and labels.lead and said.lead != labels.lead and not _FIRMLY.search(sentence):
        found.another = found.another or said.lead
        return text
    found.join(said)
    return rest


def _said_in_sentence(text: str, found: Assignment) -> str:
    """`由X牵头，Y、Z配合，5月底前…`: parts of a sentence that name offices and their part in it, and nothing else."""
    folded = fold(text)
    told = Assignment()
    kept: list[str] = []
    bracketed = _bracketed(folded)
    for part in _PART.finditer(folded):
        after_a_stop = folded[: part.start()].rstrip()[-1:] in (";", "。")
        # `…。——甲局牵头，乙局配合`
        words = _CHARGED.sub("", (part["words"] or "").strip().lstrip("- "))
        printed = text[part.start("words") : part.end("words")].strip()[-len(words) :] if words else ""
        if part.start() not in bracketed and (label := labelled(printed)) is not None:
            told.add(label[0], label[1])
            continue
        beside = _TOGETHER.match(words) or _does_it(words) if told.lead else None
        match = _LEADS.match(words) or beside or _SHARES.match(words)
        if match is None and not told.lead and _marks_its_lead(words, folded[: part.start()]):
            told.add("lead", printed)
            continue
        leads = match is not None and match.re.pattern == _LEADS.pattern
        helps = not leads and _HELPS.search(words) is not None
        many = helps and match is not None and _MANY.fullmatch(match["who"]) is not None
        if match is None or part.start() in bracketed or not (many or _named_alone(match["who"])):
            if helps and match is not None and part.start() not in bracketed and _names_somebody(match["who"]):
                told.another = told.another or words
            piece = text[part.start() : part.end()]
            kept.append(_glued(piece, told, bracketed=part.start() in bracketed, opens=not kept))
            continue
        who = printed[match.start("who") : match.end("who")].removeprefix("由")
        if told.lead and not helps and after_a_stop and _CHARGED.match(part["words"].strip()) and who != told.lead:
            # `由甲局牵头，…；由乙局负责，…`: the second one has a part of its own.
            told.another = told.another or text[part.start() : part.end("words")].strip()
            kept.append(text[part.start() : part.end()])
            continue
        told.add("lead" if leads or not (told.lead or helps) else "participants", as_list(who))
        if kept and part["mark"] not in ("", ",") and kept[-1].rstrip()[-1:] in ("，", ","):
            kept[-1] = kept[-1].rstrip()[:-1] + text[part.end("words") : part.end()]
    if not (told.lead or told.participants) or not "".join(kept).strip():
        return text
    found.join(told)
    return "".join(kept)


def _marks_its_lead(words: str, before: str) -> bool:
    """`…。市城管局（牵头）、各区政府`, `宿舍维修：后勤处（牵头）、学生处`: a part of offices, one of them marked."""
    headed = _HEADED.search(before)
    opens = before.rstrip()[-1:] in (";", "。") or (headed is not None and label_of(headed["head"]) is None)
    return opens and _MARKED.search(words) is not None and offices(_MARKED.sub("", words))


def _names_somebody(who: str) -> bool:
    """Whether some of several names is an office, so that the others may be, too (`综合执法队、学区协助`)."""
    names = NAMES.split(who.removeprefix("由"))
    return len(names) > 1 and any(map(all_units, names)) and all(map(_ONE_NAME.fullmatch, names))


def _named_alone(who: str) -> bool:
    """Whether offices are named; `其中征迁由乙街道` says what they do, too."""
    names = who.removeprefix("由")
    return offices(names) and _BY_WHOM.search(names) is None


def _does_it(words: str) -> re.Match[str] | None:
    """`各市商务局组织实施`, behind whoever leads."""
    return re.match(rf"(?P<who>.{{{begin}}})", words) if (begin := does_it(words)) is not None else None


def _glued(part: str, told: Assignment, *, bracketed: bool, opens: bool) -> str:
    """What is left of a part of a sentence that says who and what in one breath; who goes into `told`.

    `由X会同Y、Z于4月底前提出方案`, `由X于5月10日前拨付`, `全年举办6场——X牵头`; who helps in `请会同Y于…` helps
    whom the notice addresses.
    """
    folded = fold(part)
    helped = _TOGETHER.match(folded.strip(" \n"))
    if bracketed or (told.lead and helped is None):
        return part
    dashed = _BEHIND_A_DASH.match(folded.rstrip(" ,;。\n"))
    if dashed is not None:
        leads = _LEADS.match(dashed["who"]) or _SHARES.match(dashed["who"])
        bare = dashed["who"].strip() if "--" in folded[dashed.end("before") : dashed.start("who")] else ""
        who = leads["who"] if leads is not None else bare
        if who and offices(who):
            begin = folded.index(who, dashed.start("who"))
            told.add("lead", part[begin : begin + len(who)])
            return part[: dashed.end("before")] + part[len(folded.rstrip(" ,;。\n")) :]
    opening = len(folded) - len(folded.lstrip())
    charged = _CHARGED.match(folded[opening:])
    start = opening + (charged.end() if charged is not None else 0)
    joined = _JOINED.match(folded[start:].rstrip("\n"))
    helped = _TOGETHER.match(folded[start:].rstrip("\n")) if charged is not None or told.lead else None
    begin = start + (joined.start("others") if joined is not None else helped.start("who") if helped is not None else 0)
    if joined is None and charged is None and helped is None:
        is_to = _IS_TO.match(folded[start:]) if opens else None
        if is_to is None or not all_units(is_to["who"]):
            return part
        told.add("lead", part[start : start + is_to.end("who")])
        return part[start + is_to.end() :]
    *names, last = re.split("、", folded[begin:])
    cuts = (match.start() for match in _DUTY_BEGINS.finditer(last))
    # `由甲局会同乙分行，三季度…`: the duty may stand behind a mark, too.
    alone = [len(last.rstrip(" ,;。\n"))] if joined is not None else []
    cut = next((at for at in (*cuts, *alone) if at > 1 and offices(last[:at])), None)
    if cut is None or not all(map(offices, names)) or (joined is not None and not offices(joined["lead"])):
        return part
    end = len(folded) - len(last) + cut
    if joined is not None:
        told.add("lead", part[start : start + joined.end("lead")])
        told.add("participants", as_list(part[begin:end]))
    else:
        told.add("participants" if helped is not None else "lead", as_list(part[begin:end]))
    return part[end:].lstrip("，,") or " "


def _bracketed(folded: str) -> frozenset[int]:
    """The places inside brackets."""
    inside = (range(match.start(), match.end()) for match in _BRACKET.finditer(folded))
    return frozenset(at for places in inside for at in places)


def _who_and_when(inner: str) -> bool:
    """Whether brackets hold offices and a time and nothing else (`（甲局，6月底前）`)."""
    pieces = [without_its_end(piece.strip()) for piece in re.split(r"[，；;,]", inner) if piece.strip()]
    times = [
        piece
        for piece in pieces
        if is_step(piece) or is_a_time(piece) or (begins_with_a_time(piece) and not all_units(piece))
    ]
    return bool(times) and len(times) < len(pieces) and all(piece in times or offices(piece) for piece in pieces)


def _tail(text: str, found: Assignment) -> str:
    """Labels at the end of a sentence, without brackets: `…。责任单位：X；完成时限：Y`."""
    folded = fold(text)
    for start in [
        m.end() for m in re.finditer(r"[。;,]\s*|\.\**\s+|\s{2,}|(?<=[一-鿿]) (?=[一-鿿])|-{1,3}\s*(?=[一-鿿])", folded)
    ]:
        said, _, rest = text[start:].partition("。")
        if rest.strip() and not label_line(rest) and (labels := label_line(said)):
            # `责任单位：甲局。其中征迁由乙街道负责，4月底前完成。`: a sentence behind the label is none of it.
            for role, value in labels:
                found.add(role, value)
            return f"{text[:start].rstrip('；;，, —－-')}{rest.strip()}"
        if labels := label_line(text[start:]):
            for role, value in labels:
                found.add(role, value)
            return text[:start].rstrip("；;，, —－-")
    return text


def _read(inner: str, found: Assignment) -> bool:
    steps = steps_in(inner)
    inner = "，".join(piece for piece in pieces_of(inner) if piece not in steps) if steps else inner
    told = Assignment(schedule="\n".join(steps))
    if labels := label_line(inner):
        for role, value in labels:
            told.add(role, value)
        found.join(told)
        return True
    pending: list[str] = []
    for piece in pieces_of(inner):
        _read_piece(piece, told, pending)
    if told.another and not told.lead:
        # The words stay where they stand, for whoever is asked about them.
        found.another = found.another or told.another
        return False
    if pending and not (told.lead or told.due or (told.schedule and all(map(offices, pending)))):
        return False
    if pending:
        told.add("participants" if told.lead else "lead", "、".join(pending))
    found.join(told)
    return True


def _read_piece(piece: str, told: Assignment, pending: list[str]) -> None:
    """Take what a piece of a bracket says; offices without a part of their own wait for the piece behind them."""
    folded = fold(piece)
    if labels := label_line(piece):
        for role, value in labels:
            told.add(role, value)
    elif (
        match := _LEADS.match(folded) or _SHARES.match(folded) or (_does_it(folded) if told.lead else None)
    ) is not None:
        if pending and not told.lead and _HELPS.search(folded) is not None:
            # `（甲局，乙局、丙局配合）`
            told.add("lead", "、".join(pending))
            pending.clear()
        if not pending and len(parts := _BY_WHOM.split(match["who"])) > 1 and all_units(parts[1]):
            # `土建由甲局负责`: a part that is another's.
            told.another = told.another or piece
            return
        who = "、".join([*pending, as_list(piece[match.start("who") : match.end("who")])])
        beside = bool(told.lead) or _HELPS.search(folded) is not None
        told.add("lead" if match.re.pattern == _LEADS.pattern or not beside else "participants", who)
        pending.clear()
    elif (english := _ENGLISH_LEAD.match(folded)) is not None:
        helps: Role = "participants" if english["role"].lower() in ("supported by", "support", "with") else "lead"
        told.add(helps, english["who"])
    elif is_a_time(limit := without_its_end(piece)):
        # `3月底前制定方案，10月底前完工`: behind a step it is the last of them.
        told.add(*(("schedule", piece) if told.schedule else ("due", limit)))
    elif not offices(piece) and (holds_a_time(piece) or (told.lead and _A_CLAUSE.search(folded))):
        told.add("schedule", piece)
    else:
        pending.append(piece)
