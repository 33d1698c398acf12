"""What went wrong, as problem details (RFC 9457): the rule's name for programs, a sentence for people.

A sentence is in the language that the caller asks for where the catalogue has it; `Content-Language` says which it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from application.desk_work.by_two import NothingPreparedError
from application.desk_work.draft_plans import NoDraftError
from application.desk_work.webhooks import NoWebhookError
from domain.acts.rejections import NotInHisRightError, RequestReusedError, UnknownProjectError
from domain.errors import (
    DubanError,
    EngineUnreachableError,
    LedgerUnavailableError,
    PhrasedError,
    ProjectUnavailableError,
)
from domain.given_values import fault_of
from domain.record.erasures import ErasedFileError, LostFileError
from domain.record.ledger_errors import NotInLedgerError
from domain.texts import OWN
from entrypoints.api.answers import Item
from entrypoints.core_sentences import is_chinese
from entrypoints.desk.languages import Language, preferred, said
from entrypoints.desk.languages import later as _
from entrypoints.next_steps import NEXT_STEPS, NextStep

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:duban:rule:"
REFUSED_TOKEN: Final[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
"""What a program is told whose token is unknown, over or revoked (RFC 6750, 3.1); who shows none is told no error."""
_LATER_SECONDS: Final = 5

TITLES: Final[Mapping[int, str]] = {
    400: _("请求无法读取"),
    401: _("没有有效的令牌"),
    403: _("不归这个令牌办理"),
    404: _("没有这一项"),
    405: _("这个地址没有这种用法"),
    408: _("没有及时送达"),
    409: _("按规则没有办理"),
    413: _("内容太大"),
    421: _("不是这里的地址"),
    422: _("有几处写法不对"),
    500: _("督办台出了故障"),
    503: _("现在不能办理"),
}
SENTENCES: Final[Mapping[int, str]] = {
    400: _("请求无法读取，没有办理：请按接口说明重新发送。"),
    401: _("没有令牌，或令牌已经失效，没有办理：请让管理员发放令牌，写在请求头 Authorization: Bearer 之后。"),
    403: _("这个令牌所代表的部门或角色没有这项权限，没有办理：请换用有权限的令牌。"),
    404: _("没有这一项，或者不归这个令牌查看：请核对编号。"),
    405: _("这个地址没有这种用法：请核对接口说明。"),
    408: _("请求的内容没有及时送达：请检查网络后重试。"),
    413: _("请求的内容太大，没有接收：请压缩或拆分后重试。"),
    422: _("有几处写法不对，没有办理：请按各处的说明改正。"),
    500: _("督办台出了故障，是否办理以台账为准：请用同一编号再发一次；若仍如此，请把时间告诉管理员。"),
}
_NO_ADDRESS: Final = _("没有这个地址：请核对接口说明（/api/v1/openapi.json）。")
_STATUS: Final[tuple[tuple[type[DubanError], int], ...]] = (
    (RequestReusedError, 409),
    (NotInHisRightError, 403),
    (UnknownProjectError, 404),
    (NotInLedgerError, 404),
    (ErasedFileError, 404),
    (LostFileError, 404),
    (NoDraftError, 404),
    (NoWebhookError, 404),
    (NothingPreparedError, 404),
    (EngineUnreachableError, 503),
    (LedgerUnavailableError, 503),
    (ProjectUnavailableError, 503),
    (DubanError, 409),
)
"""The status of an answer by the kind of what is refused, the nearest kind first."""


class Fault(Item):
    """What is wrong with one part of a request."""

    field: str = Field(description="Where it stands: the field, or the parameter")
    fault: str = Field(description="What is wrong with it")


class Problem(Item):
    """Why nothing was done (RFC 9457)."""

    type: str = Field(description="`urn:duban:rule:` and the rule's name")
    title: str = Field(description="The kind of problem, in a few words")
    status: int
    detail: str = Field(description="What is so, and what to do, in one sentence")
    rule: str = Field(description="The name of the rule that refuses it; names are kept for ever")
    instance: str = Field(description="The path that was asked for")
    next: str | None = Field(
        None, description="The call of this document that comes next, where the rule has one: its method and path"
    )
    errors: tuple[Fault, ...] = ()


class NothingThereError(PhrasedError, rule="known_to_caller"):
    """There is no such thing, or it is not the caller's: he learns no difference."""

    says = SENTENCES[404]


class UnusableActError(Exception):
    """The fields of an act are each right, and together they are no command."""

    def __init__(self, error: ValidationError, *place: str) -> None:
        super().__init__()
        # The first part of a command's place is its type.
        self.faults: list[dict[str, Any]] = [
            {**each, "loc": (*place, *each["loc"][not place :])} for each in error.errors(include_url=False)
        ]


class TooLargeError(HTTPException):
    """More arrived than is taken."""

    def __init__(self) -> None:
        super().__init__(413)


def of_error(request: Request, error: Exception) -> Response:
    """The answer to what a rule of ours refuses."""
    assert isinstance(error, DubanError)
    status = 404 if isinstance(error, NothingThereError) else next(s for kind, s in _STATUS if isinstance(error, kind))
    return problem(request, status, error.rule, error.text)


def of_values(request: Request, error: Exception) -> Response:
    """The answer to values that cannot be used: 422 where the document of this interface says so, 409 where only the
    rules of texts and days do."""
    assert isinstance(error, RequestValidationError)
    details = _of_themselves(error.errors())
    by_rules = all(_is_of_a_rule(each) for each in details)
    status, rule = (409, "usable_value") if by_rules else (422, "readable_request")
    faults = [Fault(field=_place(each["loc"]), fault=_of_an_item(each)) for each in details]
    return problem(request, status, rule, SENTENCES[422], faults)


def of_act(request: Request, error: Exception) -> Response:
    """The answer to fields that are each right, and together no act."""
    assert isinstance(error, UnusableActError)
    faults = [
        Fault(field=".".join(str(each) for each in part["loc"]), fault=_of_an_item(part)) for part in error.faults
    ]
    return problem(request, 409, "usable_value", SENTENCES[422], faults)


def of_http(request: Request, error: Exception) -> Response:
    """The answer to what the web server's parts refuse."""
    assert isinstance(error, HTTPException)
    status = error.status_code
    if isinstance(error.__cause__ or error.__context__, (UnicodeDecodeError, RecursionError)):
        return problem(request, 422, "readable_request", None, [Fault(field="body", fault=_OF_JSON["json_invalid"])])
    # A thing that is not there, or not the caller's, is told by a rule of ours.
    sentence = _NO_ADDRESS if status == 404 else None
    return problem(request, status, _RULES.get(status, "readable_request"), sentence, headers=error.headers)


_RULES: Final[Mapping[int, str]] = {
    408: "prompt_content",
    401: "valid_token",
    403: "right_of_token",
    404: "known_address",
    405: "known_method",
    413: "bounded_content",
}


def of_nobody(request: Request, _error: Exception) -> Response:
    """The answer where the caller went away in the middle: nobody is left to read it."""
    return problem(request, 400, "whole_request")


def of_fault(request: Request, _error: Exception) -> Response:
    """The answer to a fault of ours; what it is stands in the log alone."""
    return problem(request, 500, "no_fault")


def problem(
    request: Request,
    status: int,
    rule: str,
    sentence: str | None = None,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem, in the language of the caller where there are words for it."""
    asked = language_of(request)
    detail, language = said(sentence or SENTENCES.get(status, SENTENCES[400]), asked)
    made = Problem(
        type=TYPE + rule,
        title=said(TITLES.get(status, TITLES[400]), asked)[0],
        status=status,
        detail=detail,
        rule=rule,
        instance=request.url.path,
        next=NEXT_STEPS.get(rule, NextStep()).call or None,
        errors=tuple(each.model_copy(update={"fault": said(each.fault, asked)[0]}) for each in faults),
    )
    more = {"Retry-After": str(_LATER_SECONDS)} if status == 503 else {}
    if status == 401:
        more["WWW-Authenticate"] = "Bearer"
    content: dict[str, Any] = made.model_dump(mode="json", exclude_none=True)
    given = {"Content-Language": language, **more, **(headers or {})}
    return JSONResponse(content, status, headers=given, media_type=MEDIA_TYPE)


def language_of(request: Request) -> Language:
    """The language that a caller asks for."""
    return preferred(None, request.headers.get("accept-language", ""))


def _of_an_item(details: Any) -> str:
    """What is wrong with a value; of one in a list with its place as people count."""
    place = details["loc"][-1] if details["loc"] else None
    if not isinstance(place, int) or details["type"] == "json_invalid":
        return _fault(details)
    return f"第{place + 1}项：{_fault(details)}"


def _fault(details: Any) -> str:
    """What is wrong, in the words of whatever checked it; how JSON is written, only programs need to know."""
    if is_chinese(str(details["msg"])):
        return str(details["msg"])
    if details["type"] == "literal_error":
        allowed = str(details["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").replace(", ", " / ")
        return f"须为 {allowed} 之一"
    if details["type"] in _NO_OBJECT:
        return _NO_BODY if len(details["loc"]) == 1 else _("须为 JSON 对象，各项见接口说明")
    return _OF_JSON.get(details["type"]) or fault_of(details)


REPEATED: Final = "repeated_name"
"""The kind of error of what is said twice and counts once."""
_OF_JSON: Final = {
    "json_invalid": _("不是 JSON：请核对括号、引号和编码（UTF-8）"),
    REPEATED: _("写了不止一次，不知以哪一个为准：请只写一次"),
}
_NO_OBJECT: Final = frozenset({"model_attributes_type", "model_type", "dict_type"})
_NO_BODY: Final = _("须为 JSON 对象，各项见接口说明；请求头写 Content-Type: application/json")


def _of_themselves(details: Sequence[Any]) -> list[Any]:
    """The errors without those that follow from another one: a list whose parts are wrong is not short as well."""
    inside = {each["loc"][:end] for each in details for end in range(len(each["loc"]))}
    return [each for each in details if each["type"] != "too_short" or each["loc"] not in inside]


def _is_of_a_rule(details: Any) -> bool:
    """Whether an error is one that the document of this interface does not say: a rule's of texts, names and days."""
    blank = details["type"] == "string_too_short" and details.get("input")
    return bool(blank) or str(details["type"]).startswith((OWN, "value_error"))


def responses() -> dict[int | str, dict[str, Any]]:
    """The problems that every route may answer, for the document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _TITLES_IN_ENGLISH[status], "content": content} for status in _TITLES_IN_ENGLISH}


_TITLES_IN_ENGLISH: Final[Mapping[int, str]] = {
    400: "The request cannot be read",
    401: "No valid token",
    403: "Not in the right of this token",
    404: "There is no such thing, or it is not the caller's",
    408: "The content did not arrive in time",
    409: "A rule refuses it; nothing was changed",
    413: "The content is too large",
    422: "A value is not as this document says",
    500: "A fault of the server",
    503: "The engine or the ledger does not answer; the same request may be sent again",
}


def _place(loc: Sequence[Any]) -> str:
    if loc[:1] == ("body",) and isinstance(loc[-1], int) and len(loc) == len(("body", 0)):
        return "body"  # where JSON cannot be read
    parts = [str(each) for each in loc[1:]]
    return ".".join(parts) or str(loc[0] if loc else "body")
