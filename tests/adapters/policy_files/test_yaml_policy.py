from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from adapters.files.yaml_reading import read
from adapters.policy_files.yaml_policy import UnreadablePolicyError, read_policy
from domain.errors import InputError
from domain.rules.life_cycle_overrides import LifeCycleOverride
from domain.rules.policy import SupervisionPolicy

EXAMPLE = Path(__file__).parents[3] / "examples" / "policy.yaml"

RED = "{level: red, after_working_days: 2, to: 主要领导}"
_RECEIPT = "version: 2\nlife_cycle:\n  limits:\n    receipt:"
BLUE = "{level: blue, after_working_days: 3, to: 分管领导}"


def written(folder: Path, text: str) -> Path:
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(folder: Path, text: str) -> UnreadablePolicyError:
    with pytest.raises(UnreadablePolicyError) as refused:
        read_policy(written(folder, text))
    return refused.value


def test_the_example_file_is_the_default_policy() -> None:
    """What an operator reads in the example is what runs without a file."""
    assert read_policy(EXAMPLE) == SupervisionPolicy()


def test_the_example_file_writes_every_rule_out() -> None:
    """No field of any part of the default policy is missing from the example."""
    text = EXAMPLE.read_text("utf-8")

    def written_out(value: object, path: str = "") -> Iterator[str]:
        match value:
            case dict():
                for name, inside in value.items():
                    yield f"{path}.{name}"
                    yield from written_out(inside, f"{path}.{name}")
            case tuple():
                for place, item in enumerate(value):
                    yield from written_out(item, f"{path}.{place}")

    document = read(text)
    missing = [
        path
        for path in written_out(SupervisionPolicy().model_dump())
        if not document.is_written([int(step) if step.isdigit() else step for step in path.split(".")[1:]])
    ]

    # A rung that opens no inspection needs not say so.
    assert [path for path in missing if not path.endswith("opens_inspection")] == []


def test_the_commented_overrides_of_the_example_can_be_used_as_they_are(tmp_path: Path) -> None:
    """Taking the comment signs away gives a policy that reads."""
    text = EXAMPLE.read_text("utf-8").replace("projects: {}\n", "").replace("milestones: {}\n", "")
    text = text.replace("  inspection_plan: []\n", "").replace("  # inspection_plan:", "  inspection_plan:")
    text = text.replace("  #   - on:", "    - on:").replace("  #     sample_percent:", "      sample_percent:")
    for start in ("# projects:", "# milestones:"):
        head, _, tail = text.partition(start)
        block, gap, rest = tail.partition("\n\n")
        text = head + start[2:] + block.replace("\n# ", "\n") + gap + rest

    policy = read_policy(written(tmp_path, text))

    assert policy.rules_for("2018-05a-01").reminders_working_days_before == (20, 10, 5, 1)
    assert [step.level for step in policy.rules_for("2018-05a-03").escalation] == ["red"]
    assert policy.rules_for("2018-17-02").urge_after_working_days is None
    assert [planned.sample_percent for planned in policy.life_cycle.inspection_plan] == [25]


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "---\n", "version: 2\n", "life_cycle: {}\n"])
def test_a_file_that_rules_nothing_is_the_default_policy(tmp_path: Path, text: str) -> None:
    """Empty, or with nothing but the version of its format: every rule has its default."""
    assert read_policy(written(tmp_path, text)) == SupervisionPolicy()


def test_what_a_file_leaves_out_is_as_the_default_has_it(tmp_path: Path) -> None:
    """A file may say only what differs."""
    policy = read_policy(written(tmp_path, "digest_at: 10:15\n"))

    assert policy == SupervisionPolicy(digest_at=time(10, 15))


@pytest.mark.parametrize("milestone", ["2018-05-03", "2018-17-02", "2018-05a-03", "2018-3-01"])
def test_identities_need_no_quotes_even_where_they_look_like_dates(tmp_path: Path, milestone: str) -> None:
    """A milestone such as 2018-05-03 is not read as the third of May."""
    policy = read_policy(written(tmp_path, f"milestones:\n  {milestone}:\n    due_roll: following\n"))

    assert list(policy.milestones) == [milestone]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[1, 2]", 1, "“键: 值”"),
        ("policy", 1, "“键: 值”"),
        ("version: 3", 1, "“version”不能是“3”，只能是2（规则文件的格式，可以不写）"),
        ("version: 1", 1, "“version”不能是“1”，只能是2（规则文件的格式，可以不写）"),
        ("version: '2'", 1, "“version”不能是“2”，只能是2（规则文件的格式，可以不写）"),
        ("version: 2\nlife_cycle:", 2, "不写即全按默认值"),
        ("version: 2\nlife_cycle:\n  extension: 3", 3, "是否想写 extensions_at_most？"),
        ("version: 2\nlife_cycle:\n  limits:\n    reciept: {}", 4, "是否想写 receipt？"),
        ("version: 2\nlife_cycle:\n  limits:\n    receipt: 3", 4, "一类待办的时限"),
        ("version: 2\nlife_cycle:\n  limits:\n    receipt:\n      escalation: []", 4, "缺少“life_cycle.limits.receipt"),
        (f"{_RECEIPT}\n      working_days: 0", 5, "只能是1至250的整数（工作日数）"),
        (f"{_RECEIPT}\n      working_days: 3\n      reminders_working_days_before: [1, 2]", 6, "由大到小"),
        (f"{_RECEIPT}\n      working_days: 3\n      escalation: [red]", 6, "写有 after_working_days 和 to 的一级"),
        (
            f"{_RECEIPT}\n      working_days: 3\n      escalation:\n      - {{after_working_days: 1, to: '{{head}}'}}",
            7,
            "“{head}”不能确定发给谁",
        ),
        (
            f"{_RECEIPT}\n      working_days: 3\n      escalation: [{{after_working_days: 1, to: 局长, level: red}}]",
            6,
            "这里只能写after_working_days、to",
        ),
        ("version: 2\nlife_cycle:\n  participants:\n    escalation: [{level: blue, to: 局长}]", 4, "缺少“life_cycle."),
        ("version: 2\nlife_cycle:\n  participants:\n    urge_after_working_days: 3", 4, "必须小于第一级的 3 个工作日"),
        ("version: 2\nlife_cycle:\n  pace_warnings_at_percent: [50, 100]", 3, "只能是1至99的整数"),
        ("version: 2\nlife_cycle:\n  pace_warnings_at_percent: [75, 50]", 3, "由小到大"),
        ("version: 2\nlife_cycle:\n  inspection_plan: [{on: 9月10日}]", 3, "“年-月-日”的日期"),
        ("version: 2\nlife_cycle:\n  inspection_plan: [3]", 3, "写有 on 的一级"),
        ("version: 2\nlife_cycle:\n  papers_per_month: 0", 3, "只能是1至10000的整数（份）"),
        ("version: 2\nremind: 3", 2, "不认识“remind”，这里只能写version、"),
        ("rules:\n  urge_after_workingdays: 1", 2, "是否想写 urge_after_working_days？"),
        ("projects:\n  2018-01:\n    urge: 1", 3, "不认识“projects.2018-01.urge”"),
        ("digest_at: 9:00", 1, "只能是“时:分”的时间，例如 08:30"),
        ("digest_at: 900", 1, "“digest_at”不能是“900”，只能是“时:分”的时间"),
        ("digest_at: 09:00Z", 1, "带有时区"),
        ("digest_at: 07:00", 1, "必须在工作时间 08:30 至 17:30 之内"),
        ("\n\nworking_hours_close: 08:45", 3, "必须在工作时间 08:30 至 08:45 之内"),
        ("spread_minutes: 45", 1, "应不早于错峰结束的 09:15"),
        ("spread_minutes: true", 1, "“spread_minutes”不能是 true，只能是0至60的整数"),
        ("spread_minutes: 61", 1, "只能是0至60的整数"),
        ("rules:", 1, "“rules”不能是 null"),
        ("rules: []", 1, "“rules”不能是列表"),
        ("rules:\n  rework_working_days: 一周", 2, "“rules.rework_working_days”不能是“一周”，只能是1至250的整数"),
        ("rules:\n  reminders_working_days_before: [1, 7]", 2, "由大到小"),
        ("rules:\n  reminders_working_days_before:\n  - 14\n  - x\n  - 1", 4, "第2项”不能是“x”"),
        ("rules:\n  yellow_light_working_days_before: 3", 2, "请从 [14, 7, 1] 中选一个"),
        ("rules:\n  due_roll: forward", 2, "none（按原日期）"),
        ("rules:\n  urge_after_working_days: 3", 2, "必须小于第一级的 3 个工作日"),
        ("rules:\n  escalation:\n  - {level: blue, after_working_days: 2}", 3, "缺少“rules.escalation.第1项.to”"),
        ("rules:\n  escalation:\n  - level: green\n    after_working_days: 2\n    to: 局长", 3, "blue（蓝）"),
        (
            "rules:\n  escalation:\n  - level: red\n    after_working_days: 2\n    to: '{led}'",
            5,
            "“{led}”不能确定发给谁",
        ),
        ("rules:\n  escalation:\n  - level: red\n    after_working_days: 2\n    when: 1\n    to: 局长", 5, "不认识"),
        ("rules:\n  escalation: [red]", 2, "写有 level、after_working_days 和 to 的一级"),
        (
            f"rules:\n  escalation: [{RED}, {BLUE}]",
            2,
            "先 blue（蓝）再 yellow（黄）后 red（红）",
        ),
        ("projects:\n  五号: {}", 2, "“五号”不是项目编号"),
        ("milestones:\n  2018-05a: {}", 2, "“2018-05a”不是节点编号"),
        ("projects: 3", 1, "按项目编号分列"),
        ("projects:\n  2018-01: 3", 2, "只能是一组规则"),
        ("refused_words:\n- 内部资料\n- ''", 3, "“refused_words.第2项”不能是“”，只能是拒收的字样"),
        ("own_key:\n  acts: [everything]", 2, "“own_key.acts.第1项”不能是“everything”，只能是须签名的办理"),
        ("projects:\n  2018-01:\n    due_roll:\n", 3, "due_roll 不能是 null"),
        ("projects:\n  2018-01:\n    urge_after_working_days: 9", 3, "2018-01 的单独规定与清单的规定合起来不成立"),
        (
            "milestones:\n  2018-01-02:\n    escalation: []\n    yellow_light_working_days_before: 9",
            4,
            "请从 [14, 7, 1]",
        ),
        ("rules:\n\tdue_roll: none", 2, "制表符"),
        ("rules:\n  due_roll: none\n  due_roll: none", 3, "同一个键写了两次"),
        ("rules: {due_roll: none", 1, "不是合法的YAML"),
        ("version: 2\n---\nversion: 2", 2, "一个文件里只能有一份"),
    ],
)
def test_a_fault_names_the_file_the_line_and_what_is_allowed(tmp_path: Path, text: str, line: int, says: str) -> None:
    """Each fault is one Chinese sentence that sends the reader to the right line."""
    error = refusal(tmp_path, text)

    assert says in error.text
    assert (error.line, error.text[-1], error.text.count("\n")) == (line, "。", 0)
    assert f"policy.yaml”第{line}行：" in error.text


@pytest.mark.parametrize("table", ["categories:\n    民生", "projects:\n    2018-01"])
@pytest.mark.parametrize("rule", list(LifeCycleOverride.model_fields))
def test_no_rule_of_a_single_thing_is_null(tmp_path: Path, table: str, rule: str) -> None:
    """Whichever it is, the file is refused with the line of that rule: what is left out stays as the list has it."""
    error = refusal(tmp_path, f"life_cycle_of:\n  {table}:\n      {rule}: null")

    assert (error.line, "单独规定不能是 null" in error.text) == (4, True)


def test_the_first_of_several_faults_is_told_with_the_lines_of_the_others(tmp_path: Path) -> None:
    """An operator sees at once how much there is to mend."""
    error = refusal(tmp_path, "spread_minutes: x\nremind: 1\nrules:\n  due_roll: y\n")

    assert error.line == 1
    assert "（另外第2、4行也有错误）。" in error.text


def test_a_file_without_a_bottom_is_refused_without_a_traceback(tmp_path: Path) -> None:
    """Brackets nested beyond reason end in a sentence."""
    assert "层次太深" in refusal(tmp_path, "rules: " + "[" * 9_000).text


def test_a_file_that_is_not_there_is_an_unreadable_input(tmp_path: Path) -> None:
    """A missing file is the caller's to mend: it counts as input."""
    with pytest.raises(InputError, match="没有这个文件"):
        read_policy(tmp_path / "absent.yaml")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """A path that cannot be opened is told with its reason."""
    with pytest.raises(UnreadablePolicyError, match="打不开"):
        read_policy(tmp_path)


def test_a_file_in_another_encoding_is_named_as_such(tmp_path: Path) -> None:
    """Files saved by older office software are recognised instead of read as nonsense."""
    file = tmp_path / "policy.yaml"
    file.write_bytes("# 督办规则\nversion: 2".encode("gb18030"))

    with pytest.raises(UnreadablePolicyError, match="UTF-8"):
        read_policy(file)
