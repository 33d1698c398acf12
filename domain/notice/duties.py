"""What kind of duty a text tells of: one that only continues, or one that makes something."""

from __future__ import annotations

import re

_PRODUCT = re.compile(
    r"筹建|成立|建成|建立|组建|创建|新建|搭建|建好|出台|印发|制定|制订|修订|编制|编印|编写|起草|形成|完成|发布|公布|上线|启用|"
    r"举办|举行|召开|评选|表彰|验收|落成|竣工|开通|挂牌|授牌|签订|签约|汇编|设立|开设|配备|实现|达到|达成|建设|打造|培育|选树|新增|引进|"
    r"申报|上报|报送|换届|销号|办结|结题|招募|选派|引入|通过"
)
_CONTINUING = re.compile(
    r"加强|指导|检查|督促|督查|督导|推进|推动|深化|做好|落实|跟踪|服务|宣传|监测|监督|维护|保障|配合|协助|参与|开展|坚持|保持|持续|"
    r"强化|优化|提升|完善|规范|管理|联系|关注|跟进|抓好|抓实|巩固|引导|支持|支撑|运营|运行|更新|加大|扩大|健全|统筹|协调|组织|帮扶|走访|进行|常态化"
)
_CONTINUED_PRODUCT = re.compile(r"(?:指导|推动|督促|帮助|支持|协助|配合|加强|深化|促进|引导|助推)[^,;。]*")
_GOES_ON = re.compile(r"\s*(?:持续|长期|常态化|不断|不间断|常抓|经常性|继续|坚持|始终)")
_TARGETED = re.compile(r"相应|相关|日常|常态")


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
