"""How a page becomes HTML: templates with nothing undefined and everything escaped, in the language of the visit."""

from __future__ import annotations

import base64
import hashlib
from calendar import month_abbr
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from gettext import NullTranslations
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.clock import office_minute
from domain.confidence import STEP_WORDS
from domain.directory.ids import ROLE_WORDS
from domain.ids import record_name
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.stage_words import part_word, stage_word
from entrypoints.core_sentences import core_said, is_chinese
from entrypoints.desk.cells import row_of
from entrypoints.desk.guards import POLICY
from entrypoints.desk.languages import Language, bracketed, in_number, joined, translations

_TYPES: Final = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml", "js": "text/javascript; charset=utf-8"}

_WIDE, _NARROW = 17, 10
"""How wide a letter of a chart is at most."""
_TAGS: Final[Mapping[Language, str]] = {"zh": "zh-CN", "en": "en"}


@cache
def environment(language: Language, written: Language) -> Environment:
    """The templates of one language; what the people of an office write is in another one, or the same."""
    made = Environment(
        loader=PackageLoader("entrypoints.desk"),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # they do not change while they are served
    )
    found = translations(language)
    made.install_gettext_translations(found, newstyle=True)  # type: ignore[attr-defined]  # the extension's own
    made.globals["_"] = made.globals["gettext"] = _counting(found)
    say = found.gettext
    theirs = _TAGS[written]
    made.globals.update(
        static=static_path,
        integrity=integrity_of,
        language=language,
        theirs=theirs,
        is_chinese=is_chinese,
        said=lambda sentence: _said(core_said(language, sentence)),
    )
    made.filters.update(
        day=lambda day: day.isoformat() if day else "—",
        instant=office_minute,
        record=record_name,
        month=lambda number: f"{number}月" if language == "zh" else month_abbr[number],
        stage=lambda stage, signed=False: say(stage_word(stage, signed=signed)),
        part=lambda stage: say(part_word(stage)),
        role=lambda role: say(ROLE_WORDS[role]),
        drawn=lambda words: sum(_WIDE if is_chinese(each) else _NARROW for each in str(words)),
        joined=lambda words: joined(language, map(str, words)),
        bracketed=lambda inside: bracketed(language, inside),
        core=lambda sentence: core_said(language, sentence),
        step=lambda step: say(STEP_WORDS[step]),
        matter=lambda kind: say(LIMIT_WORDS[kind]),
        cells=lambda row, light_of: row_of(row, light_of, theirs),
    )
    return made


def _counting(found: NullTranslations) -> Callable[..., Markup]:
    """What `_` is in a page: the sentence in the number of its count, with its values escaped."""

    @lru_cache(maxsize=4_096)
    def plain(sentence: str) -> Markup:
        return Markup(found.gettext(sentence)) % {}  # noqa: S704 - our own

    def counting(sentence: str, **values: object) -> Markup:
        # A page says a hundred sentences without a value in them.
        return Markup(in_number(found, sentence, values)) % values if values else plain(sentence)  # noqa: S704 - our own

    return counting


def _said(told: str) -> Markup:
    """A sentence of the core, with its language where it stayed Chinese."""
    lang = ' lang="zh-CN"' if is_chinese(told) else ""
    return Markup(f"<span{lang}>{escape(told)}</span>")  # noqa: S704 - the sentence is escaped


def rendered(language: Language, written: Language, template: str, facts: Mapping[str, Any]) -> str:
    """A page."""
    return environment(language, written).get_template(template).render(facts)


@cache
def static_files() -> Mapping[str, tuple[bytes, str]]:
    """The files that pages name: their bytes and type, by a name with the hash of their content."""
    found = {}
    for file in files("entrypoints.desk").joinpath("static").iterdir():
        stem, _, ending = file.name.rpartition(".")
        if ending in _TYPES:
            data = file.read_bytes()
            found[f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{ending}"] = (data, _TYPES[ending])
    return found


@cache
def static_path(name: str) -> str:
    """The address of a file that pages name."""
    stem, _, ending = name.rpartition(".")
    (hashed,) = [each for each in static_files() if each.startswith(f"{stem}.") and each.endswith(f".{ending}")]
    return f"/static/{hashed}"


@cache
def integrity_of(name: str) -> str:
    """The hash of a file's bytes, as browsers compare it."""
    data, _type = static_files()[static_path(name).rpartition("/")[2]]
    return f"sha256-{base64.b64encode(hashlib.sha256(data).digest()).decode()}"


def content_policy(script: str, origin: str) -> str:
    """The content policy of a page with one script: these bytes at this address, and nothing more than elsewhere.

    Browsers that do not compare the bytes of a file compare its address, which has their hash in it.
    """
    return f"{POLICY}; script-src '{integrity_of(script)}' {origin}{static_path(script)}"
