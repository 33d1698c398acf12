"""What is not supervision cannot stop it: accounts that are damaged, channels that cannot be read."""

from __future__ import annotations

import json

from tests.entrypoints.installation import DUBAN, Home, part_of_the_plan


def test_damaged_accounts_and_unreadable_channels_leave_the_office_at_work(home: Home) -> None:
    """`duban run` comes up, says what is not open and why; an act is taken; the doctor names both."""
    home.data.mkdir(parents=True, exist_ok=True)
    (home.data / "accounts.db").write_bytes(b"garbage" * 2_000)
    channels = home.folder / "channels.yaml"
    channels.write_text("channels: [", encoding="utf-8")
    home.settings = {**home.settings, "DUBAN_CHANNELS": str(channels)}
    running = home.start(*DUBAN, "run", str(part_of_the_plan(home.folder, 1)), "--as-of", "2018-04-25")
    running.shows("按 Ctrl-C 停止")
    running.logs("beside_failed")

    done = home.call("report", "2018-01", "1", "已完成初稿", "--by", "组织部")
    checks = {check["name"]: check for check in json.loads(home.call("doctor", "--json").stdout)["checks"]}

    assert "督办台没有打开，督办照常进行" in running.logged
    assert "accounts.db" in running.logged
    assert "通道文件" in running.logged
    assert done.returncode == 0, done.stderr
    assert [name for name, check in checks.items() if not check["ok"]] == ["channels", "accounts"]
    assert "督办台不能登录" in checks["accounts"]["text"]
    assert running.interrupted() == 0
