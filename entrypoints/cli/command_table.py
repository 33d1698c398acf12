"""The commands of `duban` by the person who uses them: a name, where it is, and what the help says of it.

The help of all needs none of them: a command is loaded when it is called. The table is made from the screens: `make docs`
writes it anew, and a test compares.
"""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """One command: its name, the module of this package, its name there, and its line in the help."""

    name: str
    module: str
    attribute: str
    line: str


class Section(NamedTuple):
    """The commands of some people, under a heading of the help."""

    title: str
    commands: tuple[Named, ...]


COMMANDS: tuple[Section, ...] = (
    Section(
        "计划和运行",
        (
            Named(
                "compile",
                "compiler",
                "compile_notice",
                "编译通知：把重点项目清单读成可以审阅的计划，列出读不准的地方。",
            ),
            Named(
                "window", "compiler", "window", "看一个时间写法怎么读；文字写 - 时从标准输入逐行读取，--json 输出数组。"
            ),
            Named(
                "examples",
                "examples",
                "examples",
                "取出随附的示例：清单原文、计划、带注释的督办规则，写入一个文件夹，已有的文件不覆盖。",
            ),
            Named("plan", "plan", "plan", "对照正在督办的项目，列出启动这份计划会新增、变更、撤销什么；只看不改。"),
            Named(
                "rehearse", "rehearsing", "rehearse", "演练一年：几十秒内在真实引擎上走完全年，列出会发出的每一份文书。"
            ),
            Named(
                "rehearsal",
                "rehearsal_copies",
                "rehearsal",
                "演练副本：把正在运行的一年复制到别处，在副本里快进、跳到某一天；正式的一年不受影响。",
            ),
            Named("run", "running", "run", "在本机运行：启动内嵌引擎、督办程序和清单；再次运行即从中断处继续。"),
            Named("desk", "running", "desk", "督办台：单独运行网页督办台（生产环境；duban run 已自带）。"),
            Named("start", "running", "start", "启动一份计划：新增、变更、撤销，可重复执行，逐项报告结果。"),
            Named("status", "register", "status", "登记簿：全部项目（可筛选、排序、分页），或一个项目的各节点。"),
        ),
    ),
    Section(
        "承办部门",
        (
            Named("receipt", "department", "receipt", "签收交办：一个节点，或（不写节点）本部门在该项目的全部任务。"),
            Named(
                "acknowledge",
                "department",
                "acknowledge",
                "确认收到提醒：最近一次就这个节点发给本部门的提醒或催办已阅；不等于反馈。",
            ),
            Named(
                "decline",
                "department",
                "decline",
                "退回交办：牵头部门退回整个项目，参与部门退回一个节点或（不写节点）全部任务。",
            ),
            Named("dispute", "department", "dispute", "就一个节点的职责提出争议，请交办方裁定；裁定前停止计时。"),
            Named("report", "department", "report", '反馈进展：duban report 2018-05a 3 "已完成初稿" --by 组织部.'),
            Named(
                "complete",
                "department",
                "complete",
                "申请办结，参与部门则报告完成本部门部分：duban complete 2018-05a 3 --by 组织部 --evidence 会议纪要.pdf。",
            ),
            Named(
                "decompose",
                "department",
                "decompose",
                "分解任务：把一个节点分给处室或下级单位，各自签收、反馈、亮灯，由本部门审核和催办；至多三级。",
            ),
            Named(
                "extend",
                "department",
                "extend",
                "到期前申请延期（--to、--reason、--progress），或按要求补充说明（--supplement）。",
            ),
            Named(
                "answer", "department", "answer", "答复一个节点的督查结论；加 --directive 则反馈领导批示的落实情况。"
            ),
            Named("duties", "duties", "duties", "各部门的节点：可筛选、排序、分页；只读登记簿，不需要引擎。"),
            Named(
                "sub-duties",
                "sub_duties",
                "sub_duties",
                "分解任务：一个项目各节点分给了哪些单位，各到哪一步，办结几个；下一级的用它自己的编号再看。",
            ),
            Named("rectify", "department", "rectify", "报告整改情况，请督查室核查。"),
        ),
    ),
    Section(
        "督查人员：审核和督办",
        (
            Named("accept", "operator", "accept", "审核通过，办结节点。"),
            Named(
                "assess",
                "operator",
                "assess",
                "独立研判一个节点能否按期完成：1 没有把握 至 5 很有把握；不改变灯，与灯并列显示。",
            ),
            Named("return", "operator", "return_for_rework", "审核不通过，退回重新办理（须写明理由）。"),
            Named("strike-off", "operator", "strike_off", "销号（须由审核人以外的人办理）。"),
            Named("urge", "operator", "urge", "人工催办（须写明理由）。"),
            Named(
                "order",
                "operator",
                "order",
                "登记领导批示：就一个节点，或（不写节点）就整个项目，由牵头部门反馈落实情况。",
            ),
            Named("grace", "operator", "grace", "逾期后宽限到一个新的日期；违期记录保留。"),
            Named("rule", "assigning", "rule", "裁定：延期初审、延期批复、争议。"),
            Named("score", "scoring", "score", "考核得分：按记录推算，每一分写明出自哪条记录；公布、申诉、更正。"),
            Named("bulletin", "bulletins", "bulletin", "通报：按记录起草，由人发布。"),
            Named(
                "burden",
                "bulletins",
                "burden",
                "负担：各部门各月收到的文书和督查、规定的上限和超出上限的部门；只读台账。",
            ),
        ),
    ),
    Section(
        "督查人员：督查",
        (
            Named(
                "inspect",
                "inspecting",
                "inspect",
                "对一个节点的牵头部门开展督查；本月已达上限时须用 --despite-cap 写明理由。",
            ),
            Named("finding", "inspecting", "finding", "登记督查发现的问题，可附工作底稿。"),
            Named("conclude", "inspecting", "conclude", "作出督查结论；部门须答复，要求整改的还须整改。"),
            Named("check", "inspecting", "check", "核查整改：到位即结束督查，未到位则退回继续整改。"),
            Named("close-inspection", "inspecting", "close_inspection", "结束不要求整改的督查。"),
        ),
    ),
    Section(
        "督查人员：交办、变更和年终",
        (
            Named("insist", "assigning", "insist", "部门退回交办后，坚持交办。"),
            Named(
                "reassign",
                "assigning",
                "reassign",
                "改由另一个部门牵头（--to），或在项目、一个节点上接替、解除一个参与部门（--from）；未办结的任务一并移交。",
            ),
            Named(
                "amend",
                "amending",
                "amend",
                "变更一个节点（写节点编号），或项目的名称、内容、参与部门；原定时限和违期记录不变。",
            ),
            Named(
                "suspend", "pausing", "suspend", "中止一个节点，或（不写节点）整个项目：停止计时，不催办，不计逾期。"
            ),
            Named("resume", "pausing", "resume", "恢复中止的节点或项目；时限按中止的工作日顺延。"),
            Named("silence", "pausing", "silence", "停发一个节点，或（不写节点）整个项目的通知；照常计逾期。"),
            Named("unsilence", "pausing", "unsilence", "提前恢复发送通知。"),
            Named("withdraw", "operator", "withdraw", "撤销一个节点，或（不写节点）撤销整个项目；记录保留。"),
            Named("calendar", "calendar_change", "calendar", "工作日历：放假安排公布或变更后，重新推算各项目的日期。"),
            Named(
                "close-year",
                "year_end",
                "close_year",
                "年终：一年的全部项目，未办结的节点结转（或用 --end 裁定终结），逐项报告结果；可重复执行。",
            ),
            Named(
                "withdraw-list",
                "reopening",
                "withdraw_the_list",
                "撤销一年的整份清单：先报数，须两人，逐项报告结果；可用 duban reopen 收回。",
            ),
            Named(
                "reopen",
                "reopening",
                "reopen_year",
                "收回年终结转或整体撤销：恢复督办，此前的记录一条不少，逐项报告结果；可重复执行。",
            ),
        ),
    ),
    Section(
        "各方",
        (Named("deputy", "pausing", "deputy", "代办：由被代办的一方指定或终止，代办人用 --on-behalf-of 办理。"),),
    ),
    Section(
        "审计人员",
        (
            Named("audit", "auditor", "audit", "审计：只读，不改变任何东西。"),
            Named(
                "heads",
                "heads",
                "heads",
                "总账：依次收下各本台账的签名校验值，拒收不相延续的；审计人留存总账的一个校验值，就能核对每一本台账。",
            ),
        ),
    ),
    Section(
        "管理员",
        (
            Named("directory", "directory", "directory", "名册：人员、部门和各人的角色，各有起止日期；由管理员更改。"),
            Named(
                "account",
                "accounts",
                "account",
                "账号：开设、一次性链接、登录和令牌；口令由本人用链接自己设，管理员也看不到。",
            ),
            Named("channel", "channels", "channel", "通道：通知怎样送到人——检查通道文件、试发、看每条消息到了哪里。"),
            Named("paper", "paper", "paper", "文书：本单位的文书模板（.docx）怎么取、怎么查，已发文书怎么转成 PDF。"),
        ),
    ),
    Section(
        "引擎和备份",
        (
            Named("engine", "engine_room", "engine", "引擎：内嵌引擎的启动、停止，修复办不下去的项目。"),
            Named("doctor", "doctor", "doctor", "检查这套安装：逐项说明好坏和怎么办。"),
            Named(
                "backup",
                "backing_up",
                "backup",
                "备份整套安装为一个文件（运行中即可）：引擎、台账、密钥、文书、发文、佐证、历史、设置；写完读回核对。",
            ),
            Named(
                "restore",
                "backing_up",
                "restore_command",
                "把备份恢复到空的数据目录；台账从此是新的一代，记明接自哪个校验值、已知缺多少。拒绝时什么也不改动。",
            ),
            Named(
                "evidence", "backing_up", "evidence", "佐证库：按摘要补存台账所记而没有保存的佐证文件，依令删除佐证。"
            ),
        ),
    ),
)
