"""Papers and receipts: what a bundle says of them is held against its entries, without the program."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from domain.ids import mailbox_workflow_id
from domain.papers.paper import PAPER_KINDS, paper_number
from verifier.findings import Step
from verifier.papers import check_papers

Values = dict[str, Any]
PROJECT: Final = "key-project/2018/05a"
AT: Final = "2018-05-31T01:00:00.000000Z"


def event(seq: int, **other: Any) -> Values:
    """An entry of the project's, from which a paper follows."""
    event = {"stream": PROJECT, "seq": seq, "type": "UrgeIssued", "decided": AT, "actor": "engine"}
    return event | {"id": f"{PROJECT}#{seq}", "data": {"milestone_id": "2018-05a-01"}} | other


def row(seq: int, sequence: int, **document: Any) -> Values:
    """The paper of an entry as the ledger numbers it; its document may say something else."""
    same = {"paper_id": f"{PROJECT}#{seq}", "kind": "urge", "year": 2018, "milestone_id": "2018-05a-01"}
    said = same | {
        "project_id": "2018-05a",
        "to": "组织部",
        "copies_to": ["办公室"],
        "body": "请于“月底”前办结。",
        "issued_at": "2018-05-31T09:00+08:00",
    }
    listed = same | {"number": f"催办〔2018〕{sequence}号", "sequence": sequence}
    return listed | {"document": said | document}


def receipt(seq: int, sequence: int, addressee: str = "组织部", **other: Any) -> Values:
    """The receipt of a paper in the mailbox of one to whom it went."""
    data = {"paper_id": f"{PROJECT}#{seq}", "number": f"催办〔2018〕{sequence}号", "kind": "urge"}
    stream, id_ = mailbox_workflow_id(addressee), f"receipt {seq} {addressee}"
    told = {"id": id_, "stream": stream, "type": "NoticeSent", "actor": "engine", "decided": AT}
    return (
        told
        | {"data": data | {"addressee": addressee, "cause": f"digest:{addressee}/1"} | other.pop("data", {})}
        | other
    )


def found(rows: list[Values], events: list[Values]) -> set[str]:
    """What is wrong with papers and receipts."""
    step = Step("attachments")
    check_papers(step, [each | {"document": json.dumps(each["document"])} for each in rows], events)
    return {finding.code for finding in step.findings}


ROWS: Final = [row(1, 1), row(2, 2)]
EVENTS: Final = [event(1), event(2), receipt(1, 1), receipt(1, 1, "办公室"), receipt(2, 2)]


def test_papers_and_receipts_that_fit_are_no_finding() -> None:
    """One paper to two, one to one; a paper that is not kept yet, with its receipt; none at all."""
    assert found(ROWS, EVENTS) == set()
    assert found(ROWS, [*EVENTS, event(3), receipt(3, 3)]) == set()
    assert found([], [event(1), receipt(1, 1)]) == set()
    assert found(ROWS, [*EVENTS[:4], receipt(2, 2, decided="2018-05-31T00:00:00.000000Z")]) == set()
    assert found(ROWS, [event(1), event(2, data={"milestone_id": "2018-05a-01", "text": "于‘月底’前办结"})]) == set()


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_every_kind_is_numbered_as_it_is_written(kind: Any) -> None:
    """In both languages, with one row of numbers for the two."""
    told = []
    for sequence, language in ((1, None), (2, "en"), (3, None)):
        each = row(sequence, sequence, kind=kind) | {"kind": kind}
        told.append(each | {"number": paper_number(kind, 2018, sequence, language)})  # type: ignore[arg-type]
    assert found(told, [event(1), event(2), event(3)]) == set()


def test_what_a_leader_said_once_bears_one_number() -> None:
    """A directive of several projects; another kind of paper with the number of the one before is found."""
    events = [event(1), event(2), event(3)]
    assert found([row(1, 1, one_of="甲"), row(2, 1, one_of="甲"), row(3, 2)], events) == set()
    assert found([row(1, 1, one_of="甲"), row(2, 2), row(3, 1, one_of="甲")], events) == set()
    assert found([row(1, 1, one_of="甲"), row(2, 1), row(3, 2)], events) == {"number_out_of_order"}


@pytest.mark.parametrize(
    ("rows", "events", "code"),
    [
        ([ROWS[1]], EVENTS, "receipt_without_paper"),
        ([ROWS[1]], [event(1), event(2), receipt(2, 2)], "number_out_of_order"),
        ([ROWS[0], row(2, 1)], EVENTS[:4], "number_out_of_order"),
        ([ROWS[0], ROWS[1] | {"number": "催办〔2018〕9号"}], EVENTS[:4], "number_differs"),
        ([ROWS[0], row(2, 2) | {"number": "批示〔2018〕2号"}, row(3, 1, kind="directive") | {"kind": "directive"}],
         [event(1), event(2), event(3)], "number_differs"),
        ([*ROWS, row(2, 3)], EVENTS, "paper_repeated"),
        ([*ROWS, row(9, 3)], EVENTS, "paper_differs"),
        ([ROWS[0], row(2, 2, kind="directive")], EVENTS, "paper_differs"),
        ([ROWS[0], row(2, 2, issued_at="2018-04-01T09:00+08:00")], EVENTS, "paper_differs"),
        ([ROWS[0], row(2, 2, project_id="2018-06")], EVENTS, "paper_differs"),
        (ROWS, [event(1), event(2, data={"milestone_id": "2018-05a-01", "text": "请抓紧"})], "paper_differs"),
        (ROWS, [event(1), event(2, data={"milestone_id": "2018-05a-02"})], "paper_differs"),
        ([ROWS[0], row(2, 2, to="财务处")], EVENTS, "receipt_differs"),
        ([ROWS[0], ROWS[1] | {"document": {}}], EVENTS, "row_differs"),
        (ROWS, [*EVENTS, receipt(2, 2)], "receipt_repeated"),
        (ROWS, [*EVENTS[:4], receipt(2, 2, "财务处")], "receipt_differs"),
        (ROWS, [*EVENTS[:4], receipt(2, 2, stream=mailbox_workflow_id("财务处"))], "receipt_differs"),
        (ROWS, [*EVENTS[:4], receipt(2, 2, data={"kind": "directive"})], "receipt_differs"),
        (ROWS, [*EVENTS[:4], receipt(2, 7)], "number_differs"),
        (ROWS, [*EVENTS[:4], receipt(2, 2, decided="2018-05-30T23:59:59.000000Z")], "receipt_early"),
        (ROWS, [event(1), receipt(2, 2), event(2)], "receipt_differs"),
        (ROWS, [*EVENTS[:4], receipt(2, 2, actor="operator:王芳")], "receipt_differs"),
    ],
)  # fmt: skip
def test_a_paper_that_is_another_is_named(rows: list[Values], events: list[Values], code: str) -> None:
    """One taken out, put in, numbered anew, addressed, dated or told as received otherwise than it was."""
    assert code in found(rows, events)


@pytest.mark.parametrize(
    "said",
    [
        *({"issued_at": at} for at in (None, 1, "", "2018-05-31T09:00")),
        {"kind": []},
        {"year": []},
        {"one_of": ["甲"]},
    ],
    ids=str,
)
def test_what_no_ledger_writes_in_a_row_is_named_and_ends_no_check(said: Values) -> None:
    """The row is told for what it is, and what stands behind it is looked at."""
    listed = {name: value for name, value in said.items() if name in ("kind", "year")}
    assert found([row(1, 1, **said) | listed, row(9, 1)], EVENTS) >= {"row_differs", "paper_differs"}


def test_a_paper_is_withheld_by_what_overtook_it() -> None:
    """By the entry that the receipt names, which stands before it, and by whoever brought that one."""
    overtaken = event(3, actor="department:组织部")
    by: Values = {"type": "NoticeWithheld", "actor": "department:组织部", "data": {"cause": f"event:{PROJECT}#3"}}
    before = [*EVENTS[:4], overtaken]
    assert found(ROWS, [*before, receipt(2, 2, **by)]) == set()
    assert found(ROWS, [*before, receipt(2, 2, **by | {"actor": "engine"})]) == {"receipt_differs"}
    assert found(ROWS, [*EVENTS[:4], receipt(2, 2, **by), overtaken]) == {"receipt_differs"}
