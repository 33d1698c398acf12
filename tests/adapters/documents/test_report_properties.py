"""What the documents that an office drafts say of themselves, where a word processor shows it."""

from __future__ import annotations

import io
from datetime import date

import docx

from adapters.documents.report_documents import report_bytes
from domain.seeing.period_report import drafted
from tests.domain.samples import Desk, milestone


def test_a_report_says_its_title_and_nothing_of_the_library_that_wrote_it() -> None:
    """No author, remark or day of 2013 that are another's."""
    report = drafted(
        "2018年5月督办情况通报", [Desk(milestone()).events], date(2018, 5, 1), date(2018, 5, 31), date(2018, 6, 30)
    )
    told = docx.Document(io.BytesIO(report_bytes(report, ".docx"))).core_properties
    assert told.title == report.title
    assert (told.author, told.last_modified_by, told.comments, told.created, told.modified) == ("", "", "", None, None)
