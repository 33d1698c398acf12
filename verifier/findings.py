"""What a verification says: one of three verdicts, and for every finding what, where and what it means.

`nothing_found`; `evidence_missing`: something that would show it is not there, and the finding says how it is got;
`changed`: something contradicts what was signed or recorded.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

from verifier.english import Say

Verdict = Literal["passed", "missing", "failed", "not_checked"]
Conclusion = Literal["nothing_found", "evidence_missing", "changed"]
Weight = Literal["missing", "changed"]
_WORDS: dict[Verdict, str] = {"passed": "通过", "missing": "缺证据", "failed": "不通过", "not_checked": "未核"}
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_EMPTY = "无可核"
"""What stands in the verdict's place where there was nothing to check."""
CONCLUSIONS: dict[Conclusion, str] = {
    "nothing_found": "未发现问题。",
    "evidence_missing": "缺少证据，不能断定；没有发现改动。缺什么、怎样补上，见上面各条。",
    "changed": "此包或台账已被改动，见上面各条。",
}

STEPS: dict[str, str] = {
    "bundle": "文件齐全，与清单一致",
    "checkpoint": "一、策略认可签校验值的密钥，见证人数足够",
    "tree": "二、由全部条目重新算出的校验值与签名的一致",
    "prefixes": "三、以前留存的校验值都与现在的台账相符",
    "rules": "四、编号唯一、序号连续、时间不倒退",
    "attachments": "五、附件、流程历史、文书和不予办理与其摘要一致",
    "replay": "六、重放流程所得事件与台账一致",
    "state": "七、由条目推出的状态与所报状态一致",
    "acts": "八、每项办理都有受理端签名的证明，就是这一项的",
    "own_keys": "九、本人密钥的签名出自本人的设备，就是对这一项的；须签名的都有",
    "stamps": "十、时间戳盖的就是这本台账当时的校验值",
    "heads": "十一、总账收过的校验值就是这本台账的",
}
"""The steps in their order, as a person reads them."""

NEXT_STEPS: dict[str, str] = {
    "bundle": "请督查室重新导出（duban audit export）后再核；还是这样的，请保存这两个包作为证据，按台账被改动查处",
    "checkpoint": "请先核对策略文件是不是您自己保存的那一份；是的，请保存此包作为证据，由督查室书面说明是谁签的",
    "tree": "请保存此包作为证据；由督查室从备份恢复（duban restore）后重新导出，两份对照，查明哪些条目被动过",
    "prefixes": (
        "请先核对留存的校验值是不是这本台账的（文件第一行是台账名称）；不是的，换对的再核；"
        "是的，请把它和此包保存为证据，由督查室书面说明"
    ),
    "rules": "请保存此包作为证据，由督查室书面说明所列条目是谁、何时记入的",
    "attachments": (
        "请督查室从备份恢复所列文件后重新导出，恢复不了的向提交的部门索取原件；删除不合规定的，由督查室书面说明"
    ),
    "replay": "请督查室的维护人员查明是程序不同，还是历史被改动；查明以前，所列项目的经过不能作准",
    "state": "请督查室重新导出（duban audit export）后再核；还是这样的，以由条目推出的状态为准，由督查室书面说明",
    "acts": "请督查室书面说明所列办理是谁办的、怎样办的；说明不了的，不能作准",
    "own_keys": "请所列办理的本人确认是不是自己办的；不是的，请管理员停用这把密钥，由督查室重新办理",
    "stamps": "请先核对给出的机构证书；证书无误的，请保存此包作为证据，由督查室书面说明",
    "heads": "请保存此包、总账的证明和您留存的校验值作为证据，由保管总账的单位和督查室书面说明",
}
"""Who does what next where a step found something that contradicts; what is missing says itself how it is got."""


def shown(text: str) -> str:
    """A text of a bundle as a line: nothing in it moves, hides or turns what stands around it on a screen."""
    return "".join(f"\\u{ord(each):04x}" if unicodedata.category(each) in _UNSEEN else each for each in text)


@dataclass(frozen=True)
class Finding:
    """One finding: the rule that is not met, where, what it means, and whether something contradicts or is missing."""

    code: str
    place: str
    text: str
    weight: Weight = "changed"


@dataclass
class Step:
    """One step and what it found. `note` says what was done, or why it was not."""

    name: str
    verdict: Verdict = "passed"
    note: str = ""
    findings: list[Finding] = field(default_factory=list)
    is_empty: bool = False
    """Whether there was nothing that it could check; only told, for nothing contradicts and nothing is missing."""
    seconds: float = 0.0
    """What the step took; the entries' rules are checked in the same pass as the tree, and counted there."""

    def fail(self, code: str, place: str, text: str) -> None:
        """Add something that contradicts what was signed or recorded."""
        self.verdict = "failed"
        self.findings.append(Finding(code, place, text))

    def hold(self, place: str, fault: tuple[str, str] | None) -> bool:
        """Add a fault (its code and its text), where there is one; whether there is."""
        if fault is not None:
            self.fail(fault[0], place, fault[1])
        return fault is not None

    def miss(self, code: str, place: str, text: str) -> None:
        """Add something that would show it and is not there; the text says how it is got."""
        if self.verdict != "failed":
            self.verdict = "missing"
        self.findings.append(Finding(code, place, text, "missing"))

    def find_nothing(self, note: str) -> None:
        """Say that the ledger has nothing of what the step is about."""
        self.is_empty = True
        self.note = note

    def skip(self, note: str) -> None:
        """Say that the step was not done, and why; what it found before stays."""
        if self.verdict == "passed":
            self.verdict = "not_checked"
        self.note = note

    @property
    def next_step(self) -> str:
        """Who does what next; empty where nothing contradicts."""
        return NEXT_STEPS[self.name] if any(found.weight == "changed" for found in self.findings) else ""


@dataclass
class Report:
    """The whole verification."""

    size: int = 0
    root: str = ""
    origin: str = ""
    trust: str = ""
    steps: list[Step] = field(default_factory=list)
    acts: list[dict[str, Any]] = field(default_factory=list)
    """Who gave each act whose attestation holds."""

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return self.conclusion == "nothing_found"

    @property
    def conclusion(self) -> Conclusion:
        """The verdict over all steps."""
        verdicts = {step.verdict for step in self.steps}
        return "changed" if "failed" in verdicts else "evidence_missing" if "missing" in verdicts else "nothing_found"

    def codes(self) -> set[str]:
        """The rules that were found broken, as `step.code`."""
        return {f"{step.name}.{finding.code}" for step in self.steps for finding in step.findings}

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "passed": self.passed,
            "verdict": self.conclusion,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "trust": self.trust,
            "steps": [
                {
                    "step": step.name,
                    "verdict": step.verdict,
                    "note": step.note,
                    "seconds": round(step.seconds, 4),
                    "findings": [vars(finding) for finding in step.findings],
                }
                for step in self.steps
            ],
        }

    def as_text(self, say: Say = str) -> str:
        """The report for people, said as `say` says it."""
        return f"{self.steps_as_text(say)}\n{self.conclusion_as_text(say)}"

    def conclusion_as_text(self, say: Say = str) -> str:
        """The verdict for people; where nothing was found, with the steps that could find nothing."""
        idle = [each for each in self.steps if each.is_empty or each.verdict == "not_checked"]
        if self.conclusion != "nothing_found" or not idle:
            return f"{say('结论：')}{say(CONCLUSIONS[self.conclusion])}"
        return say(f"结论：核过的各步未发现问题；另有{len(idle)}步没有核或没有可核的，见上面标明的各步。")

    def steps_as_text(self, say: Say = str) -> str:
        """What was done and found, step by step, for people."""
        lines = [say(f"台账 {shown(self.origin)}，共 {self.size} 条。{self.trust}")]
        for step in self.steps:
            note = f"{say('：')}{say(shown(step.note))}" if step.note else ""
            word = _EMPTY if step.is_empty and step.verdict == "passed" else _WORDS[step.verdict]
            lines.append(f"[{say(word)}] {say(STEPS[step.name])}{note}")
            lines.extend(
                f"    {say(shown(found.place))}{say('：')}{say(shown(found.text))}{say(f'（{found.code}）')}"
                for found in step.findings[:20]
            )
            if len(step.findings) > 20:
                lines.append(say(f"    另有 {len(step.findings) - 20} 处。"))
            if step.next_step:
                lines.append(f"    {say('下一步：')}{say(step.next_step)}{say('。')}")
        return "\n".join(lines)
