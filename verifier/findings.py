"""What a verification says: a verdict for each step, and for every failure what, where and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["passed", "failed", "not_checked"]

STEPS: dict[str, str] = {
    "bundle": "文件齐全，与清单一致",
    "checkpoint": "一、策略认可账本的头，见证人数足够",
    "tree": "二、全部条目重新算出的树与头一致",
    "prefixes": "三、以前留存的头都是现在账本的开头",
    "rules": "四、编号唯一、序号连续、时间不倒退",
    "attachments": "五、附件和流程历史与其摘要一致",
    "replay": "六、重放流程所得事件与账本一致",
    "state": "七、由条目推出的状态与所报状态一致",
}
"""The steps in their order, as a person reads them."""


@dataclass(frozen=True)
class Finding:
    """One failure: the rule that is broken, where, and in a sentence what it means."""

    code: str
    place: str
    text: str


@dataclass
class Step:
    """One step and what it found. `note` says what was done, or why it was not."""

    name: str
    verdict: Verdict = "passed"
    note: str = ""
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0
    """What the step took; the entries' rules are checked in the same pass as the tree, and counted there."""

    def fail(self, code: str, place: str, text: str) -> None:
        """Add a failure."""
        self.verdict = "failed"
        self.findings.append(Finding(code, place, text))

    def skip(self, note: str) -> None:
        """Say that the step was not done, and why; what it found before stays."""
        if self.verdict == "passed":
            self.verdict = "not_checked"
        self.note = note


@dataclass
class Report:
    """The whole verification."""

    size: int = 0
    root: str = ""
    origin: str = ""
    trust: str = ""
    steps: list[Step] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether no step failed."""
        return all(step.verdict != "failed" for step in self.steps)

    def codes(self) -> set[str]:
        """The rules that were found broken, as `step.code`."""
        return {f"{step.name}.{finding.code}" for step in self.steps for finding in step.findings}

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "passed": self.passed,
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

    def as_text(self) -> str:
        """The report for people."""
        words = {"passed": "通过", "failed": "不通过", "not_checked": "未核"}
        lines = [f"账本 {self.origin}，共 {self.size} 条。{self.trust}"]
        for step in self.steps:
            lines.append(f"[{words[step.verdict]}] {STEPS[step.name]}" + (f"：{step.note}" if step.note else ""))
            lines.extend(f"    {found.place}：{found.text}（{found.code}）" for found in step.findings[:20])
            if len(step.findings) > 20:
                lines.append(f"    另有 {len(step.findings) - 20} 处。")
        lines.append("结论：" + ("未发现问题。" if self.passed else "不通过，此包或账本已被改动。"))
        return "\n".join(lines)
