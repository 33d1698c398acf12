"""The settings of an installation: from the environment, over a file, over the defaults. `docs/settings.md` lists them.

Where the engine is, and how to reach it, is Temporal's own standard configuration (TEMPORAL_ADDRESS,
TEMPORAL_NAMESPACE, TLS, API key, profile file) and is not repeated here.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from domain.characters import REFUSED, in_a_sentence, without_invisible
from domain.errors import InputError
from domain.papers.issuers import BETWEEN, marked
from domain.texts import allowed_words

PREFIX = "DUBAN_"
COPY_MARK = "rehearsal.json"
"""It lies in the data folder of a rehearsal copy alone, and is looked for before anything else is opened."""

_WHY_NOT = {
    "int_parsing": "应是整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_too_short": "不能为空",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "写法应符合 {pattern}",
    "literal_error": "只能是 {expected}",
    "extra_forbidden": "没有这项设置",
    "nameless": "“、”的前后都须有名称",
    "unreadable": "须写在一行内，有可显示的文字，不能含控制字符或改变文字方向的字符",
}
_SEVERAL_LINES = re.compile("[\t\n\r\u2028\u2029]")
_MOST_TEXT = 4_000
_MOST_SHOWN = 120


class UnreadableSettingsError(InputError, rule="readable_settings"):
    """A setting has a value that is not allowed, or the settings file cannot be read."""


class Settings(BaseModel):
    """One installation's settings; each is read from `DUBAN_` and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _is_readable(cls, value: Any) -> Any:
        """Whatever is written is one readable line: it names files, stands in papers, and is told on screens."""
        text = str(value) if isinstance(value, str | Path) else "-"
        if len(text) > _MOST_TEXT:
            raise PydanticCustomError("string_too_long", "too long", {"max_length": _MOST_TEXT})
        if REFUSED.search(text) or _SEVERAL_LINES.search(text) or not without_invisible(text).strip():
            raise PydanticCustomError("unreadable", "unreadable")
        return value

    @field_validator("issuer", "signers")
    @classmethod
    def _names_each(cls, value: str) -> str:
        if not all(without_invisible(name).strip() for name in value.split(BETWEEN)):
            raise PydanticCustomError("nameless", "nameless")
        return value

    data: Path = Field(default=Path(".duban"), description="The data folder: engine, ledger, papers, outbox, logs")
    policy: Path | None = Field(default=None, description="The supervision policy's file; the built-in default without")
    calendar: Path | None = Field(default=None, description="A file of holidays that goes before the library's")
    channels: Path | None = Field(
        default=None, description="The file of channels and readers; without it, notices stay in the desk's inbox"
    )
    certificate: Path | None = Field(
        default=None,
        description="The certificate that the proxy shows, in PEM: the worker measures the days left of it",
    )
    ledger_url: SecretStr | None = Field(
        default=None,
        description="The ledger's PostgreSQL, as postgresql://user@host/database; without it, a SQLite file in the data"
        " folder",
    )
    ledger_password_file: Path | None = Field(
        default=None, description="A file with the password for `DUBAN_LEDGER_URL`, which then needs none itself"
    )
    engine_token_file: Path | None = Field(
        default=None,
        description="A file with the token that an engine with an authorizer asks for, beside `TEMPORAL_TLS_…`; it goes"
        " before `TEMPORAL_API_KEY`",
    )
    evidence_megabytes: int = Field(
        default=20, ge=1, le=1_000, description="The largest file that may be shown as evidence, in megabytes"
    )
    evidence: str | None = Field(
        default=None,
        pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_./-]+)?$",
        max_length=300,
        description="Where the files shown as evidence are kept, as s3://bucket/beginning; without it, in the data"
        " folder",
    )
    evidence_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+$",
        max_length=200,
        description="The address of the server of that bucket, such as https://s3.example.org; Amazon's without",
    )
    evidence_region: str = Field(
        default="us-east-1", min_length=1, max_length=100, description="The region of that bucket, where it has one"
    )
    evidence_key_id: str | None = Field(
        default=None, max_length=200, description="The id of the key with which that bucket is reached"
    )
    evidence_key_file: Path | None = Field(default=None, description="A file with the secret of that key")
    payloads: Literal["sealed", "clear"] = Field(
        default="sealed",
        description="sealed: what the engine keeps is encrypted with the keys in `keys/payloads.keys` of the data"
        " folder. clear: as it is; what was sealed before stays readable. Every worker needs these keys in either case",
    )
    web_ui_origin: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s*,]+$",
        max_length=200,
        description="The origin of the engine's Web UI, such as https://ui.example.org, whose pages may have sealed"
        " contents read at the desk's `/codec`; that of the embedded engine may without",
    )
    stamp_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        max_length=500,
        description="The time stamp authority (RFC 3161) that stamps the ledger's heads, once a day; none without",
    )
    stamp_certificates: Path | None = Field(
        default=None, description="A PEM file with the certificates of the time stamp authorities that are trusted"
    )
    task_queue: str = Field(
        default="duban", min_length=1, max_length=200, description="The task queue of the workflows"
    )
    log_origin: str = Field(
        default="duban.local/ledger",
        pattern=r"^[^\s+]+$",
        max_length=200,
        description="The name of the ledger in every signed head; fixed when the ledger is opened",
    )
    umask: str = Field(
        default="077",
        pattern=r"^0?[0-7]{3}$",
        description="What others may not do with anything in the data folder, as for the shell's `umask`",
    )
    guard: str | None = Field(
        default=None,
        description="Files or folders, best on another disk, where the ledger's last signed head is kept besides;"
        " several are parted by `:`",
    )
    issuer: str = Field(
        default="督查室",
        min_length=1,
        max_length=100,
        pattern="^[^、]+(、[^、]+){0,5}$",
        description="In whose name the papers are issued: their head and signature. Offices that issue together (six at"
        " most) have `、` between them; the number is the first one's",
    )
    signers: str = Field(
        default="",
        max_length=100,
        description="Who signs what goes up to leaders, as GB/T 9704 asks: the name stands beside the number."
        " Several, one of each office, have `、` between them",
    )
    joint_papers: str = Field(
        default="",
        max_length=300,
        description="Which papers the offices of `DUBAN_ISSUER` issue together, by the papers' titles with `、` between"
        " them; the others are the first one's alone. All, where nothing is written",
    )
    session_idle_minutes: int = Field(
        default=60, ge=1, le=1_440, description="After how many minutes without use a login ends"
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="After how many hours a login ends at the latest")
    oidc_issuer: str | None = Field(
        default=None,
        max_length=100,
        description="The provider of OpenID Connect at which people sign in besides, as it names itself",
    )
    oidc_client_id: str | None = Field(default=None, description="Our client id at that provider")
    oidc_client_secret_file: Path | None = Field(
        default=None, description="A file with our secret at that provider; none for a public client"
    )
    sm2_authorities: Path | None = Field(
        default=None, description="A file with the certificates (PEM) of the authorities that issue SM2 certificates"
    )
    heard_within_minutes: int = Field(
        default=10,
        ge=1,
        le=60,
        description="How old a door's attestation of an act may be when the act is heard, in minutes",
    )
    paper_language: Literal["zh", "en"] = Field(
        default="zh",
        description="In which language papers are issued, and the letters and messages that carry them: zh (Chinese) or"
        " en (English). What was issued stays as it is",
    )
    contact: str = Field(
        default="",
        max_length=100,
        description="Who answers questions about a paper, and by which telephone: it stands under the date",
    )
    templates: Path | None = Field(
        default=None,
        description="A folder of the office's own templates of papers, as `duban paper templates` writes them; those"
        " built in where it has none",
    )
    pdf: Literal["auto", "off"] = Field(
        default="auto", description="auto: a PDF beside each document, where LibreOffice is there. off: none"
    )
    metrics: str | None = Field(default=None, description="Address of the Prometheus metrics, such as 127.0.0.1:9464")
    engine_port: int = Field(default=7233, ge=1024, le=32_000, description="First port tried for the embedded engine")
    ui_port: int = Field(default=8233, ge=1024, le=32_000, description="First port tried for the engine's Web UI")
    desk_address: str = Field(default="127.0.0.1", min_length=1, description="The address that the web desk listens on")
    desk_port: int = Field(
        default=8600, ge=0, le=65_535, description="First port tried for the web desk; 0 takes any free one"
    )
    desk_hosts: str | None = Field(
        default=None,
        description="Other names under which browsers may ask for the desk, parted by commas: a proxy's",
    )
    desk_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses or networks of the proxies, parted by commas, whose word the web desk takes on the"
        " scheme and the client's address, where this or DUBAN_DESK_HOSTS is set; * for whoever reaches it, of whom the"
        " nearest one is believed alone",
    )
    desk_connections: int = Field(
        default=256,
        ge=8,
        le=65_536,
        description="How many connections one address may have to the web desk at once; those of the proxies are not"
        " counted",
    )
    workflow_pollers: int = Field(default=16, ge=2, le=200, description="Pollers for workflow tasks")
    workflow_tasks: int = Field(
        default=4,
        ge=2,
        le=1_000,
        description="Workflow tasks that a worker has in hand; the others stay queued",
    )
    activity_pollers: int = Field(default=16, ge=1, le=200, description="Pollers for activity tasks")
    sticky_seconds: int = Field(
        default=20, ge=1, le=300, description="How long a task waits for its own worker; a command waits 30 s in all"
    )
    cached_projects: int = Field(
        default=1_000, ge=1, le=1_000_000, description="Open workflows kept in the worker's memory"
    )
    versions: Literal["move", "pin"] = Field(
        default="move",
        description="move: every project goes on with the code that runs. pin: on an engine of your own it stays with"
        " its build until it goes on under the current one",
    )
    log_format: Literal["auto", "console", "json"] = Field(default="auto", description="auto, console or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged")

    @property
    def is_copy(self) -> bool:
        """Whether the data folder is a rehearsal copy's."""
        try:
            return (self.data / COPY_MARK).exists()
        except OSError:
            return False  # a folder that we may not look into is not opened either

    @property
    def ledger_file(self) -> Path:
        """The file of the ledger, where no PostgreSQL is named."""
        return self.data / "ledger.db"

    @property
    def accounts_file(self) -> Path:
        """The file of the accounts, where no PostgreSQL is named."""
        return self.data / "accounts.db"

    @property
    def umask_bits(self) -> int:
        """What others may not do with what lies in the data folder, as bits."""
        return int(self.umask, 8)

    @property
    def guards(self) -> tuple[Path, ...]:
        """Where the last signed head is kept besides."""
        return tuple(Path(place) for place in (self.guard or "").split(os.pathsep) if place)

    @property
    def keys_folder(self) -> Path:
        """The folder of the ledger's key, the last head and the trusted witnesses."""
        return self.data / "keys"

    @property
    def payload_keys_file(self) -> Path:
        """The file of the keys with which what the engine keeps is sealed."""
        return self.keys_folder / "payloads.keys"

    @property
    def made_payload_keys_file(self) -> Path:
        """The names of those keys, kept apart from them."""
        return self.data / "payload-keys.json"

    @property
    def vault_folder(self) -> Path:
        """The folder of the kept histories."""
        return self.data / "vault"

    @property
    def evidence_folder(self) -> Path:
        """The folder of the files shown as evidence."""
        return self.data / "evidence"

    @property
    def papers_folder(self) -> Path:
        """The folder of the documents."""
        return self.data / "papers"

    @property
    def outbox_folder(self) -> Path:
        """The folder of the digests that went out."""
        return self.data / "outbox"

    @property
    def log_file(self) -> Path:
        """The log of what runs before people, where no form is asked for on standard error."""
        return self.data / "logs" / "duban.log"

    @property
    def engine_folder(self) -> Path:
        """The folder of the embedded engine."""
        return self.data / "engine"


def load_settings(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings: those given (where not None), over the environment, over the file that DUBAN_SETTINGS names. For a
    rehearsal copy's folder they are a copy's, whatever they say of the year's own places.

    Raises:
        UnreadableSettingsError: a value is not allowed, or the file cannot be read.
    """
    over = {name: value for name, value in given.items() if value is not None}
    settings = _allowed({**_written(os.environ if environment is None else environment), **over})
    return settings_of_copy(settings, settings.data) if settings.is_copy else settings


def only_settings(*names: str) -> Settings:
    """The settings of these names; of the others nothing is taken, so that none of them can stop who asks for these."""
    return _allowed({name: value for name, value in _written(os.environ).items() if name in names})


def _written(env: Mapping[str, str]) -> dict[str, object]:
    """What the environment says, over the file that DUBAN_SETTINGS names."""
    over = {name: text for name in Settings.model_fields if (text := env.get(PREFIX + name.upper())) not in (None, "")}
    return {**_from_file(env), **over}


def _allowed(values: Mapping[str, object]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        shown = in_a_sentence(str(first.get("input")).replace("\n", " "), _MOST_SHOWN)
        given_as = "" if _is_secret(name) else f"“{shown}”"
        why = _WHY_NOT.get(first["type"], "写法不对").format(**allowed_words(first.get("ctx", {})))
        raise UnreadableSettingsError(
            f"设置 {PREFIX}{name.upper()} 的值{given_as}不可用：{why}；各项设置见 docs/settings.md。", name=name
        ) from (None if _is_secret(name) else error)


def settings_of_copy(settings: Settings, folder: Path) -> Settings:
    """The settings of a rehearsal copy in a folder: a ledger and evidence of its own in it, no channel, no guard and no
    time stamps, papers that say what they are.

    Raises:
        UnreadableSettingsError: no data folder may have that name.
    """
    _allowed({"data": folder})
    nothing = dict.fromkeys(("ledger_url", "ledger_password_file", "channels", "guard", "stamp_url", "evidence"))
    return settings.model_copy(update={**nothing, "data": folder, "issuer": marked(settings.issuer)})


def _is_secret(name: str) -> bool:
    field = Settings.model_fields.get(name)
    return field is not None and SecretStr in get_args(field.annotation)


def _from_file(env: Mapping[str, str]) -> Mapping[str, object]:
    if not (named := env.get(PREFIX + "SETTINGS")):
        return {}
    try:
        return tomllib.loads(Path(named).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableSettingsError(
            f"设置文件 {named} 读不出来（{error}）：请检查路径和写法，见 docs/settings.md。", file=named
        ) from error
