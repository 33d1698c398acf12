"""Who leads, who helps and by when, as running text says it: `（X牵头，Y、Z按职责分工负责）`, `牵头单位：X`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.notice.column_heads import Role, role_of
from domain.notice.departments import is_placeholder
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.units import all_units

_HEAD = r"(?:[^\s:,;。、()]{2,10}|[A-Za-z][A-Za-z ]{1,24})"
_LABEL = regex(rf"(?P<head>{_HEAD})\s*:\s*(?P<value>[^:]*?)\s*(?=$|[,;。.* \t]+{_HEAD}\s*:)")
_BRACKET = regex(r"[(\[【](?P<inner>(?:[^()\[\]【】]|\([^()]*\)){2,160})[)\]】][。;,.]?\s*")
_ROLES = regex(
    r"牵头|负责|责任(?:单位|部门|领导|人)?|配合|参与|主办|协办|落实|lead|owner|responsible|完成时限|时限", re.IGNORECASE
)
_UNWRAPPED = regex(r"^[(（\[【](?P<inner>[^()（）\[\]【】]+)[)）\]】][。.;；]?$")
_LEADS = regex(r"^(?:由)?(?P<who>.+?)(?:牵头|主办|主责)(?:负责|落实|办理|实施|组织)?$")
_SHARES = regex(
    r"^(?P<who>.+?)(?:等)?(?:按照?(?:各自)?职责(?:分工)?(?:分别)?(?:负责|落实|抓好落实)?|分工负责|分别负责|"
    r"参与|配合|协助|协办|负责|落实|承办|具体负责)(?:落实)?$"
)
_ENGLISH_LEAD = regex(r"^(?P<role>lead|owner|responsible|supported by|support|with)\s*:?\s+(?P<who>.+)$", re.IGNORECASE)
# The parts of a sentence, each with the mark behind it; and the words that charge somebody.
_PART = regex(r"(?P<words>(?:(?!(?<=牵头|主办|负责)、)[^,;。\n])+)(?P<mark>[,;。、\n]?)|[,;。\n]")
_TOGETHER = regex(r"^(?:会同|联合|协同)(?P<who>.+)$")
_CHARGED = regex(r"^(?:由|请|责成|明确由|会议明确由|会议要求,?由?)(?=[一-鿿])")
_BY_ITSELF = regex(r"(?:全部|全面)?(?:完成|建成|完工|竣工|投用|办结)$")
_KEPT: tuple[Role, ...] = (
    "lead",
    "participants",
    "due",
    "start",
    "schedule",
    "content",
    "category",
    "priority",
    "source",
    "leader",
)


@dataclass(slots=True)
class Assignment:
    """Who leads, who helps, by when, and what else a label says of an item."""

    lead: str = ""
    participants: str = ""
    due: str = ""
    schedule: str = ""
    content: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def add(self, role: Role, value: str) -> None:
        """Take what a label says."""
        value = value.strip().rstrip("。；;，,")
        if not value:
            return
        if role == "lead" and self.lead:
            # `牵头单位：X` and then `责任单位：Y、Z`: one leads, the others help.
            role = "participants"
        if role in ("category", "priority", "source", "leader"):
            self.more[role] = value
        elif role == "start":
            self.due = f"{value}—{self.due}" if self.due else f"{value}起"
        elif role in _KEPT:
            before = getattr(self, role)
            setattr(
                self,
                role,
                f"{before}、{value}"
                if before and role in ("lead", "participants")
                else "\n".join(filter(None, (before, value))),
            )

    def join(self, other: Assignment) -> None:
        """Take what was found in another line of the same item."""
        for role in ("lead", "participants", "due", "schedule", "content"):
            if text := getattr(other, role):
                self.add(role, text)
        self.more |= other.more


def label_line(text: str) -> list[tuple[Role, str]]:
    """What a line of labels says (`牵头单位：X；完成时限：Y`); nothing where a label is none of ours."""
    text = _UNWRAPPED.sub(r"\g<inner>", text.strip())
    folded = fold(text).strip()
    found: list[tuple[Role, str]] = []
    at = 0
    for match in _LABEL.finditer(folded):
        role = role_of(match["head"])
        if role is None or role not in _KEPT or folded[at : match.start()].strip(" ,;。.\t"):
            return []
        found += _with_its_time(role, text.strip()[match.start("value") : match.end("value")])
        at = match.end()
    return found if found and not folded[at:].strip(" ,;。.\t") else []


def _with_its_time(role: Role, value: str) -> list[tuple[Role, str]]:
    """What a label says, and apart from it the time behind its offices (`配合单位：乙局，6月底前完成`)."""
    if role in ("lead", "participants"):
        for comma in re.finditer(r"[，,；;]", value):
            said = value[comma.end() :].strip()
            if holds_a_time(re.split(r"[，,；;]", said)[0]) and not _offices(said):
                limit = _BY_ITSELF.sub("", said)
                when: tuple[Role, str] = ("due", limit) if is_a_time(limit) else ("schedule", said)
                return [(role, value[: comma.start()]), when]
    return [(role, value)]


def assignment_in(text: str) -> tuple[str, Assignment]:
    """The text without what assigns it, in brackets or in words of the sentence, and what that says."""
    found = Assignment()
    text = _said_in_sentence(text, found)
    folded = fold(text)
    pieces: list[str] = []
    at = 0
    for match in _BRACKET.finditer(folded):
        inner = text[match.start("inner") : match.end("inner")]
        last = not folded[match.end() :].strip(" 。;,.")
        if _ROLES.search(inner):
            if not _read(inner, found):
                continue
        elif last and all_units(inner):
            found.add("lead", inner)
        elif last and _who_and_when(inner):
            _read(inner, found)
        else:
            continue
        pieces.append(text[at : match.start()])
        at = match.end()
    pieces.append(text[at:])
    kept = "".join(pieces).strip()
    tail = _tail(kept, found)
    return tail, found


def _said_in_sentence(text: str, found: Assignment) -> str:
    """`由X牵头，Y、Z配合，5月底前…`: parts of a sentence that name offices and their part in it, and nothing else."""
    folded = fold(text)
    told = Assignment()
    kept: list[str] = []
    for part in _PART.finditer(folded):
        words = _CHARGED.sub("", part["words"].strip())
        match = _LEADS.match(words) or _SHARES.match(words) or (_TOGETHER.match(words) if told.lead else None)
        leads = match is not None and match.re is _LEADS
        if match is None or part.start() in _bracketed(folded) or not _offices(match["who"].removeprefix("由")):
            kept.append(text[part.start() : part.end()])
            continue
        told.add("lead" if leads or not told.lead else "participants", match["who"].removeprefix("由"))
        if kept and part["mark"] not in ("", ",") and kept[-1].rstrip()[-1:] in ("，", ","):
            kept[-1] = kept[-1].rstrip()[:-1] + text[part.end("words") : part.end()]
    if not told.lead or not "".join(kept).strip():
        return text
    found.join(told)
    return "".join(kept)


def _offices(who: str) -> bool:
    """Whether offices stand there and nothing else, those without a name of their own (`各县区`) too."""
    return all(all_units(name) or is_placeholder(name) for name in re.split(r"[、/]", who))


def _bracketed(folded: str) -> frozenset[int]:
    """The places inside brackets."""
    inside = (range(match.start(), match.end()) for match in _BRACKET.finditer(folded))
    return frozenset(at for places in inside for at in places)


def _who_and_when(inner: str) -> bool:
    """Whether brackets hold offices and a time and nothing else (`（甲局，6月底前）`)."""
    pieces = [_BY_ITSELF.sub("", piece.strip()) for piece in re.split(r"[，；;,]", inner) if piece.strip()]
    times = [piece for piece in pieces if is_a_time(piece)]
    return bool(times) and len(times) < len(pieces) and all(piece in times or all_units(piece) for piece in pieces)


def _tail(text: str, found: Assignment) -> str:
    """Labels at the end of a sentence, without brackets: `…。责任单位：X；完成时限：Y`."""
    folded = fold(text)
    for start in [m.end() for m in re.finditer(r"[。;,]\s*|\.\**\s+|\s{2,}", folded)]:
        labels = label_line(text[start:])
        if labels:
            for role, value in labels:
                found.add(role, value)
            return text[:start].rstrip("；;，, ")
    return text


def _read(inner: str, found: Assignment) -> bool:
    if labels := label_line(inner):
        for role, value in labels:
            found.add(role, value)
        return True
    told = Assignment()
    pending: list[str] = []
    for piece in re.split(r"[，；;,]", inner):
        if piece.strip():
            _read_piece(piece.strip(), told, pending)
    if pending and not (told.lead or told.due):
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
    elif (match := _LEADS.match(folded) or _SHARES.match(folded)) is not None:
        who = "、".join([*pending, piece[match.start("who") : match.end("who")]])
        told.add("lead" if match.re is _LEADS or not told.lead else "participants", who)
        pending.clear()
    elif (english := _ENGLISH_LEAD.match(folded)) is not None:
        helps: Role = "participants" if english["role"].lower() in ("supported by", "support", "with") else "lead"
        told.add(helps, english["who"])
    elif is_a_time(limit := _BY_ITSELF.sub("", piece)):
        told.add("due", limit)
    elif holds_a_time(piece) and not _offices(piece):
        told.add("schedule", piece)
    else:
        pending.append(piece)
