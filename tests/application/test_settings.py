"""Settings: where they come from, what is refused, and that the documentation tells them as they are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from application.settings import PREFIX, Settings, UnreadableSettingsError, load_settings, settings_of_copy
from domain.characters import REFUSED
from tests.domain.edges import DAYS, NUMBERS, TEXTS, tried

DOCUMENTED = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default_its_meaning_and_its_bounds() -> None:
    """docs/settings.md lists the settings of the code, no more and no fewer, word for word."""
    facts = Settings.model_json_schema()["properties"]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    in_code = [
        (
            PREFIX + name.upper(),
            "none" if field.default is None else f"`{field.default}`",
            f"{field.description} ({facts[name]['minimum']} to {facts[name]['maximum']})"
            if "minimum" in facts[name]
            else field.description,
        )
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


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ENGINE_PORT", "80", "不能小于 1024"),
        ("UI_PORT", "99999", "不能大于 32000"),
        ("LOG_LEVEL", "loud", "只能是 'debug'、'info'、'warning'、'error'"),
        ("STICKY_SECONDS", "x", "应是整数"),
        ("LOG_ORIGIN", "a b", "写法应符合 ^[^\\s+]+$"),
        ("ISSUER", "督" * 101, "不能超过 100 个字"),
        ("ISSUER", "  、  ", "“、”的前后都须有名称"),
        ("ISSUER", "督查室、\u3000", "“、”的前后都须有名称"),
        ("SIGNERS", "、、", "“、”的前后都须有名称"),
        ("SIGNERS", "李明、\u200b", "“、”的前后都须有名称"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_in_one_chinese_sentence(name: str, value: str, why: str) -> None:
    """The sentence names the variable, the value that was given, what is allowed, and where all settings are told."""
    with pytest.raises(UnreadableSettingsError) as refused:
        load_settings({f"DUBAN_{name}": value})
    assert refused.value.text == f"设置 DUBAN_{name} 的值“{value}”不可用：{why}；各项设置见 docs/settings.md。"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_at_its_edges_is_taken_or_refused_in_a_sentence(name: str) -> None:
    """What a terminal would obey and what has no bound is never a setting; a sentence shows it short and harmless."""
    taken: dict[str, Settings] = {}
    for edge, value in {**TEXTS, **DAYS, **NUMBERS}.items():
        if value is None:
            continue
        answer = tried(partial(load_settings, {PREFIX + name.upper(): str(value)}), UnreadableSettingsError)
        if isinstance(answer, Settings):
            taken[edge] = answer
            continue
        assert answer.text.startswith(f"设置 {PREFIX}{name.upper()} 的值"), edge
        assert answer.text.endswith("docs/settings.md。"), edge
        assert len(answer.text) < 300, edge
        assert not REFUSED.search(answer.text), edge
        assert "\n" not in answer.text, edge
    assert not taken.keys() & {
        "NUL",
        "escape",
        "bell",
        "C1",
        "turned round",
        "lone surrogate",
        "lines",
        "return",
        "blank",
    }
    assert not taken.keys() & {"100,000 characters", "4,001 characters", "ten to the thirtieth"} - {
        edge for edge in taken if isinstance(getattr(taken[edge], name), str | Path | SecretStr)
    }
    for settings in taken.values():
        assert settings.guards is not None
        assert 0 <= settings.umask_bits <= 0o777


def test_a_setting_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """A word of the file that no setting has is named, and nothing else is taken."""
    file = tmp_path / "duban.toml"
    file.write_text("nonsense = 3\n", encoding="utf-8")
    with pytest.raises(UnreadableSettingsError, match=r"DUBAN_NONSENSE.*没有这项设置"):
        load_settings({"DUBAN_SETTINGS": str(file)})


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


@pytest.mark.parametrize("name", ["\u2066甲", "甲\x1b[2J", "甲\n乙"])
def test_a_copy_gets_no_folder_that_a_year_could_not_have(name: str, tmp_path: Path) -> None:
    """A name that turns a sentence round or commands a terminal is refused in one, before anything is copied."""
    with pytest.raises(UnreadableSettingsError, match="DUBAN_DATA"):
        settings_of_copy(Settings(data=tmp_path), tmp_path / name)
