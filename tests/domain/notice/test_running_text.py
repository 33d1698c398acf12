"""Lists without a table: numbered items, labelled lines, bullets, several levels, brackets that say who leads."""

from __future__ import annotations

from domain.notice.compiling import compilation, compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan


def _plan(text: str) -> Plan:
    return compile_notice(_document(text))


def _document(text: str) -> NoticeDocument:
    return NoticeDocument("list.txt", tuple(Paragraph(line) for line in text.strip().split("\n") if line.strip()))


def _told(plan: Plan) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [
        (p.title, p.lead_department, p.participating_departments, [str(m.due_on) for m in p.milestones])
        for p in plan.projects
    ]


_BRACKETS = """
2024年《政府工作报告》重点任务分工方案
2024年2月6日
一、聚力项目攻坚
1．实施重点项目60个。（县发改局牵头，县财政局、县住建局等按职责分工负责，12月底前完成）
2．加快绕城公路建设，5月底前全线开工。（县交通局负责）
二、增进民生福祉
3．开展农村供水行动：
（1）3月底前完成摸底；
（2）11月底前通水。
（县水利局牵头，各镇人民政府配合）
"""


def test_brackets_behind_an_item_say_who_leads_helps_and_by_when() -> None:
    """`（X牵头，Y、Z按职责分工负责，T前完成）`; sub-items with times are the milestones of their item."""
    plan = _plan(_BRACKETS)
    assert _told(plan) == [
        ("实施重点项目60个", "县发改局", ("县财政局", "县住建局", "等"), ["2024-12-31"]),
        ("加快绕城公路建设", "县交通局", (), ["2024-05-31"]),
        ("开展农村供水行动", "县水利局", ("各镇人民政府",), ["2024-03-31", "2024-11-30"]),
    ]
    assert {f.code for f in plan.findings if f.needs_ruling} == {"placeholder_participant"}
    assert [project.serial for project in plan.projects] == ["1", "2", "3"]
    assert [project.category for project in plan.projects] == ["聚力项目攻坚", "聚力项目攻坚", "增进民生福祉"]


_LABELS = """
某县2024年民生实事项目责任分解
1. 新建公办幼儿园5所
牵头单位：县教育局    配合单位：县财政局、县住建局
工作目标：新增学位1500个。
进度安排：3月底前开工；8月底前竣工。
2. 改造农村公路80公里
• 牵头单位：县交通局
• 完成时限：11月底前
• 责任领导：李四
"""


def test_labelled_lines_below_an_item_belong_to_it() -> None:
    """One label a line or several, with bullets or without."""
    plan = _plan(_LABELS)
    assert _told(plan) == [
        ("新建公办幼儿园5所", "县教育局", ("县财政局", "县住建局"), ["2024-03-31", "2024-08-31"]),
        ("改造农村公路80公里", "县交通局", (), ["2024-11-30"]),
    ]
    assert [project.responsible_leader for project in plan.projects] == [None, "李四"]
    assert plan.projects[0].main_content == "新增学位1500个"


_BULLETS = """
2024年信息中心重点工作
• 6月底前完成机房搬迁（运维科牵头，安全科配合）
• 完成等保测评，9月底前（安全科）
• 建立值班制度（办公室负责）
"""


def test_bullets_with_a_limit_are_items_and_one_without_is_asked_about() -> None:
    """An item beside others that says no time waits for a ruling."""
    plan = _plan(_BULLETS)
    assert [project.lead_department for project in plan.projects] == ["运维科", "安全科", "办公室"]
    assert [finding.project_id for finding in plan.unruled if finding.project_id] == ["2024-03"]


_ENGLISH = """
Digital delivery plan 2024
• Publish the service standard by 31 March 2024 (Lead: Digital Office; Support: Legal Team)
• Launch the portal by 30 September 2024 (Lead: IT Department)
"""


_TIME_BEHIND_OFFICES = """
2026年度民生实事责任分工
2026年1月30日
1．新建农村公路200公里。（责任单位：市交通运输局，配合单位：各县（市、区）政府，11月底前完成）
2．改造燃气管道150公里。（牵头单位：市城管局，配合单位：市住建局、市财政局，10月底前）
3．新建城市书房12座。（责任单位：市文旅局，配合单位：市城管局，上半年开工，年底前建成）
4．居家照护5000人。（责任单位：市残联；配合单位：市民政局，6月底前覆盖3000人，12月底前覆盖5000人）
5．建设职工驿站6座。（市总工会，7月底前建成）
6．修缮校舍20所。责任单位：市教育局，8月底前完工，配合单位：市财政局
7．新建充电站8座。（市公交集团负责，上半年开工，9月底前投入运营）
"""


def test_a_time_behind_the_offices_of_a_label_is_no_office() -> None:
    """Behind a comma as behind a semicolon, in brackets or not: one limit, or several with what is to be done."""
    plan = _plan(_TIME_BEHIND_OFFICES)
    read = [(lead, others, due) for _, lead, others, due in _told(plan)]
    assert read == [
        ("市交通运输局", ("各县（市、区）政府",), ["2026-11-30"]),
        ("市城管局", ("市住建局", "市财政局"), ["2026-10-31"]),
        ("市文旅局", ("市城管局",), ["2026-06-30", "2026-12-31"]),
        ("市残联", ("市民政局",), ["2026-06-30", "2026-12-31"]),
        ("市总工会", (), ["2026-07-31"]),
        ("市教育局", ("市财政局",), ["2026-08-31"]),
        ("市公交集团", (), ["2026-06-30", "2026-09-30"]),
    ]
    assert [finding.code for finding in plan.findings if finding.needs_ruling] == []


def test_english_bullets_are_read_alike() -> None:
    """Lead and support in brackets."""
    assert [(lead, others, due) for _, lead, others, due in _told(_plan(_ENGLISH))] == [
        ("Digital Office", ("Legal Team",), ["2024-03-31"]),
        ("IT Department", (), ["2024-09-30"]),
    ]


def test_what_addresses_everybody_is_no_item_and_is_named() -> None:
    """The closing lines of a notice end the last item; a duty in them is a finding."""
    plan = _plan(_BRACKETS + "各单位每季度末前报送进展情况。\n联系人：张三\n")
    assert len(plan.projects) == 3
    assert any("每季度末前报送" in finding.text for finding in plan.findings if finding.code == "duty_in_text")


def test_every_letter_of_a_list_in_running_text_is_accounted_for() -> None:
    """Nothing of the items is left, whatever their form."""
    for text in (_BRACKETS, _LABELS, _BULLETS, _ENGLISH, _TIME_BEHIND_OFFICES):
        found = compilation(_document(text))
        assert not [finding for finding in found.plan.findings if finding.code == "left_unread"]
        assert found.coverage.characters.left == 0


_OFFICES_IN_SENTENCES = """
关于研究新城建设有关问题的会议纪要
2026年4月16日
会议议定事项如下：
一、关于用地报批。会议明确，由市资规局牵头，市住建局、高新区管委会配合，于4月30日前完成组卷。
二、关于交通组织。由市交通运输局会同市公安局、市城管局于5月底前提出方案。
三、关于资金拨付。请市财政局于5月10日前拨付首期资金。
四、关于基金设立。市发改委商市金融办、市国资委于5月底前制定办法。
五、提升城市美誉度，全年办赛不少于6场——市文旅局牵头，市体育局、市外事办配合
六、建设医共体。（市卫健委、市医保局，6月底前完成2个，11月底前完成3个）
七、新建学校9所。（市教育局牵头，各县区政府负责落实，秋季开学前投入使用）
八、办好公益演出。〔责任单位：市文旅局；完成时限：6月底〕
九、关于防汛备汛。责成市水利局牵头、市应急局和各县区配合，5月10日前整改到位。
出席：高翔　市政府办公室李明
"""


def test_a_sentence_says_who_in_whatever_order() -> None:
    """会同, 商, 和, behind a dash, before the duty, in any bracket; a clause of when is never an office."""
    plan = _plan(_OFFICES_IN_SENTENCES)
    assert [(p.lead_department, p.participating_departments) for p in plan.projects] == [
        ("市资规局", ("市住建局", "高新区管委会")),
        ("市交通运输局", ("市公安局", "市城管局")),
        ("市财政局", ()),
        ("市发改委", ("市金融办", "市国资委")),
        ("市文旅局", ("市体育局", "市外事办")),
        ("市卫健委", ("市医保局",)),
        ("市教育局", ("各县区政府",)),
        ("市文旅局", ()),
        ("市水利局", ("市应急局", "各县区")),
    ]
    due = [[str(m.due_on)[5:] for m in p.milestones] for p in plan.projects]
    assert due[:4] == [["04-30"], ["05-31"], ["05-10"], ["05-31"]]
    assert (due[5], due[8]) == (["06-30", "11-30"], ["05-10"])
    assert plan.title == "关于研究新城建设有关问题的会议纪要"
    assert "left_unread" not in {finding.code for finding in plan.findings}
    assert any("高翔" in finding.text for finding in plan.findings)


_ADDRESSED = """
关于巡察反馈意见的督办通知
市住建局：
现就以下事项督办如下：
一、关于保障房分配。请于6月15日前完成存量房源分配。
二、关于维修资金监管。请会同市财政局于7月10日前拿出整改方案。
三、关于物业投诉。请联合市市场监管局、市司法局于9月底前办结。
（配合单位：市信访局）
市督查室
2026年5月14日
"""


def test_whoever_is_addressed_leads_and_whom_an_item_names_beside_him_helps() -> None:
    """请会同…: the helper is no leader, and none is lost because the leader stands above."""
    plan = _plan(_ADDRESSED)
    assert [(p.lead_department, p.participating_departments) for p in plan.projects] == [
        ("市住建局", ()),
        ("市住建局", ("市财政局",)),
        ("市住建局", ("市市场监管局", "市司法局", "市信访局")),
    ]


_HOPED_FOR = """
2026年重点任务分工方案
2026年2月16日
一、出台管理办法。（甲厅负责，12月底前出台，力争11月）
二、推进平台建设。（丙厅牵头，争取8月底前完成，确保9月底前完成）
三、制定实施细则。（乙厅负责，力争6月底前完成）
"""


def test_a_time_that_is_hoped_for_stays_with_the_one_that_counts_in_a_bracket() -> None:
    """It is asked about as in a schedule, and is no second limit in silence."""
    plan = _plan(_HOPED_FOR)
    assert [p.lead_department for p in plan.projects] == ["甲厅", "丙厅", "乙厅"]
    asked = {finding.project_id for finding in plan.findings if finding.code == "hoped_for"}
    assert asked == {"2026-01", "2026-02"}
    assert [str(m.due_on) for m in plan.projects[2].milestones] == ["2026-06-30"]


_BLOCKS = """
某区2026年建议提案交办清单
2026年3月25日
{first}关于智慧停车的建议
提出人：王海燕
主办单位：区城管局
会办单位：区公安分局
办理要求：接入泊位1.2万个
答复时限：6月25日前
{second}关于老年助餐的提案
主办单位：区民政局
会办单位：无
答复时限：5月31日前
注：会办单位应于4月30日前将意见送主办单位。
"""


def test_blocks_of_labels_under_a_number_are_items() -> None:
    """However the number is written, the labels below it are its own, and what closes the list is told."""
    numbers = {
        "【第N号建议】": ("【第1号建议】", "【第23号提案】"),
        "建议第N号：": ("建议第1号：", "提案第23号："),
        "任务N": ("任务1\n名称：", "任务2\n名称："),
        "督办事项：": ("督办事项：", "督办事项："),
        "[第N件]": ("[第1件]", "[第2件]"),
    }
    wrong = {}
    for name, (first, second) in numbers.items():
        plan = _plan(_BLOCKS.format(first=first, second=second))
        read = _told(plan)
        told = any("4月30日前" in finding.text for finding in plan.findings)
        if not told or read != [
            ("关于智慧停车的建议", "区城管局", ("区公安分局",), ["2026-06-25"]),
            ("关于老年助餐的提案", "区民政局", (), ["2026-05-31"]),
        ]:
            wrong[name] = read
    assert wrong == {}


_HEADED_BY_OFFICES = """
某市2026年重点任务清单
一、市教育局
1. 新建幼儿园3所，8月底前投用。
2. 完善招生办法，5月底前印发。
二、市卫健委
1. 建设医共体2个，11月底前完成。
各责任科室要于3月10日前制定方案。
某市人民政府办公室
2026年1月20日
抄送：市委办公室。
"""


def test_an_office_that_heads_items_leads_them_and_who_signs_is_no_part_of_the_last() -> None:
    """`一、市教育局` needs no question; closing lines and the signature stay outside, and a duty in them is told."""
    for closing in ("", "各责任科室要于3月10日前制定方案。\n"):
        plan = _plan(_HEADED_BY_OFFICES.replace("各责任科室要于3月10日前制定方案。\n", closing))
        assert [(p.lead_department, str(p.milestones[-1].due_on), len(p.milestones)) for p in plan.projects] == [
            ("市教育局", "2026-08-31", 1),
            ("市教育局", "2026-05-31", 1),
            ("市卫健委", "2026-11-30", 1),
        ]
        assert not plan.unruled
        assert not any("人民政府办公室" in p.main_content + p.schedule_text for p in plan.projects)
        told = {finding.code for finding in plan.findings}
        assert ("duty_in_text" in told) == bool(closing)


def test_whom_a_paper_is_addressed_to_is_no_item() -> None:
    """`市教育局、市住建局：` above labelled items heads nothing of its own."""
    plan = _plan(
        "督办通知\n市教育局、市住建局：\n督办事项：实验小学扩建\n主办单位：市教育局\n办结时限：2026年8月20日前\n市政府督查室\n2026年3月6日"
    )
    assert _told(plan) == [("实验小学扩建", "市教育局", (), ["2026-08-20"])]


_STEPS = """
某县2024年重点工作清单
2024年3月1日
一、开展宣传
牵头单位：县委宣传部；时间安排：9月5日至9月6日：开展集中宣传；10月底前：总结。配合单位：县安监局
二、组织检查（牵头单位：县安监局；完成时限：9月底前：组织检查，10月底前：完成整改）
三、修订制度。进度安排：一季度：起草方案；二季度：印发实施。责任单位：县政府办
四、培训
责任单位：县人社局
完成时限：3月：制定计划；6月：组织培训
"""


def test_a_schedule_behind_its_label_has_steps_each_with_a_colon_of_its_own() -> None:
    """`时间安排：9月底前：检查；10月底前：整改`, among other labels, in brackets, behind a title: each step is one."""
    plan = _plan(_STEPS)
    assert [
        (p.title, p.lead_department, [(m.description, m.due_on.isoformat()) for m in p.milestones if m.due_on])
        for p in plan.projects
    ] == [
        ("开展宣传", "县委宣传部", [("开展集中宣传", "2024-09-06"), ("总结", "2024-10-31")]),
        ("组织检查", "县安监局", [("组织检查", "2024-09-30"), ("完成整改", "2024-10-31")]),
        ("修订制度", "县政府办", [("起草方案", "2024-03-31"), ("印发实施", "2024-06-30")]),
        ("培训", "县人社局", [("制定计划", "2024-03-31"), ("组织培训", "2024-06-30")]),
    ]
    assert plan.projects[0].participating_departments == ("县安监局",)
    assert [f.code for f in plan.findings if f.needs_ruling] == []
