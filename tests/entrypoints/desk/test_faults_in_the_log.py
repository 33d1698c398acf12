"""What stands in the log of a page that fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.entrypoints.desk.conftest import Browser, Browsers


async def test_the_log_of_a_page_that_fails_has_no_secret_of_its_address(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that counts once still counts after the fault, and a calendar's address always does: the page is named."""
    lines: list[dict[str, object]] = []

    def broken(*_args: object) -> None:
        raise ValueError

    monkeypatch.setattr("entrypoints.desk.routing._log", SimpleNamespace(error=lambda _, **line: lines.append(line)))
    monkeypatch.setattr(fresh.office.door, "invitation_of", broken)
    monkeypatch.setattr("application.desk_work.calendars.hash_of", broken)
    browser: Browser = await fresh.of("operator")
    for address in ("/set-up/hunter2", "/feeds/hunter2.ics"):
        assert (await browser.get(address)).status_code == 500
    assert [each["page"] for each in lines] == ["/set-up/{link}", "/feeds/{secret}.ics"]
    assert "hunter2" not in str(lines)
