"""The words that offices head their columns with, by what stands under them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, get_args

from domain.notice.folding import fold
from domain.notice.patterns import regex

Role = Literal[
    "serial",
    "title",
    "level",
    "content",
    "measure",
    "lead",
    "participants",
    "schedule",
    "start",
    "due",
    "category",
    "priority",
    "source",
    "leader",
]
ROLES: tuple[Role, ...] = get_args(Role)

# What stands before a word for a start or an end, where it is what is planned.
_PLANNED = r"(?:计划|预计|预期|预定|拟定?|要求|规定|约定|目标|应|最迟|最晚|最终|任务|项目|工作)?"
_PLANNED_ENGLISH = r"(?:(?:planned|expected|target(?:ed)?|estimated|proposed|forecast|scheduled|required) )?"
# Heads of how far a duty is, which are no plan: `当前进度`, `完成进度`.
_STATE = (
    r"(?:当前|目前|现有?|实际|累计|已|最新|截至.{0,8}|完成|总体|整体|任务|本[月周期季])(?:形象|完成|工作)?进度"
    r"(?:情况|状态|比例|百分比|%)?$|进度(?:情况|状态|比例|百分比|%)$"
)
# What is arranged and is no time: `市级财政安排`, `人员安排`.
_MEANS = r".{0,6}(?:资金|财政|投资|经费|预算|用地|人员|人力|岗位|值班|住宿|座次|就餐|车辆|场地|物资)(?:来源|使用)?安排"

# When something was handed out, done or typed in, which is no limit.
_OTHER_TIMES = (
    r"实际|原|更新|创建|新建|录入|导出|修改|填报|销号|反馈|检查|上报|交办|下达|下发|受理|收文|来文|登记|签收|签发|印发|批示|接收|收到"
    r"|立案|立项|发现|会议|统计|提出"
)

_ENGLISH_UNITS = (
    r"(?:departments?|units?|agenc(?:y|ies)|teams?|partners?|parties|party|offices?|officers?|services?|"
    r"organi[sz]ations?|bodies|staff|leads?|directorates?|divisions?|branch(?:es)?|depts?\.?)"
)
# Who leads wherever it stands: any other head for the lead beside it names those who help.
FIRST = (
    r"总?牵头(?:部门|单位|处室|科室|股室|部室|局|委办局|机构|主体)|主责(?:部门|单位|处室|科室)|主办(?:单位|部门|处室|科室)|牵头责任(?:单位|部门)|"
    r"牵头(?:责任)?部门单位|牵头\(?责任\)?(?:单位|部门)|第一责任(?:单位|部门)"
)
# What an audit found, and what was agreed upon against it.
_FINDINGS = (
    r"(?:audit |key |main )?(?:findings?|observations?|issues?|weakness(?:es)?|gaps?|non-?conformit(?:y|ies)|problems?)"
    r"(?: (?:title|summary|identified|raised|found|statement))?"
)
_REMEDIES = (
    r"(?:(?:and|agreed|management|corrective|remedial|remediation|preventive|proposed|planned|required|recommended|"
    r"improvement|mitigati(?:on|ng)|follow-? ?up|next) )+(?:actions?|measures?|steps?|responses?|plans?)"
    r"(?: (?:plan|required|taken|to be taken))?"
    r"|actions?(?: (?:plan|required|to be taken|agreed|proposed))?|(?:management|agency|client) responses?|how"
)
# In each role the words stand from the plainest to the loosest; the plainest head wins the role.
_HEADS: dict[Role, tuple[str, ...]] = {
    "serial": (
        r"序号|编号|案号|(?:项目|任务|问题|事项|工作)(?:编号|编码|序号|id)",
        (
            r"序|项次|号|no\.?|#|s/?n|serial(?:no\.?|number)?|№|item(?: ?no\.?| ?number)|number|id|"
            r"ref(?:erence)?(?: ?no\.?)?"
        ),
    ),
    "title": (
        (
            r"(?:重点)?(?:项目|工程)名称|(?:重点)?工作任务|重点工作(?:任务|事项|内容|名称)?|重点任务|任务名称|"
            r"(?:重点)?(?:工作)?(?:任务|事项|项目)(?:及其?|和|与)(?:完成|办结)?(?:时限|时间|期限)|工作名称|重点项目|事项名称|(?:具体|主要|突出|反馈|反映|发现|巡[察视]|整改)问题|隐患(?:名称|描述|内容|问题)?|问题(?:描述|表现|内容)|一级任务|"
            r"key projects?|project(?: ?name| ?title)?"
        ),
        (
            r"项目|任务|工作要点|工作事项|事项|工作项目|目标任务|年度任务|主要任务|改革任务|(?:民生)?实事(?:项目|名称)?|整改事项|问题清单|"
            r"(?:存在)?问题|行动项|行动|验收项|举措名称|"
            r"title|task|item|activit(?:y|ies)|initiative|scheme|action(?: item)?|work ?item|deliverable|commitment|"
            rf"{_FINDINGS}|"
            r"标题|事由|议题|件名|督办件(?:名称)?|recommendation|requirement|what(?: (?:we )?will (?:do|be done))?"
        ),
        r"名称|工作|工作内容|具体任务|具体事项|一级指标|name|objective",
        (
            r"(?!涉及|相关|关联|有关|所属).{0,6}(?:项目|任务|事项|工作)(?:名称)?(?:及(?:责任|牵头|主办)(?:单位|部门))?|"
            r"(?!.*(?:单位|部门|机构|处室|科室|企业|公司|会议名称|依据)).{0,8}(?:名称|题目|标题|案由|主题|题名)"
            r"|(?:考核|评价|测评|评估)指标"
        ),
    ),
    "level": (
        (
            r"子任务|子项目?|子项名称|[二三]级(?:任务|指标)|细化任务|任务细项|工作细项|分项(?:任务|内容|目标|指标|工作)|"
            r"sub-? ?(?:task|item|project|activity)s?"
        ),
    ),
    "content": (
        (
            r"主要内容|工作目标|主要工作内容|具体内容|工作内容|建设内容|目标任务|目标要求|主要目标|年度目标|内容|"
            r"main ?contents?|contents?|description"
        ),
        (
            r"议定(?:事项|内容|意见)|(?:会议)?决定(?:事项|内容|意见)|工作要求|具体任务|具体工作|具体举措|工作举措|主要举措|举措|具体措施|工作措施|措施|主要任务|任务内容|"
            r"整改措施|目标|要求|内容及要求|建设内容及规模|(?:主要)?建设规模(?:及.{0,6}|与.{0,6})?|项目概况|任务要求|objectives?|goals?|scope|details?|measures?|"
            rf"output|target|{_REMEDIES}"
        ),
        (
            r"(?!考核|评分|验收|反馈|报送|报告|分项).{0,8}(?:内容|目标|措施|举措|要求)(?!(?:完成)?(?:时限|期限|时间|日期))(?:.{0,4})"
            r"|(?:20\d\d年度?|年度|本年度?|当年)(?:主要|重点|建设|工作|目标|计划|实施)*任务"
        ),
        r"(?:考核|评价|测评|评估)内容",
    ),
    "measure": (),
    "lead": (
        FIRST,
        (
            r".{0,4}领导(?:及|和|与|、|/|,)(?:其)?(?:责任|牵头|主办)?(?:单位|部门|处室|科室)|"
            r"(?:牵头|主办|责任|主责)(?:单位|部门|处室|科室)?(?:及|和|与|、|/|,)(?:配合|协办|协同|参与|协助)(?:单位|部门|处室|科室)?|"
            r"责任单位|责任部门|责任处室|责任科室|整改单位|整改部门|承办单位|承办部门|分办单位|负责部门|负责单位|实施单位|执行单位|落实单位|承担(?:单位|部门|处室)|承接(?:单位|部门)|执行机构|"
            r"lead(?:ing)? ?(?:department|unit|agency|office|officer|person|manager|team|member|dept\.?|party|"
            rf"organi[sz]ation|{_ENGLISH_UNITS})?|responsible ?(?:department|unit|party|office|officer|person|manager|"
            r"team|agency)|(?:action|task) ?owner|assigned ?to|assignee|(?:by )?whom?"
        ),
        (
            r"牵头|责任主体|主体责任单位|起草(?:单位|部门)|项目单位|建设单位|项目法人|业主单位|(?:项目)?业主|部门|单位|主办|承办|归口部门|责任人|负责人|牵头人|"
            r"owner|responsible|responsibility|department|unit|agency|accountable"
        ),
        r".{0,8}(?:牵头|责任|主办|承办|负责)(?!.{0,3}领导)(?:.{0,6})",
    ),
    "participants": (
        (
            r"参与部门|参与单位|代建单位|配合部门|配合单位|协办单位|协办部门|协同部门|协同单位|参加部门|参加单位|协助部门|"
            r"协助单位|会[办签](?:单位|部门)|配合处室|协办处室|配合科室|共同责任单位|"
            r"participating ?(?:departments?|units?)|"
            r"协作部门|协作单位|合作(?:单位|部门|机构)|支持部门|支持单位|联动部门|联动单位|会同部门|会同单位|联合单位|联办单位|"
            r"其[他它](?:责任|有关|相关|参与|配合)?(?:部门|单位|处室|科室)|participants?|"
            rf"(?:support(?:ing)?|contributing|participating|assisting|collaborating|co-?operating|partner|other|"
            rf"co-?ordinating|delivery partner)(?: (?:support(?:ing)?|lead|partner))? ?{_ENGLISH_UNITS}(?: involved)?|"
            rf"{_ENGLISH_UNITS} involved|contribut(?:ors?|ing)|collaborat(?:ors?|ing)|assisting|supporting|consulted|"
            r"(?:(?:key|delivery|project) )?partners?|support"
        ),
        (
            r"(?:[省市县区]直|对口|挂钩|业务|技术)?(?:指导|帮扶|包联|包保|服务|保障)(?:单位|部门|处室|科室)|"
            r"参与|配合|协办|会办|协同|协作|(?:相关|有关|涉及|联系)(?:部门|单位|处室|科室)|co-?ordinating|with|"
            r"(?:support(?:ed)?|assisted|helped) (?:by|from)|(?:working|jointly|together|in collaboration) with"
        ),
        r".{0,8}(?:参与|配合|协办|协同|协作|协助|参加)(?:.{0,6})",
    ),
    "schedule": (
        (
            r"(?:相关)?工作进度安排|(?:工作)?进度安排|工作进度|时序进度|进度计划|工作安排|时间进度|时间安排|"
            r"实施进度|推进计划|实施计划|工作计划|进度要求|时间进度安排|推进时序|序时进度|进度节点|时间节点|"
            r"工作节点|节点安排|节点目标|阶段性?(?:目标|任务|安排)|年度计划|实施步骤|工作步骤|推进步骤|任务分解|"
            r"分解任务|月度安排|季度安排|schedule|time ?lines?|time ?scales?|milestones?|work ?plan|time ?table|"
            r"progress|plan"
        ),
        (
            r"(?:检查|巡查|排查|监测|演练|培训|会议|报送|上报|执行|实施|开展|工作|任务|清理|维护|保养|检测|审计)?(?:频次|频率|周期)|"
            rf"进度|步骤|节点|安排|计划|(?!{_STATE}|{_MEANS}).{{0,8}}(?:进度|时序|节点|安排|步骤|里程碑)(?:.{{0,6}})"
            r"|time ?frame|timing"
        ),
    ),
    "start": (
        (
            rf"{_PLANNED}(?:开始|启动|起始|开工|起)(?:时间|日期|时限|时点|月份|[日期])?|始|"
            rf"{_PLANNED_ENGLISH}(?:start(?:s|ing)?|begin(?:s|ning)?|commence(?:s|ment)?|kick-? ?off)"
            r"(?: ?(?:date|time|on|month))?|from"
        ),
    ),
    "due": (
        (
            r"完成时限|完成时间|完成期限|办结时限|办理时限|时限要求|时限|期限|截止时间|截止日期|完成日期|结束(?:时间|日期)|"
            r"整改时限|整改期限|完成节点|时间要求|限期|最后期限|"
            rf"{_PLANNED}(?:截[止至]|到期|完成|完工|竣工|办结|交付|结束|终止|结[项题]|收尾)(?:时间|日期|时限|期限|时点|月份|[日期])|"
            rf"{_PLANNED_ENGLISH}(?:due|completion|completed?|end|finish|delivery|closing)"
            r"(?: ?(?:date|time|by|on|month))?|"
            r"deadline|target ?date|by ?when|when|date|to be (?:completed|done|finished) by"
        ),
        (
            rf"时间|日期|月份|时段|(?:建设|实施|项目|计划)?(?:起止)?(?:年限|年月)|(?!{_OTHER_TIMES}).{{0,8}}(?:时限|期限|完成时间|时间|日期)(?:.{{0,6}})|"
            rf"止|{_PLANNED}(?:截[止至]|到期|完成|完工|竣工|办结|交付|结束|终止)|.{{0,6}}月份|to"
        ),
    ),
    "category": (
        (
            r"类别|类型|分类|(?:所属|项目|任务|工作|问题|事项)(?:类别|类型|分类|领域|板块)|领域|板块|"
            r"category|type|theme|work ?stream|area"
        ),
        r".{0,6}(?:类别|类型|分类|领域|板块)",
        # Where another column is the title.
        r"一级指标",
    ),
    "priority": (
        r"级别|优先级|重要程度|重要性|紧急程度|等级|(?:项目|任务|事项|重点|责任)(?:级别|等级)|priority|importance",
    ),
    "source": (r"来源|(?:任务|项目|问题|事项|工作)来源|来源依据|(?:文件|工作|任务|政策)?依据|出处|source|origin",),
    "leader": (
        (
            r"(?:责任|分管|包保|包联|联系|挂点|牵头|负责|主管|挂联|包抓|分管市|分管区|分管县|县级|市级|区级|校|院|局)+领导|"
            r"responsible ?leader|sponsor|senior ?responsible ?(?:owner|officer)|sro"
        ),
        r".{0,6}领导",
        r"责任人|负责人|具体负责人|第一责任人|项目负责人",
    ),
}
# Who leads where no plainer head says so: a head that ends with a word for offices, without another part.
_OTHER_PARTS = (
    r"监督|监管|督办|督导|督查|督促|考核|评价|审核|审批|填报|上报|报送|报告|来文|交办|下达|批准|批复|验收|指导|受益|服务|使用|配合|协|参与|支持|联系|联络|会同|上级"
    r"|设计|施工|监理|来源|统计|涉及|相关|有关|投诉|被|办公地点"
)
_OTHER_ENGLISH_PARTS = (
    r"time|date|support\w*|contribut\w*|partner\w*|assist\w*|consult\w*|inform\w*|report\w*|monitor\w*|review\w*|approv\w*"
    r"|beneficiar\w*|affected|other|numbers?|cost|size|level|users?|follow\w*|mis\w*"
)
_LEADING = r"leads?|led by|leading|owners?|owned by|responsible|responsibility|accountable|accountability|in charge"
_ENGLISH_OFFICE = (
    r"directorates?|departments?|divisions?|services?|teams?|units?|agenc(?:y|ies)|offices?|sections?|branch(?:es)?|bureaus?"
    r"|ministr(?:y|ies)|organi[sz]ations?|bod(?:y|ies)|portfolio|depts?\.?"
)
LOOSELY_LEADS = regex(
    rf"(?!.*(?:{_OTHER_PARTS})).{{0,10}}(?:单位|部门|处室|科室|股室|部室|室站|委办局|办局|机构|主体|站所|镇街|团队|专班|工作组)(?:名称)?$"
    rf"|(?!.*\b(?:{_OTHER_ENGLISH_PARTS})\b)"
    rf"(?:.*\b(?:{_LEADING})\b.*|(?:[\w&'’-]+ ){{0,2}}(?:{_ENGLISH_OFFICE})(?: name)?)$",
    re.IGNORECASE,
)
PATTERNS = {role: tuple(regex(f"^(?:{words})$", re.IGNORECASE) for words in tiers) for role, tiers in _HEADS.items()}
# `牵头部门 Lead`: a head that says the same once more in English.
_IN_TWO_LANGUAGES = regex(r"^(?:[A-Z]?[a-z]+\.?[\s/]+)*(?P<own>[一-鿿()]{2,12})(?:[\s/]+[A-Z]?[a-z]+\.?)*$")
_NOISE = regex(r"[\s:*()（）\[\]【】]+")
_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
# A time alone (`一季度`, `6月底前`), or with a word for what is due by then (`6月底节点目标`).
_TIME_HEAD = regex(
    rf"^(?P<time>(?:20\d{{2}}年|[次明翌]年)?(?:(?:第?[一二三四1-4](?:[-至到][二三四2-4])?季度|前三个?季度|[上下]半年|半年(?=(?:阶段性?|计划)?(?:目标|任务|计划|进度))"
    rf"|{_MONTH}月?(?:[-至到]{_MONTH})?月份?|{_MONTH}月[上中下]旬|{_MONTH}月\d{{1,2}}日(?:[-至到](?:{_MONTH}月)?\d{{1,2}}日)?)[底末]?前?|年[底末]前?)"
    r"|q[1-4]|h[12]"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
    r"(?:(?:主要|重点|阶段性?|计划|形象|推进|实施|完成)?(?:工作|节点|任务|目标|计划|安排|内容|要点)|(?:计划|形象)进度|(?<=前)[需应]?完成)*$"
    r"|^(?P<year>(?:20\d{2}年)?全年|20\d{2}年度?(?=(?:主要|重点|阶段性?|计划|推进|实施)?(?:工作|节点|任务|目标|计划|安排|内容|要点)?$))",
    re.IGNORECASE,
)
_STAGE_HEAD = regex(r"[^()]{2,12}\((?P<when>[^()]{2,12})\)")
OFFICES = regex(r".*(?:单位|部门|处室|科室)")
# Heads that name helpers only where another column says who leads.
EVERYBODY = regex(
    rf"(?:相关|有关|涉及|联系)(?:部门|单位|处室|科室)|{_ENGLISH_UNITS} involved|partners?|with", re.IGNORECASE
)
# Words that a label in running text consists of; with any other it names one thing (`防汛措施`, `滨江大桥项目`).
_OF_ANYTHING = regex(
    r"(?:重点|重大|主要|具体|工作|任务|项目|工程|事项|实事|民生|行动|活动|举措|措施|做法|问题|隐患|议题|标题|题目|主题|题名|件名|案由|事由"
    r"|督办件?|督查|批示|化解|包案|交办|承办|办理|落实|推进|实施|完成|预期|建设|改革|整改|整治|治理|攻坚|创建|提升|存在|突出|反馈|反映|发现|巡[察视]|审计"
    r"|议定|决定|会议|目标|内容|要求|要点|清单|描述|表现|名称|指标|标准|规模|概况|意见|建议|提案|分解|细化|阶段性?|年度|全年|本年|当年"
    r"|20\d\d年|总体|基本|详细|相关|有关|需要?|拟|所属|类别|类型|分类|领域|板块|级别|来源|依据|性质|[一二三]级|子|项|的|及其?|和|与"
    r"|时限|期限|时间|日期|月份|时段|进度|安排|计划|节点|步骤|时序|起止|开始|开工|启动|截[止至]|到期|最迟|最终|办结|完工|竣工|结束|终止"
    r"|交付|销号|答复|上报|报送|举办|召开|开展|培训|考试|起|止|至|年限|年月|工期|施工|、|[a-z /-]+)+",
    re.IGNORECASE,
)
_NAMES_ONE = ("title", "content", "category", "schedule", "start", "due")
# Heads of what is told about a row and is nobody's duty: never the title by elimination.
ASIDE = regex(
    rf"备注|说明|附注|.{{0,8}}(?:状态|情况|进展|动态|成效|结果)|是否.*|考核.*|评分.*|分值|得分|权重|{_STATE}|完成(?:率|比例|百分比|度)|"
    r".{0,4}(?:地点|场地|场所|地址)|(?:联系|联络)(?:人|员|方式|电话)(?:及(?:其)?(?:联系)?(?:电话|方式))?|(?:办公|手机|移动)?电话(?:号码)?|手机(?:号码?)?|传真"
    r"|职务|职称|姓名|邮箱|金额|投资.*|经费.*|资金.*|单价|数量|签字|"
    r"remarks?|notes?|comments?|(?:.{1,16} )?status|progress|contact|phone|budget|cost|rag|risk"
    r"|.{0,12}(?:%|percent(?:age)?).{0,12}",
    re.IGNORECASE,
)
# Heads of other people's times and offices: what was, who hands a duty out, looks after it, or takes it in.
OF_OTHERS = regex(
    rf"{_OTHER_PARTS}|{_OTHER_TIMES}"
    r"|actual|created|updated|modified|reported|received|opened|logged|raised|last |baseline|original",
    re.IGNORECASE,
)


# Heads of what belongs to the duty, beside its content: how it shows that it is done, how large it is, what it costs.
FURTHER = regex(
    r"(?:完成|办结|验收|销号)(?:标志|标准|要求)|(?:预期|工作|任务|最终|标志性)?成果(?:形式|体现|名称)?|预期(?:目标|效果)|(?:工作|测评|质量|任务)?标准(?:及?要求)?|目标值|指标值|(?:年度)?(?:工作|量化)?指标"
    r"|建设(?:规模|性质|地点|地址|内容).{0,6}|(?:活动|举办|实施)?地点|项目概况|规模|(?:20\d\d年)?(?:年度|本年度?|当年)?(?:计划|项目|整改|估算|概算|预算|安排)?(?:总)?(?:投资|资金|经费|预算|概算)(?:额|估算|概算|来源|需求|规模|总额|计划)?"
)


@lru_cache(maxsize=4_096)  # each row of a list asks for its heads again
def plain_head(text: str) -> str:
    """A head without blanks, brackets and marks, in half width."""
    folded = _IN_TWO_LANGUAGES.sub(r"\g<own>", fold(text).strip())
    if re.search(r"[一-鿿]", folded):
        folded = re.sub(r"\([^)]*\)", "", folded)
        return _NOISE.sub("", folded)
    return re.sub(r"\s+", " ", re.sub(r"[:*\[\]()]+", " ", folded)).strip()


def time_of(head: str) -> str | None:
    """The time that heads a column, if one does: what stands in the column is due by then."""
    match = _TIME_HEAD.match(plain_head(head))
    stage = _STAGE_HEAD.fullmatch(fold(head).strip()) if match is None else None
    if stage is not None and not ASIDE.fullmatch(plain_head(head)):
        # `排查整治（4—8月）`: a stage, and when it is.
        match = _TIME_HEAD.match(plain_head(stage["when"]))
    found = match["time"] or match["year"] if match is not None else None
    # `半年目标` beside `全年目标` is that of the first half.
    return "上半年" if found == "半年" else found


@lru_cache(maxsize=4_096)
def role_of(head: str) -> Role | None:
    """The role that a head alone names, the plainest word first."""
    plain = plain_head(head)
    for tier in range(max(len(patterns) for patterns in PATTERNS.values())):
        for role, patterns in PATTERNS.items():
            if tier < len(patterns) and patterns[tier].match(plain):
                return role
    return None


# In a column of its own it mostly counts months.
_WORKS_LAST = regex(r"(?:建设|施工|计划|项目)?工期")


def label_of(head: str) -> Role | None:
    """The role that a label in running text names; none where it is the name of one thing (`防汛措施：…`)."""
    role = "due" if _WORKS_LAST.fullmatch(plain_head(head)) else role_of(head)
    return None if role in _NAMES_ONE and _OF_ANYTHING.fullmatch(plain_head(head)) is None else role
