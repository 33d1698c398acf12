"""How a supervision that did not go on was brought back: what the ledger says of it among the incidents."""

from __future__ import annotations

from typing import Literal

from domain.frozen import Frozen

Way = Literal["reset", "restarted", "removed", "reopened"]
"""The run went on from its last good task; a new run went on from the ledger's state; the run was ended for good;
a project that had ended was reopened by an act of its own, and a new run goes on from the ledger's state."""


class Repair(Frozen):
    """One repair. `run_id` is the run that did not go on, `first_run_id` the first of its chain, `new_run_id` the one
    that goes on instead of it; `standing` is how many events the ledger had of the project then."""

    workflow_id: str
    way: Way
    run_id: str
    first_run_id: str
    new_run_id: str
    standing: int
    reason: str
    by: str

    @property
    def supersedes(self) -> bool:
        """Whether another run stands in the place of the one that did not go on; a reopened one only follows it."""
        return self.way != "reopened"

    def in_words(self) -> str:
        """The repair in a sentence, with the workflow's name."""
        return f"{self.workflow_id} {self.what_was_done()}"

    def what_was_done(self) -> str:
        """The repair in a sentence that begins behind a name."""
        match self.way:
            case "reset":
                how = "退回最后一次完好的任务，从那里继续"
            case "restarted":
                how = f"按台账的前 {self.standing} 条事件另起一次运行"
            case "reopened":
                return (
                    f"原已结束，{self.by}收回了年终结转或撤销（{self.reason}）："
                    f"督办流程按台账的前 {self.standing} 条事件重新运行，不用处理"
                )
            case _:
                how = "台账没有此项目，已在引擎中移除"
        return f"经 {self.by} 修复：{how}（{self.reason}）"
