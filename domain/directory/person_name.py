"""The name of a person in an event: the entry has a salted commitment to it for ever, the clear text lies beside it.

What lies beside is a small file of the name and a salt, kept as evidence is: by its SHA-256, which is what the entry
says. The salt is random and goes with the file, so that nobody who has the entry alone can try names on it. When the
file is erased by order, the entry and everything that proves it stay as they are.

A field of this type stands in every entry in that way by itself: no dump of an event has the clear text, and one whose
name was not committed to cannot be dumped at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Self

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationInfo, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from domain.canonical_json import canonical_json
from domain.evidence import EvidenceFile, evidence_files
from domain.frozen import Frozen
from domain.names import Name, name_key
from domain.texts import OWN

ERASED_NAME: Final = "已依令删除"
"""What is read instead of a name that was erased by order."""
LOST_NAME: Final = "姓名缺失"
"""What is read instead of a name whose file is not kept, or is not the one that the entry commits to."""
NAMES_BESIDE: Final = "names_beside"
"""Under which name the context of a validation has what opens names."""
_FILE_NAME: Final = "name.json"
_FILE_BYTES: Final = 512
"""Every file of a name is as long as every other one: its size, which the entry says, tells nothing."""
_LEAST_SALT: Final = 32
_NAME: TypeAdapter[str] = TypeAdapter(Name)


class PersonName(str):
    """A person's name, as a text; `file` is how its entry commits to it, once it does, `unkept` what that file holds
    until it is kept. `opened` says whether the text is the name itself, and not a word in its place."""

    __slots__ = ("file", "opened", "unkept")

    file: EvidenceFile | None
    unkept: bytes | None
    opened: bool

    def __new__(
        cls, text: str, file: EvidenceFile | None = None, *, unkept: bytes | None = None, opened: bool = True
    ) -> Self:
        """A name, not committed to where no file is given."""
        made = super().__new__(cls, text)
        made.file, made.unkept, made.opened = file, unkept, opened
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from a name or from its commitment; written as the commitment alone."""
        kept = core_schema.plain_serializer_function_ser_schema(_as_kept, return_schema=core_schema.str_schema())
        return core_schema.with_info_wrap_validator_function(_read, handler.generate_schema(Name), serialization=kept)


Opener = Callable[[EvidenceFile], PersonName]
"""Finds the name that an entry commits to, or the word in its place."""


def person_name(text: str) -> PersonName:
    """A text as a person's name; one that its entry commits to already stays so."""
    return text if isinstance(text, PersonName) else PersonName(text)


def is_opened(name: str) -> bool:
    """Whether a text is a name, and not a word in its place."""
    return name.opened if isinstance(name, PersonName) else True


def person_names(event: Frozen) -> Iterator[tuple[str, PersonName]]:
    """The persons' names of an event, each with its field."""
    for field in type(event).model_fields:
        value = getattr(event, field)
        if isinstance(value, PersonName):
            yield field, value


def name_file(name: str, salt: str) -> bytes:
    """The file of a name; `salt` is random, in hexadecimal digits, and longer than the file."""
    bare = len(canonical_json({"name": name, "salt": ""}))
    return canonical_json({"name": name, "salt": salt[: _FILE_BYTES - bare]})


def committed_name(name: str, data: bytes) -> PersonName:
    """A name with the commitment to its file, which is yet to be kept."""
    return PersonName(name, EvidenceFile.of(_FILE_NAME, data), unkept=data)


def name_opened_by(file: EvidenceFile, data: bytes | None) -> PersonName:
    """The name in a file, where it is the one that an entry commits to."""
    if data is not None and EvidenceFile.of(file.name, data) == file:
        try:
            read = json.loads(data)
            if len(read["salt"]) >= _LEAST_SALT:
                return PersonName(_NAME.validate_python(read["name"]), file)
        except (ValueError, KeyError, TypeError):
            pass
    return PersonName(LOST_NAME, file, opened=False)


def _read(value: object, as_name: ValidatorFunctionWrapHandler, info: ValidationInfo) -> PersonName:
    if isinstance(value, PersonName) and value.file is not None:
        return value
    if isinstance(value, str) and (files := evidence_files((value,))):
        opener: Opener | None = (info.context or {}).get(NAMES_BESIDE)
        return opener(files[0]) if opener is not None else name_opened_by(files[0], None)
    name: str = as_name(value)
    if name_key(name) in (ERASED_NAME, LOST_NAME):
        raise PydanticCustomError(f"{OWN}placeholder", "“{name}”不能作姓名", {"name": name})
    return PersonName(name)


def _as_kept(name: PersonName) -> str:
    if name.file is None:
        raise ValueError("a person's name is written as its commitment, and this one has none")
    return str(name.file)
