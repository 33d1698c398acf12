"""An answer to a directive that names none is asked which where several wait, in every door."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.office.which_directive import WhichDirectiveError
from domain.actors import department, operator
from domain.acts.commands import AnswerDirective, IssueDirective
from tests.application.office.test_known_names import asked, filled
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import OWN, projects, small_office


async def test_of_several_directives_that_wait_an_answer_says_which(tmp_path: Path) -> None:
    """Of one it need not, nor where what was taken is sent again after others came; what it names is answered."""
    with small_office(tmp_path) as office:
        await office.take(*projects())
        await office.office.register.follow()
        await filled(office)
        by, section = department(OWN), operator("李四")
        await asked(office, request(IssueDirective, None, by=section, leader="周明", text="抓紧"))
        first = request(AnswerDirective, None, by=by, text="已办")
        await asked(office, first)
        for text in ("再抓紧", "报方案"):
            await asked(office, request(IssueDirective, None, by=section, leader="周明", text=text))
        await asked(office, first)
        one, other = (await office.known("2018-05a")).directives
        with pytest.raises(WhichDirectiveError) as refused:
            await asked(office, request(AnswerDirective, None, by=by, text="方案附后"))
        assert str(refused.value.numbers) == f"{one}、{other}"
        await asked(office, request(AnswerDirective, None, by=by, text="方案附后", directive=other))
        assert tuple((await office.known("2018-05a")).directives) == (one,)
