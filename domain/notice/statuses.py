"""Words that tell how far a duty is, not by when it is due: `已完成（3月）`, `Completed March 2024`."""

from __future__ import annotations

import re

from domain.notice.column_heads import ASIDE, plain_head
from domain.notice.folding import fold
from domain.notice.patterns import regex

_FINISHED = regex(
    r"(?:^|[,(:\s、]|(?<=[月日底前度年]))(?:目前|现|均|都|全部|基本)?已(?:经)?(?:于[^,;。()]{1,12})?(?:全部|全面|基本|如期|按期|按时|顺利|提前|圆满)?"
    r"(?:(?:完成|办结|结束|销号|竣工|验收|完工|办理完毕|整改到位|整改完成|落实到位|结项|结题)(?!(?:的|后|之|项目|情况|比例|率|数|\s*(?:\d|[一二三四五六七八九十百]+成|百分之|近|约|过半|超)))"
    r")"
    r"|(?<!对)(?<!将)已(?:经)?于[^,;。()]{0,6}(?:\d{1,2}月|[上下]半年|季度|年[初中底])[^,;。()]{0,8}(?:完成|办结|结束|销号|竣工|验收|完工|印发|出台|建成|启动|开工)"
    # `方案已印发`: done, where nothing follows.
    r"|(?<!对)(?<!将)已(?:经)?(?:印发|出台|建成|投用|投入使用|召开|启动|开工|上线|发布|公布|实施|开展|举办|取得|挂牌|签约|落实|成立|通过|制定|提交|报送)(?=\s*(?:$|[。()]))"
)
_ENGLISH = regex(
    r"^\s*[(\[]?\s*(?:(?:has|have)\s+been\s+|already\s+|was\s+|were\s+|now\s+)*(?:completed|done|closed|achieved|finished|delivered|implemented)"
    r"(?![A-Za-z])(?!\s*,?\s*(?:\d+\s*%|\w+\s+by|by|before|no\s+later|not\s+later|within|until|due|in\s+Q|end\s+of))"
    r"|(?<![A-Za-z])(?:(?:has|have)\s+been|already)\s+(?:completed|done|closed|achieved|finished|delivered|implemented|published|launched)(?![A-Za-z])"
    r"|[(\[]\s*(?:completed?|done|closed|achieved|finished|delivered)\s*[)\]]",
    re.IGNORECASE,
)
_BARE = regex(r"^\s*(?:完成|办结|结束)\s*[(\[]|^\s*(?:[✓✔√☑]|100%\s*$)")


# `已完成招标，4月进场…`: a step of the duty is done, and the duty goes on with a time of its own.
_STEP_DONE = regex(
    r"(?:目前|现)?已(?:经)?(?:完成|开展|启动|取得|印发|制定|通过)(?!了)[^,;。:()\d]{2,14}[,](?=[^;。]{0,20}?(?:\d|[一二三四]季度|半年|年[底内]))"
)


def finished(text: str) -> bool:
    """Whether a folded clause says that its duty is done already."""
    text = _STEP_DONE.sub("", text)
    return any(pattern.search(text) is not None for pattern in (_FINISHED, _ENGLISH, _BARE))


_WHETHER_DONE = regex(r"是否(?:已经?)?(?:全部|按期|按时|如期)?(?:完成|办结|销号|整改|验收|到位|落实)")
_YES = regex(r"是|[√✓✔☑]|y(?:es)?", re.IGNORECASE)
_DONE = regex(r"办结|完结|销号|完工|竣工|结束|验收合格|100\s*%")


def says_done(head: str, text: str) -> bool:
    """Whether a place of a column of states says that its duty is finished: `办结`, `100%`, `是` under `是否办结`."""
    plain = plain_head(head)
    yes = _WHETHER_DONE.match(plain) is not None and _YES.fullmatch(text.strip()) is not None
    return yes or (ASIDE.fullmatch(plain) is not None and _DONE.fullmatch(fold(text).strip()) is not None)
