"""How the desk is used: for each role its work in the order of the year, each step with the page where it is done."""

from __future__ import annotations

from typing import Final, NamedTuple

from starlette.responses import Response

from domain.directory.ids import DirectoryRole
from entrypoints.desk.languages import later as _
from entrypoints.desk.leader import LEADERS
from entrypoints.desk.routing import ADMINISTRATORS, AUDITORS, DEPARTMENTS, MEMBERS, OFFICE, STAND_INS, Everybody, Page
from entrypoints.desk.visits import Visit


class Step(NamedTuple):
    """What to do, and the page where it is done."""

    words: str
    page: str


class Chapter(NamedTuple):
    """The work of those who have one of some roles."""

    title: str
    who: frozenset[DirectoryRole] | Everybody
    steps: tuple[Step, ...]


CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter(
        _("责任部门：从签收到办结"),
        DEPARTMENTS,
        (
            Step(
                _("收到督查通知单后先签收。签收只表示收到；认为不归本部门办理的，点开任务退回交办或提出争议。"),
                "/today",
            ),
            Step(_("每天看“今天”：退回的、逾期的、本周到期的排在前面，其余的收在后面。"), "/today"),
            Step(_("时限以前点开任务反馈进展；做完了申请办结，附上佐证。督查室审核期间停止计时。"), "/mine"),
            Step(_("赶不上时限的，在到期以前申请延期，写明理由和目前进展；批复以前停止计时。"), "/mine"),
            Step(_("任务要由处室或下级单位分头办的，点开任务分解：各单位各有一项，由本部门审核、催办。"), "/mine"),
            Step(_("通知单、提醒、督办单都在这里；打开一份就记为已阅，已阅不等于签收，也不等于反馈。"), "/papers"),
            Step(_("也可以直接回复督办邮件：回信先放在这里，核对、确认以后才是反馈。"), "/answers"),
            Step(_("有人要请假、出差，先指定代办人；代办的每件事记录都写明双方。"), "/deputies"),
            Step(_("想在手机里看到时限，设立一个日历地址。"), "/calendar"),
            Step(_("考核得分公布以后，对某一项有异议的，在期限内申诉一次。"), "/own-score"),
        ),
    ),
    Chapter(
        _("主要负责人、联络员：查看本部门的任务"),
        MEMBERS - DEPARTMENTS,
        (
            Step(
                _("看本部门今天有什么：待签收的、退回的、逾期的、本周到期的；须办理的，由承办人登录后办理。"), "/today"
            ),
            Step(_("看本部门的全部任务；点开一项，就是时限、进度、佐证和经过。"), "/mine"),
            Step(
                _("通知单、提醒、督办单都在这里；主要负责人打开一份就记为已阅，联络员打开的不记，已阅不等于签收。"),
                "/papers",
            ),
            Step(_("想在手机里看到本部门的时限，设立一个日历地址。"), "/calendar"),
            Step(_("看本部门的考核得分，每一分都写明出自哪条记录；申诉由承办人提出。"), "/own-score"),
        ),
    ),
    Chapter(
        _("督查人员：一年的清单"),
        OFFICE,
        (
            Step(
                _(
                    "年初交来印发的清单：读不准的逐处裁定，先演练一年，看清会发出什么，再启动。启动后督查通知单随即签发，不能收回。"
                ),
                "/plans",
            ),
            Step(
                _(
                    "每天先看“待裁定”：办结、延期、退回、争议都在等督查室，其间部门停止计时，督查室自己的时限照样提醒、上报。"
                ),
                "/waiting",
            ),
            Step(_("审核和销号由两个人办理，延期的初审和批复也是：请另一位督查人员登录后办理后一步。"), "/waiting"),
            Step(
                _("看全部项目，按灯、时限、部门筛选；点开项目可以催办、改派、调整、中止，选中几个可以一并办理。"),
                "/register",
            ),
            Step(_("看今后几周哪天会发出什么；不该发的，打开项目选“停发通知”。"), "/coming"),
            Step(_("月初起草上月的通报，逐条核对、修改以后发布；年报也在这里起草。"), "/reports"),
            Step(
                _(
                    "看全年各部门、各月的数字。到了年终，从这里办理年终：由一位准备，再由另一位确认，没有办结的结转下年。"
                    "部门合并或撤销的，也从“年终”把它的任务一并移交。"
                ),
                "/year",
            ),
            Step(
                _("考核期满以后公布得分；部门的申诉由公布人以外的督查人员裁定，差错的更正、反馈不实的认定由两人办理。"),
                "/scores",
            ),
            Step(_("出差、休假以前指定代办人。"), "/deputies"),
            Step(_("要查某人某天办了什么、系统发了什么，在这里筛选。"), "/events"),
            Step(_("离开的人员依决定删去姓名：由一位准备，另一位确认。"), "/directory/erasures"),
        ),
    ),
    Chapter(
        _("领导：过问和批示"),
        LEADERS,
        (
            Step(_("每天一页：红灯、超过时限的待办、本周到期的任务、待反馈的批示。"), "/leader"),
            Step(_("对一个项目作批示：写明内容，可以要求在某天以前反馈；批示随即送牵头部门和督查室。"), "/leader"),
            Step(_("看全部项目，或只看分管的；点开就是经过、文书和每个节点。"), "/register"),
            Step(_("看全年各部门、各月的数字。"), "/year"),
            Step(_("看各月通报、年度报告的草稿和已发布的内容。"), "/reports"),
            Step(_("看各部门的考核得分，每一分都写明出自哪条记录。"), "/scores"),
            Step(_("想在手机里看到时限，设立一个日历地址。"), "/calendar"),
        ),
    ),
    Chapter(
        _("审计人员：不必相信这套系统"),
        AUDITORS,
        (
            Step(_("核验全部记录：签名、摘要、顺序和证据，结论只有三种。"), "/verification"),
            Step(_("下载审计包，在自己的电脑上用独立的核验程序再查一遍，不需要这里。"), "/verification"),
            Step(_("按当时已有的记录，看任何一天结束时的登记簿。"), "/as-of"),
            Step(_("逐条查阅全部事件：何时、何人、办了什么。"), "/events"),
            Step(_("看现在的登记簿，点开项目看经过和文书。"), "/register"),
            Step(_("看全年的数字，点开数字就是它所数的记录。"), "/year"),
            Step(_("看通报、报告里的每个数字出自哪些记录。"), "/reports"),
            Step(_("看考核得分的每一分出自哪条记录。"), "/scores"),
        ),
    ),
    Chapter(
        _("代办人：代督查人员办理"),
        STAND_INS,
        (Step(_("这里列出今天由您代办的项目：打开项目，按页面所列的事项办理，记录写明双方。"), "/standing-in"),),
    ),
    Chapter(
        _("管理员：人员和运行"),
        ADMINISTRATORS,
        (
            Step(_("登记人员、给角色、开设账号；一次性链接请当面或用可靠的方式交给本人。"), "/directory"),
            Step(
                _("离开的人登记最后一天，角色和账号一并终止；部门改名、撤销也在名册里办理，过去的记录都留着。"),
                "/directory",
            ),
            Step(_("每天看一眼运行状况：需要处理的排在前面，写明怎样处理。"), "/health"),
            Step(_("通知怎样送到人，在这里查看和试发。"), "/channels"),
            Step(_("每条消息到了哪里、没有送到的为什么，在这里查。"), "/deliveries"),
            Step(_("可疑的登录在这里终止，不用的程序令牌在这里停用。"), "/logins"),
            Step(_("密钥被盗或可能被盗，立即在这里停用。"), "/stolen-keys"),
            Step(_("离开的人员依决定删去姓名：由一位准备，另一位确认。"), "/directory/erasures"),
        ),
    ),
    Chapter(
        _("每个人"),
        "signed_in",
        (
            Step(
                _("登记一把自己的密钥：登录不必输密码；规则要求本人签名的事，用它签名。设备丢失，马上告诉管理员。"),
                "/keys",
            ),
        ),
    ),
)
"""The chapters in the order in which they stand; each has every page of its roles' menus."""


async def guide(visit: Visit) -> Response:
    """The chapters of the reader's roles, with links; those of the others behind them."""
    own = [chapter for chapter in CHAPTERS if chapter.who == "signed_in" or visit.has(*chapter.who)]
    others = [chapter for chapter in CHAPTERS if chapter not in own]
    return visit.page("guide.html", own=own, others=others, words=dict(visit.menu))


PAGES = (Page("/guide", guide, "signed_in"),)
