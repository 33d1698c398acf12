"""What follows a time inside a sentence: a duty that is done then, or a noun that it only describes."""

from __future__ import annotations

from domain.notice.patterns import regex

# `7—10月数据入库`, `7—10月问题整改`: what is done then; `1—6月数据` alone is of then.
_DONE = (
    r"入库|采集|收集|征集|录入|整理|上报|汇总|治理|共享|归集|清洗|迁移|对接|上线|核查|核对|核定|普查|排查|摸排|整改|整治"
    r"|分解|下达|拨付|发放|兑现|清零|销号|验收|评估|评价|考核|公示|公开|申报|落实|推进|攻坚|化解"
)
_IS_DONE = rf"(?![^,;。:、的]{{2,6}}(?:{_DONE})(?!情况|进展|报告|台账|清单|成效|结果|会|的))"
ATTRIBUTIVE = regex(
    rf"{_IS_DONE}"
    r"(?:的|工作(?!组|专班)|总结|度|报告|计划|任务|目标|经济|预算|形势|学期|谋划(?=部署|情况|会)|例会|会议|培训班|考核结果|各项|重点工作|整体|总体|年度)"
)
_DESCRIBED = regex(
    rf"{_IS_DONE}"
    r"(?:[^,;。:、]{0,6}的|(?:主要|各项|重点)?(?:情况|数据|指标|成效|成绩|问题|收支|经济|财政|经费|资金|预算|进展|业绩|收入|产值|增速"
    r"|任务|目标|工作|活动(?=[,;。]|$)|总量|部分|以上|以下|左右|期间|时间|周期|以来|以内|年级|班|级))"
)
_ON_THE_GROUND = regex(r"[^,;。:]{0,12}的(?:基础上|前提下|情况下|同时)")
_ATTRIBUTIVE_DEADLINE = regex(r"(?:[^,;。:]{0,8}的|(?:完成|达到|取得)?情况)")
VERB = regex(
    r"\s*(?:再|共|各|分别|均|全面|基本|计划|力争|确保|争取|要|应|须|需|将|拟|可|集中|重点|全部|必须|初步|正式|陆续|逐步|积极|继续|至少|不少于|累计|组织|统一|分批|分期|分步|分(?:\d{1,2}|[一二两三四五六七八九十几多])个?(?:期|批次?|步|阶段|年|轮|片区?|段|年度)(?!举|开|培训|召|组织))*"
    r"(?:完成|开展|推开|铺开|举办|举行|召开|启动|实现|建成|建立|成立|组织|指导|形成|出台|印发|制定|制订|修订|编制|推出|推进|推动|上线|发布|公布|开工|开学|开课|开班|开讲|开营|开幕|结业|结课|竣工|投入|达到|达|覆盖|培训|"
    r"报送|上报|提交|落实|整改|验收|实施|进行|选派|评选|表彰|检查|督查|督导|调研|走访|新增|新建|打造|培育|做好|配齐|到位|见效|取得|解决|筹备|筹建|开始|结束|截止|交付|通过|"
    r"进场|封顶|通车|贯通|合龙|蓄水|供水|供电|供暖|挂牌|揭牌|授牌|入驻|迁入|开幕|闭幕|投运|并网|通水|通电|供地|摘牌|试点|试运行|拿出|办结|销号|签订|签约|完工|投产|投用|运行|运营|使用|开通|开放|参加|参与|配合|协助|总结|汇总|起草|提出|研究|部署|征求|收集|梳理|整理|公示|申报|评审|考核|加强|确定|开发|建设|"
    r"运用|应用|兑现|下达|拨付|发放|投放|移交|审定|审议|拆除|搬迁|清零|清退|安装|调试|测试|切换|升级|试用|揭晓|开标|挂网|演练|抽检|抽查|复核|复查|复评|巡查|换届|结案|"
    r"施行|执行|实行|推行|试行|启用|停用|废止|停止|取消|采用|改造|招募|对|向|为|在|与|按|将|以|由|赴)"
)
_LIMIT = regex(r"(?:之?前|以前|[底末])|(?:[之以]?后|期间)(?=[一-鿿]{2})")
_PART_OF_MONTH = regex(r"\s*(?:份|[上中下]旬)?")


def attributive(rest: str) -> bool:
    """Whether a limit only describes what follows (`6月底前完成的项目`); `完成总量的40%` is a duty with an object."""
    if _ON_THE_GROUND.match(rest) is not None:
        return True
    if _ATTRIBUTIVE_DEADLINE.match(rest) is None:
        return False
    verb = VERB.match(rest)
    return verb is None or rest[verb.end() : verb.end() + 1] in ("的", "情")


def describes(rest: str) -> bool:
    """Whether a time describes what follows (`四季度完成的项目`); `四季度完成主体的30%` is a duty with an object."""
    verb = VERB.match(rest)
    return _DESCRIBED.match(rest) is not None and (verb is None or rest[verb.end() : verb.end() + 1] in ("的", "情"))


def opens_a_duty(text: str, at: int) -> bool:
    """Whether a limit's word or a verb of doing follows: what stands before it is the time of a duty."""
    begins = _PART_OF_MONTH.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
    return _LIMIT.match(text, begins) is not None or VERB.match(text, begins) is not None
