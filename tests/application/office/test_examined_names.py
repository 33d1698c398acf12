"""What the settings name beside the data folder is looked at before somebody needs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from application.office.examination import examined
from application.office.named_checks import named_checks
from application.office.record_checks import Check
from application.settings import Settings
from entrypoints.bootstrap import engine_now, premises_of
from entrypoints.core_sentences import core_said, is_chinese
from tests.application.accounts.certificates import SoftwareCertificate
from tests.application.accounts.providers import CLIENT_ID, Liar, lying_provider


async def looked_at(tmp_path: Path, in_days: int = 0, **settings: Any) -> dict[str, Check]:
    """What is said of an installation with these settings, by name; each finding has its English."""
    (tmp_path / "data").mkdir(exist_ok=True)
    premises = premises_of(Settings(data=tmp_path / "data", **settings))
    checks = await examined(replace(premises, engine_now=lambda: engine_now() + timedelta(days=in_days)))
    told = [each.text for each in checks if not each.ok and "不是文书名称" not in each.text]
    assert [text for text in told if is_chinese(core_said("en", text))] == []
    return {check.name: check for check in checks}


@pytest.fixture
def liar() -> Iterator[Liar]:
    """A provider that says what it is told to."""
    with lying_provider() as running:
        yield running


@pytest.fixture
def junk(tmp_path: Path) -> Path:
    """A file with something else in it."""
    (tmp_path / "junk.pem").write_text("nothing", encoding="utf-8")
    return tmp_path / "junk.pem"


async def test_what_is_not_named_is_not_spoken_of(tmp_path: Path) -> None:
    """An office that uses none of it reads nothing of it."""
    checks = await looked_at(tmp_path)
    assert not {"calendar", "certificate", "authorities", "third_party", "guard"} & checks.keys()


@pytest.mark.parametrize(("setting", "name"), [("certificate", "certificate"), ("sm2_authorities", "authorities")])
async def test_a_file_of_certificates_that_cannot_be_used_is_told(
    tmp_path: Path, junk: Path, setting: str, name: str
) -> None:
    """Which file, why, and which setting names it: gone, a folder, something else."""
    for place, why in (
        (tmp_path / "gone", "没有这个文件或文件夹"),
        (tmp_path, "这是文件夹，不是文件"),
        (junk, "没有 PEM 格式的证书"),
    ):
        settings: dict[str, Any] = {setting: place}
        check = (await looked_at(tmp_path, **settings))[name]
        assert not check.ok
        for said in (str(place), why, f"DUBAN_{setting.upper()}"):
            assert said in check.text


async def test_the_end_of_the_desk_s_certificate_is_told_three_weeks_before(tmp_path: Path) -> None:
    """As the alert has it; afterwards it has ended. One that has not begun yet opens no desk either."""
    place = SoftwareCertificate(tmp_path, "desk", days=60).path
    for in_days, ok, said in ((-2, False, "起才有效"), (38, True, "有效"), (40, False, "将于"), (61, False, "已于")):
        check = (await looked_at(tmp_path, in_days, certificate=place))["certificate"]
        assert (check.ok, said in check.text) == (ok, True)


async def test_authorities_that_count_are_told_from_those_that_do_not(tmp_path: Path) -> None:
    """Ended (beside a person's that counts), not begun, a person's, of RSA, without its root: nobody's could be."""
    authority = SoftwareCertificate(tmp_path, "authority")
    person = SoftwareCertificate(tmp_path, "person", authority, days=999)
    below = SoftwareCertificate(tmp_path, "below", authority, issues=True)
    chain, mixed = tmp_path / "chain.pem", tmp_path / "mixed.pem"
    chain.write_bytes(below.path.read_bytes() + authority.path.read_bytes())
    mixed.write_bytes(person.path.read_bytes() + authority.path.read_bytes())
    for place, in_days, said in (
        (authority.path, 0, "1 张"),
        (chain, 0, "2 张"),
        (person.path, 0, "只有个人或网站的证书"),
        (authority.path, 366, "不在有效期内"),
        (authority.path, -2, "不在有效期内"),
        (mixed, 366, "不在有效期内"),
        (SoftwareCertificate(tmp_path, "rsa", algorithm="RSA").path, 0, "都不是 SM2 证书"),
        (below.path, 0, "接不到一张根证书"),
    ):
        check = (await looked_at(tmp_path, in_days, sm2_authorities=place))["authorities"]
        assert (check.ok, said in check.text) == (said.endswith("张"), True), check.text


async def test_sm2_certificates_without_the_program_that_checks_them_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise every certificate and every signature would only look false."""
    authority = SoftwareCertificate(tmp_path, "authority")
    there = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **how: None if name == "openssl" else there(name, **how))
    check = (await looked_at(tmp_path, sm2_authorities=authority.path))["authorities"]
    assert not check.ok
    assert "请管理员安装 openssl" in check.text


async def test_a_provider_that_answers_is_good(tmp_path: Path, liar: Liar) -> None:
    """It is asked who it is, and nobody is signed in."""
    check = (await looked_at(tmp_path, oidc_issuer=liar.issuer, oidc_client_id=CLIENT_ID))["third_party"]
    assert check.ok, check.text
    assert liar.seen == []


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"issuer": "https://other.example"}, "自称是 https://other.example"),
        ({"authorization_endpoint": "http://far.example/in"}, "authorization_endpoint 不是 https 地址"),
        ({"token_endpoint": None}, "token_endpoint 不是 https 地址"),
        ({"jwks_uri": "http://127.0.0.1:1/"}, "连不上"),
    ],
)
async def test_a_provider_that_says_something_wrong_of_itself_is_told(
    tmp_path: Path, liar: Liar, about: dict[str, Any], why: str
) -> None:
    """With what is wrong of its document; supervision and passwords are not concerned."""
    liar.about = about
    check = (await looked_at(tmp_path, oidc_issuer=liar.issuer, oidc_client_id=CLIENT_ID))["third_party"]
    assert not check.ok
    for said in (why, "DUBAN_OIDC_ISSUER", "用密码登录不受影响"):
        assert said in check.text


async def test_a_provider_that_is_not_there_or_not_named_whole_is_told(tmp_path: Path) -> None:
    """Before the first person stands before a page that does not open."""
    gone = (await looked_at(tmp_path, oidc_issuer="https://127.0.0.1:1", oidc_client_id=CLIENT_ID))["third_party"]
    half = (await looked_at(tmp_path, oidc_issuer="https://127.0.0.1:1"))["third_party"]
    assert "连不上 https://127.0.0.1:1" in gone.text
    assert "还须设置 DUBAN_OIDC_CLIENT_ID" in half.text
    assert (gone.ok, half.ok) == (False, False)


async def test_whatever_else_the_settings_name_wrongly_is_told(tmp_path: Path) -> None:
    """A worker does not begin with the first two; the third place never gets its head."""
    gone = tmp_path / "gone" / "file"
    checks = await looked_at(tmp_path, calendar=gone, joint_papers="没有这种文书", guard=str(gone))
    assert str(gone) in checks["calendar"].text
    assert "DUBAN_JOINT_PAPERS" in checks["templates"].text
    assert str(gone) in checks["guard"].text
    assert not any(checks[name].ok for name in ("calendar", "templates", "guard"))


async def test_the_end_of_the_engine_s_certificates_is_told_three_weeks_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both that a connection shows and trusts, by the variable that names each; and one that has not begun yet."""
    place = SoftwareCertificate(tmp_path, "worker", days=60).path
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    for name in ("SERVER_CA_CERT_PATH", "CLIENT_CERT_PATH", "CLIENT_KEY_PATH"):
        monkeypatch.setenv(f"TEMPORAL_TLS_{name}", str(place))
    (tmp_path / "data").mkdir()
    named = premises_of(Settings(data=tmp_path / "data")).named
    for in_days, ok, said in ((-2, False, "起才有效"), (38, True, "有效"), (40, False, "将于"), (61, False, "已于")):
        checks = await named_checks(named, Settings(), engine_now() + timedelta(days=in_days))
        assert [(check.name, check.ok, said in check.text) for check in checks] == [
            ("engine_certificate", ok, True)
        ] * 2
        assert not any(is_chinese(core_said("en", check.text)) for check in checks)
        for check, variable in zip(checks, ("SERVER_CA_CERT_PATH", "CLIENT_CERT_PATH"), strict=True):
            assert f"TEMPORAL_TLS_{variable}" in check.text
