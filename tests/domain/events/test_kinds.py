"""Reading an event: an error of one kind says that these fields are no event that is known."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.directory.events import DIRECTORY_EVENT
from domain.events import DOMAIN_EVENT
from domain.papers.delivery import DELIVERY_EVENT
from domain.papers.mail import MAIL_EVENT


@pytest.mark.parametrize("kinds", [DOMAIN_EVENT, DIRECTORY_EVENT, MAIL_EVENT, DELIVERY_EVENT])
@pytest.mark.parametrize("fields", [{"type": "OfALaterBuild"}, {"type": None}, {"type": ["ProjectDocketed"]}, {}])
def test_a_type_that_is_not_known_is_refused_as_wrong_fields_are(kinds: Any, fields: dict[str, Any]) -> None:
    """Of a later build, or damaged: whoever reads has one kind of error to answer, and it names the type."""
    with pytest.raises(ValidationError, match="type") as refused:
        kinds.read(fields)
    assert str(fields.get("type")) in str(refused.value)
