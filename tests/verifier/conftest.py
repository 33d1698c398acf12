"""One rehearsed year for all tests of the verifier, which only read it."""

from __future__ import annotations

import pytest

from tests.verifier.mutations import Campaign
from tests.verifier.rehearsed_year import Year, rehearsed_year


@pytest.fixture(scope="session")
async def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A rehearsed year with its last head witnessed."""
    return await rehearsed_year(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="session")
def campaign(year: Year) -> Campaign:
    """Mutations of the year's bundle."""
    return Campaign(year)
