"""The sentences of a catalogue, read without the library that writes it: that one takes longer than a whole command."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_BEFORE, _ENGLISH, _END = 'msgid "', 'msgstr "', '"'
_ESCAPED: Final = (('\\"', '"'), ("\\n", "\n"), ("\\\\", "\\"))


def english_of(package: str, name: str) -> dict[str, str]:
    """The English of each sentence of a catalogue; every sentence stands on one line, as `locale/` has them."""
    found: dict[str, str] = {}
    sentence = ""
    for line in files(package).joinpath("locale", name).read_text(encoding="utf-8").splitlines():
        if line.startswith(_BEFORE):
            sentence = line.removeprefix(_BEFORE).removesuffix(_END)
        elif line.startswith(_ENGLISH) and sentence:
            found.setdefault(_plain(sentence), _plain(line.removeprefix(_ENGLISH).removesuffix(_END)))
    return found


def _plain(written: str) -> str:
    if "\\" in written:
        for escaped, character in _ESCAPED:
            written = written.replace(escaped, character)
    return written
