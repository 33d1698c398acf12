"""Settings: where they come from, what is refused, and that the documentation tells them as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entrypoints.settings import PREFIX, Settings, UnreadableSettingsError, load_settings

DOCUMENTED = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    """docs/settings.md lists the settings of the code, no more and no fewer, word for word."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    in_code = [
        (PREFIX + name.upper(), "none" if field.default is None else f"`{field.default}`", field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert rows == in_code


def test_an_option_goes_before_the_environment_and_the_environment_before_the_file(tmp_path: Path) -> None:
    """The nearest source of a setting wins; one that says nothing leaves the next to speak."""
    file = tmp_path / "duban.toml"
    file.write_text('task_queue = "from-file"\nlog_level = "debug"\nsticky_seconds = 30\n', encoding="utf-8")
    environment = {"DUBAN_SETTINGS": str(file), "DUBAN_LOG_LEVEL": "warning", "DUBAN_TASK_QUEUE": "from-environment"}
    settings = load_settings(environment, task_queue="from-option", data=None)
    assert (settings.task_queue, settings.log_level, settings.sticky_seconds) == ("from-option", "warning", 30)


@pytest.mark.parametrize(("name", "value"), [("ENGINE_PORT", "80"), ("LOG_LEVEL", "loud"), ("STICKY_SECONDS", "x")])
def test_a_value_that_is_not_allowed_is_refused_by_name(name: str, value: str) -> None:
    """The sentence names the variable and the value that was given."""
    with pytest.raises(UnreadableSettingsError, match=f"DUBAN_{name}.*{value}"):
        load_settings({f"DUBAN_{name}": value})


def test_an_unreadable_settings_file_is_refused_by_name(tmp_path: Path) -> None:
    """A file that is missing or is not TOML is named in the refusal."""
    broken = tmp_path / "broken.toml"
    broken.write_text("data = [", encoding="utf-8")
    for file in (broken, tmp_path / "missing.toml"):
        with pytest.raises(UnreadableSettingsError, match=str(file)):
            load_settings({"DUBAN_SETTINGS": str(file)})


def test_the_address_of_the_ledger_is_never_shown(tmp_path: Path) -> None:
    """Neither in the settings' text, nor in a dump, nor where a value of another kind is refused."""
    given = "postgresql://duban:hidden@host/duban"
    settings = load_settings({"DUBAN_LEDGER_URL": given})
    assert settings.ledger_url is not None
    assert settings.ledger_url.get_secret_value() == given
    assert "hidden" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    file = tmp_path / "duban.toml"
    file.write_text('ledger_url = ["hidden"]\n', encoding="utf-8")
    with pytest.raises(UnreadableSettingsError, match="DUBAN_LEDGER_URL") as refused:
        load_settings({"DUBAN_SETTINGS": str(file)})
    assert "hidden" not in str(refused.value)
