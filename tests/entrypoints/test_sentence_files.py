"""The catalogues as the screens read them are the catalogues as their library reads them."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from entrypoints.sentence_files import english_of

_CATALOGUES = [("entrypoints.desk", "core.en.po"), ("entrypoints.desk", "en.po"), ("entrypoints.cli", "en.po")]


@pytest.mark.parametrize(("package", "name"), _CATALOGUES)
def test_a_catalogue_is_read_as_its_library_reads_it(package: str, name: str) -> None:
    """No sentence is lost or cut, whatever it escapes; one that has a plural is for the pages alone."""
    source = files(package).joinpath("locale", name).read_bytes()
    listed = [each for each in read_po(BytesIO(source), locale="en") if each.id]
    catalogue = {str(each.id): str(each.string) for each in listed if not each.pluralizable}

    assert len(catalogue) > 400
    assert len(listed) == len(catalogue) or (package, name) == ("entrypoints.desk", "en.po")
    assert english_of(package, name) == catalogue
