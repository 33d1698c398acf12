"""Who leads and who helps, as English mails and minutes say it: `Finance to close …; Legal to support`."""

from __future__ import annotations

from domain.notice.patterns import regex

_WORD = (
    r"(?!(?:All|Please|This|That|We|It|They|Work|Plans?|Actions?|Deadline|Target|Aim|Need|Due|Date)\b)"
    r"[A-Z][\w&'/-]*"
)
_WHO = rf"(?P<who>{_WORD}(?:,? (?:(?:of|and|for|the|&) )*[A-Z][\w&'/-]*)*)"
_VERB = (
    r"(?:also |jointly |then )?"
    r"(?:accept|achieve|address|adopt|advise|agree|align|amend|analy[sz]e|appoint|approve|arrange|assess|"
    r"assign|attend|audit|award|brief|bring|build|buy|call|carry|chase|check|circulate|clean|clear|close|"
    r"collate|collect|commission|complete|conduct|confirm|consult|contact|contract|coordinate|create|cut|"
    r"decide|define|deliver|deploy|design|develop|digiti[sz]e|discuss|distribute|draft|draw|engage|ensure|"
    r"establish|evaluate|expand|explore|file|finali[sz]e|find|finish|fit|fix|fund|get|give|hand|help|hire|"
    r"hold|host|identify|implement|improve|increase|inform|inspect|install|integrate|introduce|investigate|"
    r"invite|issue|launch|lead|liaise|list|look|maintain|make|manage|map|meet|migrate|monitor|move|"
    r"negotiate|notify|obtain|offer|open|order|organi[sz]e|pay|pilot|plan|prepare|present|procure|produce|"
    r"propose|provide|publish|purchase|put|raise|reach|recruit|redesign|reduce|refit|refresh|refurbish|release|"
    r"relocate|remove|renew|repair|replace|report|resolve|respond|restore|retire|return|review|revise|roll|"
    r"run|schedule|secure|select|send|set|share|sign|source|start|submit|support|switch|take|tender|test|"
    r"train|transfer|translate|update|upgrade|upload|vacate|verify|write)\b"
)
_IS_TO = r"(?:is to|are to|to|will|shall|must|should)"
_WITH = _WHO.replace("<who>", "<helper>")
# `Upgrade to test servers`, `Time to hire`: what opens the duty itself, and no office.
_NO_OFFICE = rf"(?i:{_VERB}|begin|commit|consider|continue|decision|how|options?|proposal|right|seek|time|try|ways?)"
_LEADS = regex(
    rf"^(?!{_NO_OFFICE} {_IS_TO} )(?:\*\*)?{_WHO}(?:\*\*)?(?: \(lead\))?(?:,? with {_WITH},?)? {_IS_TO} "
    rf"(?=(?!support\b|assist\b|help\b){_VERB})"
)
_HELPS = regex(
    rf"(?:\s*[;,.(-]+\s*|\s+)(?:and |with )?(?:the )?{_WHO} "
    rf"(?:{_IS_TO} (?:support|assist|help)|(?:supporting|assisting|in support))\b(?=\s*(?:$|[;,.)]))\)?"
    rf"|[;,.]?\s+\(?(?:(?:supported|assisted|helped) by|with (?:the )?(?:support|help) (?:of|from)) (?:the )?{_WITH}\)?"
)
_ALSO = regex(rf"(?:\band |[;.]\s*|, )(?P<said>{_WHO} {_IS_TO} {_VERB}[^;.]*)")
_HEADS = r"owner|lead|responsible|supported by|support|due date|due by|due|deadline|target date|milestones?|schedule"
# `- Owner: Legal - due 15 June 2026`: labels that dashes part.
_DASHED = regex(rf"\s+(?:--?|[–—|])\s+(?=(?i:{_HEADS})\b\s*:?\s*\S)")
_BARS = regex(r"\s+\|\s+")
_LABEL = regex(rf"(?:^|(?<=; ))(?P<head>(?i:{_HEADS}))\s*(?P<colon>:?)\s*")


def with_marks_for_dashes(text: str) -> str:
    """Labels that dashes part (`Owner: X - due Y`), parted as others are (`Owner: X; due: Y`)."""
    parted = _DASHED.sub("; ", text)
    if parted == text:
        return text
    parted = _BARS.sub("; ", parted)
    return _LABEL.sub(lambda label: f"{label['head']}: " if label["colon"] or label.start() else label.group(), parted)


def english_charges(text: str) -> tuple[str, str, list[str], str]:
    """What is left of an item without who leads and helps it; these; and what else somebody else is charged with."""
    lead = _LEADS.match(text)
    if lead is None:
        return text, "", [], ""
    duty = text[lead.end() :]
    helps = [lead["helper"]] if lead["helper"] else []
    helps += [helper["who"] or helper["helper"] for helper in _HELPS.finditer(duty)]
    duty = _HELPS.sub("", duty)
    also = _ALSO.search(duty)
    return duty, lead["who"], helps, also["said"].strip() if also is not None else ""
