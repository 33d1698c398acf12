"""An extension and an inspection walked from a shell: every step a process of its own against `duban run`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.entrypoints.installation import Home

_LEAD = ("--by", "组织部")
_EXTENSION = (
    ("extend", "2018-01", "4", "--to", "2018-08-31", "--reason", "场地", "--progress", "已选址", *_LEAD),
    ("rule", "extension-review", "2018-01", "4", "--recommend", "2018-08-20", "--opinion", "可", "--by", "李"),
    ("rule", "extension", "2018-01", "4", "--grant", "2018-08-20", "--reason", "同意", "--by", "王"),
)
_INSPECTION = (
    ("inspect", "2018-01", "3", "--reason", "抽查", "--by", "李"),
    ("conclude", "2018-01", "3", "须整改", "--rectify", "--by", "李"),
    ("rectify", "2018-01", "3", "已改", *_LEAD),
    ("check", "2018-01", "3", "--holds", "--note", "到位", "--by", "王"),
)


def test_an_extension_and_an_inspection_go_through_real_processes(home: Home) -> None:
    """Both walks at once on one project: each step is taken, and the history tells how both ended."""
    policy = home.folder / "policy.yaml"
    policy.write_text("version: 2\n", encoding="utf-8")
    home.run("--policy", str(policy))

    def walk(steps: tuple[tuple[str, ...], ...]) -> list[str]:
        return [answered.stderr for step in steps if (answered := home.call(*step)).returncode != 0]

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(walk, (_EXTENSION, _INSPECTION))) == [[], []]
    told = {event["type"] for event in home.ask("audit", "history", "2018-01")["events"]}
    assert {"DeadlineExtended", "InspectionOpened", "InspectionConcluded", "InspectionClosed"} <= told
