"""No mark comes in through any text of any act, form or call: refused by its rule, and nothing of it is kept.

The acts of the core, their forms and the interface's bodies are read from the code: one that comes later is tried by
itself. Every other route that changes something says which texts it takes, or none, or the build fails.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest
import pytest_asyncio
from pydantic import BaseModel

from domain.accounts.kept import Kept
from domain.actors import operator
from domain.acts.commands import IssueDirective
from domain.names import Name
from domain.texts import Line, Text
from entrypoints.api.acts import ActRoute, act_routes
from entrypoints.api.app import api_application
from entrypoints.api.table import table
from entrypoints.desk.act_forms import ActForm, act_forms
from entrypoints.desk.app import desk_application
from entrypoints.desk.pages import PAGES
from tests.application.office.test_known_names import asked
from tests.domain.samples import request
from tests.entrypoints.api.conftest import MemoryCallers, Programs
from tests.entrypoints.declared_routes import OF_ANY_ACT
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import (
    OWN,
    SmallOffice,
    projects,
    small_office,
    with_departments,
    with_one_who_left,
    with_people,
)

MARK: Final = "青铜鼎（机密）"
"""As a person writes it: what the standard has (`机密★`) is refused by the type of every text already."""
RULE: Final = "no_classified_content"
MILESTONE: Final = "2018-05a-02"
PLAIN: Final = {"text": "按安排推进", "reason": "按会议纪要", "milestone_id": MILESTONE}


class Doors(NamedTuple):
    """One office, its programs and its browsers, and the folder in which all of it is kept."""

    office: SmallOffice
    programs: Programs
    browsers: Browsers
    folder: Path

    def kept(self) -> list[str]:
        """The files of the installation that have any of the words, as text or as JSON escapes it."""
        spellings = [word.encode() for word in ("青铜鼎", "\\u9752\\u94dc\\u9f0e", "%E9%9D%92%E9%93%9C%E9%BC%8E")]
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return [file.name for file in files if any(word in file.read_bytes() for word in spellings)]


@pytest_asyncio.fixture(scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One office, with a directive that waits, for all of it: nothing that is tried here changes anything."""
    folder = tmp_path_factory.mktemp("marks")
    with small_office(folder) as office:
        with_people(office)
        await office.take(*projects())
        await with_one_who_left(office)
        await with_departments(office, "教务处")
        await asked(office, request(IssueDirective, None, by=operator("李四"), leader="周明", text="抓紧"))
        await office.office.register.follow()
        callers = MemoryCallers(office)
        programs = Programs(office, callers, api_application(office.office, callers, office.accounts))
        browsers = Browsers(office, desk_application(office.office, office.door, office.accounts))
        yield Doors(office, programs, browsers, folder)
        assert not Doors(office, programs, browsers, folder).kept()


def test_the_scan_finds_what_is_kept(tmp_path: Path) -> None:
    """Else nothing would be proved by finding nothing."""
    (tmp_path / "ledger.db").write_bytes(f"…{MARK}…".encode())
    assert Doors(None, None, None, tmp_path).kept() == ["ledger.db"]  # type: ignore[arg-type]  # the folder alone


def texts_of(schema: Mapping[str, Any], defs: Mapping[str, Any], value: Any = MARK) -> Iterator[Any]:
    """Every value of a schema that has the mark in one of its free texts, and is plain elsewhere."""
    schema = _resolved(schema, defs)
    if {"role", "department"} <= set(schema.get("properties", ())):
        yield {"role": "department", "name": OWN, "department": value}
        yield {"role": "operator", "name": value}
        return
    for choice in schema.get("anyOf") or schema.get("oneOf") or ():
        yield from texts_of(choice, defs, value)
    if schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(schema):
        yield value
    elif schema.get("type") == "array":
        items: Mapping[str, Any] = schema.get("items") or next(iter(schema.get("prefixItems", ())), {})
        yield from ([each] for each in texts_of(items, defs, value))
    elif schema.get("type") == "object":
        for name, inner in schema.get("properties", {}).items():
            for each in texts_of(inner, defs, value):
                yield {**_plain_object(schema, defs), name: each}


def _plain(schema: Mapping[str, Any], defs: Mapping[str, Any], name: str = "") -> Any:
    schema = _resolved(schema, defs)
    choices = schema.get("anyOf") or schema.get("oneOf")
    found: Any = PLAIN.get(name)
    if found is None and choices:
        found = _plain(choices[0], defs, name)
    elif found is None:
        by_type: dict[str, Any] = {
            "array": lambda: [_plain(schema.get("items", {}), defs)],
            "object": lambda: _plain_object(schema, defs),
            "integer": lambda: schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1),
            "boolean": lambda: False,
            "string": lambda: (
                *schema.get("enum", ()),
                *(("2018-12-20",) if schema.get("format") == "date" else ()),
                OWN,
            )[0],
        }
        found = schema.get("const") or by_type[schema.get("type", "string")]()
    return found


def _plain_object(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    required = {name: _plain(schema["properties"][name], defs, name) for name in schema.get("required", ())}
    return required | ({"department": OWN} if {"role", "department"} <= set(schema["properties"]) else {})


def _resolved(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return defs[reference.rpartition("/")[2]] if reference else schema


def bodies(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The bodies of a call that have the mark in one text each."""
    schema = model.model_json_schema()
    schema["properties"].pop("own_key", None)
    return list(texts_of(schema, schema.get("$defs", {})))


@pytest.mark.parametrize("route", act_routes().values(), ids=lambda route: route.path)
async def test_no_text_of_an_act_by_program_bears_a_mark(doors: Doors, route: ActRoute) -> None:
    """Each text of each act, by itself, also inside of what it lists."""
    account = "own" if "department" in route.who else "operator"
    for number, body in enumerate(bodies(route.body)):
        answer = await doors.programs.act(account, "2018-05a", route.path, f"{route.path}-{number}", **body)
        assert answer.json()["rule"] == RULE, (body, answer.json())
    assert not doors.kept()


def test_hardly_an_act_has_no_text() -> None:
    """Else the test above would try nothing."""
    without = {route.path for route in act_routes().values() if not bodies(route.body)}
    assert len(without) < len(act_routes()) // 3, without


@pytest.mark.parametrize("form", act_forms().values(), ids=lambda form: form.path)
async def test_no_text_of_an_act_at_the_desk_bears_a_mark(doors: Doors, form: ActForm) -> None:
    """Each text of each form, and the name and the content of each file that comes with it."""
    browser = await doors.browsers.of("own" if form.of_a_department else "operator")
    about = "" if form.about == "project" else MILESTONE
    place = f"/duties/{MILESTONE}/{form.path}" if form.of_a_department else f"/projects/2018-05a/acts/{form.path}"
    plain = {each.name: _typed(each.kind, each.choices) for each in form.fields if each.required}
    if "directive" in plain:
        (plain["directive"],) = map(str, (await doors.office.known("2018-05a")).directives)
    sent = {"request_id": f"desk-{form.path}", "milestone": about, "department_asked": OWN, **plain}
    typed = [each.name for each in form.fields if each.kind in ("text", "names", "department")]
    tried: list[tuple[dict[str, str], dict[str, Any]]] = [({name: MARK}, {}) for name in typed]
    if any(each.kind == "files" for each in form.fields):
        tried += [({}, {"evidence": ("青铜鼎-机密.txt", "进展".encode(), "text/plain")})]
        tried += [({}, {"evidence": ("进展.txt", f"{MARK}\n".encode(), "text/plain")})]
    for values, files in tried:
        answer = await browser.post(place, {**sent, **values}, **({"files": files} if files else {}))
        refused = answer.status_code == 400 and "带有密级或限制标志“机密”" in answer.text
        assert refused, (values, answer.text[-900:])
    assert not doors.kept()


def _typed(kind: str, choices: tuple[tuple[str, str], ...]) -> str:
    return {"day": "2018-12-20", "number": "1", "yes": "yes", "choice": choices[0][0] if choices else ""}.get(kind, OWN)


LIST: Final = """关于印发2018年重点项目清单的通知
2018年4月25日
序号,项目名称,牵头部门,参与部门,工作进度安排
91,座谈会,组织部,,6月底前：召开座谈会
91,培训班,组织部,,9月底前：办结
"""
_LOOKED_UP: Final = "ids, days, numbers and choices, which are looked up: it takes no text of a person's own"
_SECRET: Final = "what is typed is looked up or kept as a hash alone"
_LATER: Final = "it is about what was published: its texts are tried beside the scores' own pages"
FORMS: Final[Mapping[str, tuple[str, Mapping[str, str], tuple[str, ...]]]] = {
    "/views": ("operator", {"query": "light=red"}, ("name",)),
    "/leader/directives": ("leader", {"project": "2018-05a"}, ("text",)),
    "/deputies": (
        "own",
        {"department": OWN, "deputy_department": "宣传部", "from_on": "2018-06-05", "until_on": "2018-06-30"},
        ("reason", "person", "deputy_department"),
    ),
    "/year-end": ("operator", {"year": "2018"}, ("reason", "despite_period")),
    "/whole-lists": ("operator", {"what": "withdrawal", "year": "2018"}, ("reason",)),
    "/hand-over": ("operator", {"department": "宣传部", "to": OWN}, ("reason",)),
    "/plans": ("operator", {}, ("text",)),
    "/plans/{key}/rulings": ("operator", {"choice": "不同项目"}, ("reason",)),
    "/directory/persons": ("administrator", {"name": "新人", "role": "operator"}, ("name",)),
    "/directory/persons/{person_id}/name": ("administrator", {}, ("name",)),
    "/directory/departments/{department_id}/name": ("administrator", {}, ("name",)),
    "/directory/departments/{department_id}/aliases": ("administrator", {}, ("alias",)),
    "/directory/erasures": ("administrator", {"who": "P0099"}, ("order",)),
    "/reports/publish": (
        "operator",
        {"of": "2018-05", "kind-1": "praise", "project-1": "2018-05a", "about-1": OWN, "publish-1": "yes"},
        ("text-1",),
    ),
    "/scores/publish": ("operator", {"period": "2018-05"}, ("reason",)),
    "/scores/false-reports": (
        "operator",
        {"record": "2018-05a#2", "milestone": "2018-05a-01", "department": OWN},
        ("reason",),
    ),
    "/many": ("operator", {"act": "suspend", "item": MILESTONE}, ("reason",)),
}
"""The forms that are no single act's: whose, what is chosen, and the texts, of which each is tried with the mark."""
NOTHING_TYPED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("/today/sign", "/calendar", "/calendar/{number}/revoke", "/channels", "/verification"), _LOOKED_UP
    ),
    **dict.fromkeys(("/directory/persons/{person_id}/roles", "/deputies/dismiss", "/language"), _LOOKED_UP),
    **dict.fromkeys(
        ("/directory/persons/{person_id}/roles/{number}/end", "/directory/persons/{person_id}/leave"), _LOOKED_UP
    ),
    **dict.fromkeys(
        ("/directory/departments/{department_id}/close", "/directory/departments/{department_id}/aliases/take"),
        _LOOKED_UP,
    ),
    **dict.fromkeys(("/logins/{number}/end", "/tokens/{number}/revoke", "/views/{key}/drop"), _LOOKED_UP),
    **dict.fromkeys(("/projects/{project_id}/watch", "/sign-out", "/signatures/{key}"), _LOOKED_UP),
    **dict.fromkeys(("/plans/{key}/start", "/plans/{key}/prepare", "/plans/{key}/confirm"), _LOOKED_UP),
    **dict.fromkeys(("/plans/{key}/give-up", "/plans/{key}/drop", "/plans/{key}/rehearsal"), _LOOKED_UP),
    **dict.fromkeys(("/plans/{key}/join", "/year-end/carried-over"), _LOOKED_UP),
    **dict.fromkeys(("/year-end/{key}/confirm", "/year-end/{key}/give-up"), _LOOKED_UP),
    **dict.fromkeys(("/whole-lists/{key}/confirm", "/whole-lists/{key}/give-up"), _LOOKED_UP),
    **dict.fromkeys(("/directory/erasures/{key}/confirm", "/directory/erasures/{key}/give-up"), _LOOKED_UP),
    **dict.fromkeys(("/scores/corrections/{key}/confirm", "/scores/corrections/{key}/give-up"), _LOOKED_UP),
    **dict.fromkeys(("/sign-in", "/sign-in/key", "/sign-in/key/begin", "/set-up/{link}", "/keys/begin"), _SECRET),
    **dict.fromkeys(("/scores/rule", "/scores/corrections", "/own-score/appeal", "/scores/bulletin/publish"), _LATER),
    "/keys": "what is put into the store is looked through there, and the test of the store has its name",
    "/keys/{number}/let-go": "its reason is the program's own",
    "/keys/of-others/{number}/let-go": "its reason is the program's own",
    "/stolen-keys": "only the owner of a key may; the test beside the keys has its reason",
    "/directory/departments": "it takes the departments of the list that runs",
    "/directory/persons/{person_id}/accounts": "the login goes into the directory, whose test has it",
    "/answers": "it gives an act, whose texts are tried above",
}
"""Every other form, and why none of its values is tried here."""
CALLS: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("/webhooks", {"url": "https://x.example", "name": MARK}),
    ("/webhooks", {"url": f"https://x.example/{MARK}", "name": "平台"}),
    ("/directory/persons", {"name": MARK, "role": "operator"}),
    ("/directory/persons", {"name": "新人", "role": "department", "department": MARK, "new_department": True}),
    ("/directory/persons/P0003/roles", {"role": "department", "department": MARK, "new_department": True}),
    ("/directory/persons/P0003/accounts", {"account": MARK}),
    ("/directory/persons/P0003/name", {"name": MARK}),
    ("/directory/departments/D0001/name", {"name": MARK}),
    ("/directory/departments/D0001/aliases", {"name": MARK}),
    ("/directory/persons/P0099/erasures", {"order": MARK}),
    ("/scores/acts/publish", {"period": "2018-05", "reason": MARK}),
    ("/handing-over", {"department": "宣传部", "to": OWN, "reason": MARK}),
)
"""Calls that are no act's, each with the mark in one of its texts."""
NOTHING_IN_CALLS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("/plans/{key}/challenge", "/plans/{key}/start", "/plans/{key}/prepare"), _LOOKED_UP),
    **dict.fromkeys(("/plans/{key}/confirm", "/directory/erasures/{key}/confirm", "/audit/verification"), _LOOKED_UP),
    **dict.fromkeys(
        ("/directory/persons/{person_id}/leave", "/directory/departments/{department_id}/close"), _LOOKED_UP
    ),
    **dict.fromkeys(("/directory/persons/{person_id}/roles/{number}/end",), _LOOKED_UP),
    "/directory/departments/{department_id}/aliases/take": "the name is looked up among those that it has",
    "/plans/{key}/rulings": "it is the desk's ruling, whose texts are tried above",
    **dict.fromkeys((f"/scores/acts/{name}" for name in ("appeal", "rule", "correct", "find-false")), _LATER),
    **dict.fromkeys(("/plans/{key}/join", "/scores/acts/confirm"), _LOOKED_UP),
    "/handing-over/challenge": "it keeps nothing: the act comes with its own call",
    "/scores/challenge": "it keeps nothing: the act comes with its own call",
    "/scores/{period}/bulletin": "its reason is tried beside the scores' own pages, where something is published",
    "/projects/{project_id}/challenge": "it keeps nothing: the act comes with its own call",
}
"""Every other call, and why none of its values is tried here."""


def test_every_form_is_tried_or_says_why_not() -> None:
    """None is missing, none is left over."""
    posts = {page.path for page in PAGES if page.method == "POST"}
    acts = {each.removeprefix("POST ") for each in OF_ANY_ACT} - {"/many"}
    assert set(FORMS) | set(NOTHING_TYPED) == posts - acts
    assert not set(FORMS) & set(NOTHING_TYPED)


@pytest.mark.parametrize("path", FORMS)
async def test_no_text_of_another_form_bears_a_mark(doors: Doors, path: str) -> None:
    """Each text by itself is refused by the rule."""
    account, chosen, texts = FORMS[path]
    browser = await doors.browsers.of(account)
    if "{key}" in path:
        place = (await browser.post("/plans", {"text": LIST})).headers["location"]
        (finding, *_) = re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await browser.get(place)).text)
        path, chosen = path.replace("/plans/{key}", place), {**chosen, "finding": finding}
    path = path.replace("{person_id}", "P0003").replace("{department_id}", "D0001")
    for name in texts:
        answer = await browser.post(
            path, {**chosen, **dict.fromkeys(texts, "按会议纪要"), name: MARK, "request_id": MARK}
        )
        assert "带有密级或限制标志“机密”" in answer.text, (name, answer.status_code, answer.text[-1_500:])
        assert not doors.kept(), name


async def test_an_act_keeps_no_id_of_its_request_that_no_page_gave(doors: Doors) -> None:
    """The id is attested with the act: of what a form brings in its place nothing stays."""
    browser = await doors.browsers.of("operator")
    values = {"milestone": MILESTONE, "step": "3", "reason": "按计划", "item": MILESTONE, "act": "suspend"}
    for path in ("/projects/2018-05a/acts/assess-confidence", "/many"):
        answer = await browser.post(path, {**values, "request_id": f"desk-{MARK}-1"})
        assert answer.status_code in (200, 303), answer.text[-900:]
    assert not doors.kept()


async def test_no_text_of_another_call_bears_a_mark(doors: Doors) -> None:
    """What a program hands in beside acts: names, addresses, orders, reasons, files and their names."""
    administrator, operator = doors.programs.of("administrator"), doors.programs.of("operator")
    for path, body in CALLS:
        key = {"Idempotency-Key": f"call-{CALLS.index((path, body))}"}
        program = operator if path.startswith(("/scores", "/handing-over")) else administrator
        answer = await program.post(path, json=body, headers=key)
        assert answer.json()["rule"] == RULE, (path, body, answer.json())
    data = f"{MARK}\n".encode()
    for place in ("/evidence", "/plan-files"):
        for name, content in (("进展.txt", data), ("青铜鼎-机密.txt", LIST.encode())):
            path = f"{place}/{hashlib.sha256(content).hexdigest()}"
            answer = await operator.put(path, params={"name": name}, content=content)
            assert answer.json()["rule"] == RULE, (path, answer.json())
    assert not doors.kept()


def test_every_call_is_tried_or_says_why_not() -> None:
    """None is missing, none is left over."""
    given = {each.path for each in table() if each.method in ("POST", "PUT") and each.act is None}
    tried = {
        re.sub(r"P00\d\d", "{person_id}", path).replace("D0001", "{department_id}").replace("2018-05", "{period}")
        for path, _ in CALLS
    }
    assert tried | {"/evidence/{sha256}", "/plan-files/{sha256}"} | set(NOTHING_IN_CALLS) == given


async def test_what_is_searched_for_is_not_kept_either(doors: Doors) -> None:
    """That an auditor read, and what he looked for, is on record."""
    auditor = await doors.browsers.of("auditor")
    answer = await auditor.client.get("/events", params={"text": MARK})
    assert (answer.status_code, "带有密级或限制标志" in answer.text) == (400, True)


NOT_WRITTEN: Final[Mapping[str, str]] = {
    "by": "a name of the directory, which was looked through when it came",
    "reader": "a name of the file of channels, which the administrator writes",
    "account": "a login of the directory, which was looked through when it came",
    "department": "a department of the directory or of a list",
    "paper_id": "an id of ours",
    "period": "a period, which is looked up",
    "point": "a point's key, which is looked up",
    "person_id": "a number of the directory",
    "problem": "what went wrong, in our own words",
    "content": "the call, whose texts went into the directory and were looked through there",
    "secret": "made by the program",
    "issuer": "the third party as the settings name it",
}


def test_what_people_write_into_the_store_is_held_against_the_words_of_policies() -> None:
    """Every text field of everything that is kept there is one that people write, or says why not."""
    kinds = [each for each in Kept.__subclasses__() if each.__module__.startswith("domain.")]
    assert any(kind.written for kind in kinds)
    for kind in kinds:
        texts = {name for name, field in kind.model_fields.items() if _is_text(field.annotation, field.metadata)}
        assert not (texts - kind.written) - set(NOT_WRITTEN), kind
        assert kind.written <= set(kind.model_fields), kind


def _is_text(annotation: Any, metadata: Any) -> bool:
    """Whether a field is free text: an id has a pattern, a secret or a hash is a plain string."""
    if str in (annotation, *get_args(annotation)):
        return bool(metadata) and not any(getattr(each, "pattern", None) for each in metadata)
    return any(each in (Name, Line, Text) for each in get_args(annotation))
