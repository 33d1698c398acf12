"""The templates of an office: `.docx` files in a folder, each named as the paper that it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from adapters.documents.digest_layout import OF_DIGESTS, digest_template_bytes
from adapters.documents.official_layout import template_bytes
from adapters.documents.paper_fields import OF_PAPERS
from adapters.documents.template import Template, UnreadableTemplateError
from adapters.files.whole_file import keep
from domain.directory.superiors import CLIMBING
from domain.errors import InputError
from domain.os_faults import os_fault
from domain.papers.issuers import issuing, several
from domain.papers.mail import DIGEST_TITLE
from domain.papers.paper import DOCUMENT_KINDS, LEVEL_WORDS, PAPER_TITLES, PaperKind
from domain.papers.wording import Say, as_drafted
from domain.rules.ladder_rules import Level

_WORDS = ".docx"
_OPEN_IN_WORD: Final = "~$"
_ORDER: Final[PaperKind] = "escalation_order"

_OTHER_WORDS: Final = (".doc", ".docm", ".dot", ".dotx", ".dotm", ".wps", ".wpt", ".odt", ".rtf")
"""What a word processor writes too, and what no template can be."""
OwnTemplates = Mapping[str, Template]
"""The office's templates by the title of the paper; one without a colour is for all colours."""


def read_templates(folder: Path, say: Say = as_drafted) -> OwnTemplates:
    """The templates that an office put into a folder; other files are left alone. `say` says the English of a title and
    of a field: a template that has an English title is for papers in English.

    Raises:
        UnreadableTemplateError: one cannot be used, is named as no paper is, or the folder cannot be read.
    """
    in_words = {title: words for words in (as_drafted, say) for title, _ in _known(words)}
    found: dict[str, Template] = {}
    try:
        everything = sorted(folder.iterdir())
    except OSError as error:
        fault = f"文件夹打不开（{os_fault(error)}），请核对路径或设置 DUBAN_TEMPLATES"
        raise UnreadableTemplateError([fault], file=str(folder)) from error
    for path in everything:
        if path.stem in in_words and path.suffix.lower() in _OTHER_WORDS:
            # It would be used for nothing, and nobody would know.
            raise UnreadableTemplateError(["请用 Word 或 WPS 另存为 .docx"], file=path.name)
        if path.suffix.lower() != _WORDS:
            continue
        if path.name.startswith(_OPEN_IN_WORD):
            continue
        if path.stem not in in_words:
            names = "、".join(in_words)
            raise UnreadableTemplateError([f"没有叫“{path.stem}”的文书，文件名应为其中之一：{names}"], file=path.name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UnreadableTemplateError([f"读不出来（{os_fault(error)}），请检查权限"], file=path.name) from error
        words = OF_DIGESTS if path.stem in (DIGEST_TITLE, say(DIGEST_TITLE)) else OF_PAPERS
        found[path.stem] = Template(content, words.worded(in_words[path.stem]), path.name)
    return found


def own_of(templates: OwnTemplates, title: str, kind: PaperKind, say: Say = as_drafted) -> Template | None:
    """The office's template for a paper: of this very title, or of its kind in every colour."""
    return templates.get(say(title)) or templates.get(say(PAPER_TITLES[kind]))


class UnknownPaperError(InputError, rule="known_papers"):
    """A setting names a paper that no office issues."""


def joint_papers(names: str, say: Say = as_drafted) -> frozenset[str]:
    """The titles, as drafted, of the papers that a setting names, in Chinese or by what `say` calls them; an order's
    title without a colour is for all colours.

    Raises:
        UnknownPaperError: one is named as no paper is.
    """
    drafted = [title for title, _ in _known(as_drafted)]
    known = {each: title for title in drafted for each in (title, say(title))}
    named = several(names)
    if unknown := [each for each in named if each not in known]:
        text = f"设置 DUBAN_JOINT_PAPERS 里的“{unknown[0]}”不是文书名称，应为其中之一：{'、'.join(known)}。"
        raise UnknownPaperError(text, name=unknown[0])
    return frozenset(known[each] for each in named)


def write_built_in(
    folder: Path,
    issuer: str,
    say: Say = as_drafted,
    signers: str = "",
    joint: frozenset[str] = frozenset(),
) -> list[str]:
    """Put the built-in templates into a folder, to begin one's own with; a file that is there stays. Where somebody
    signs what goes up, what may go up has the place for him; only what is issued together has all the offices. Answers
    the new ones' names."""
    written = []
    everybody, all_signers = issuer, signers
    for (title, made), (drafted, _) in zip(_known(say), _known(as_drafted), strict=True):
        titles = (drafted, PAPER_TITLES[made[0]]) if made else (drafted,)
        issuer, signers = (issuing(names, joint, *titles) for names in (everybody, all_signers))
        file = folder / f"{title}{_WORDS}"
        if not file.exists():
            if made is None:
                content = digest_template_bytes(issuer, say)
            else:
                signed = signers if made[0] in CLIMBING and made[1] != "blue" else ""
                content = template_bytes(*made, issuer, say, signed)
            keep(file, content)
            written.append(file.name)
    return written


def _known(say: Say) -> Iterator[tuple[str, tuple[PaperKind, Level | None] | None]]:
    for kind, title in PAPER_TITLES.items():
        if kind not in DOCUMENT_KINDS:
            continue
        yield say(title), (kind, None)
        if kind == _ORDER:
            for level, colour in LEVEL_WORDS.items():
                yield say(f"{title}（{colour}）"), (kind, level)
    yield say(DIGEST_TITLE), None
