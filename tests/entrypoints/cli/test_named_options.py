"""Every option of the shell that names a person or a department is looked up, or has the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from entrypoints.cli.main import duban

NAMED = frozenset(
    {
        *("--by", "--on-behalf-of", "--confirmed-by", "--deputy", "--for", "who", "--leader", "--reader", "reader"),
        *("--department", "which", "--to", "--from", "--lead", "--participant", "--participants", "--against"),
        *("--responsible", "account", "--account", "--all-of"),
    }
)
"""The options and arguments that name a person, a department or somebody's account."""
NO_NAMES = frozenset(
    {
        *(
            "--rule",
            "--column",
            "--reason",
            "--opinion",
            "--text",
            "text",
            "conclusion",
            "--behaviour",
            "--category",
            "--source",
        ),
        *("project", "--project", "milestone", "--milestone", "given", "--request-id", "--evidence", "--progress"),
        *("--supplement", "--note", "period", "point", "event_id", "--end", "--despite-cap", "--despite-period"),
        *("--window", "--quota", "--title", "--main-content", "--basis", "--number", "number", "--order", "role"),
        *("--role", "vkey", "sources", "--restored", "log", "file", "--let-go", "--channel", "--after"),
    }
)
"""The other ones: texts, numbers, words of a list."""
BEGINS: Mapping[str, str] = {
    "audit witness trust name": "a witness outside of the office, known by its key",
    "directory department open name": "a new department",
    "directory department open --alias": "other names of a new department",
    "directory department alias alias": "another name of a department, or one that it had",
    "directory department rename name": "a new name",
    "directory person open name": "a new person",
    "directory person open --account": "a new login",
    "directory person account account": "a new login, or one that the person has",
    "directory person rename name": "a new name",
    "account open account": "a new login",
    "account token name": "a token's own name",
    "channel compare name": "a channel of the file",
    "channel receipts name": "a channel of the file",
}
"""Names that are given here for the first time, or that are no person's and no department's."""
SECTION = "found in the directory, as whoever gives acts for the section"
TWO = "two persons of the directory"
LIST = "asked about when the list is started"
FILTER = "it only filters what is read: a name that nobody has finds nothing"
READER = "the owner notes who read: it gives nobody anything, and auditors come from elsewhere"
ACCOUNT = "an account that is open, or was"
THERE = "found in the directory, on that day"
ENDS = "found in the directory, also under a name of the past"
KEEPER = "one of the directory's administrators"
_MASS = ("close-year", "withdraw-list", "reopen")
_OVER = ("calendar apply", "hand-over")
LOOKED_UP: Mapping[str, str] = {
    "compile --by": LIST,
    "compile --lead": LIST,
    **{f"{command} --by": SECTION for command in ("run", "start", *_OVER, *_MASS)},
    **{f"{command} --on-behalf-of": SECTION for command in (*_OVER, *_MASS)},
    "hand-over which": "found in the directory, or in what runs",
    "hand-over --to": THERE,
    **{f"{command} --confirmed-by": TWO for command in ("run", "start", *_MASS)},
    **{f"score {act} --by": SECTION for act in ("appeal", "correct", "falsified", "publish", "rule")},
    **{f"score {act} --confirmed-by": TWO for act in ("correct", "falsified")},
    "bulletin publish-score --by": SECTION,
    "score falsified --department": "one that had a duty in the project",
    **{
        f"{erased} erase {option}": TWO for erased in ("directory", "evidence") for option in ("--by", "--confirmed-by")
    },
    "directory erase who": ENDS,
    "engine repair --by": "a person of the directory who keeps it or supervises",
    **dict.fromkeys(
        ("score table --department", "status --lead", "status --participant", "status --leader", "duties --department"),
        FILTER,
    ),
    "channel states --reader": FILTER,
    "channel test reader": "a receiver of the file of channels",
    **{
        f"audit {reading} --reader": READER
        for reading in ("as-of", "export", "heads", "history", "receipt", "reconcile", "replay", "verify", "what-if")
    },
    **{
        f"directory {change} --by": KEEPER
        for change in (
            *("import", "department alias", "department close", "department open", "department rename"),
            *("person account", "person close", "person give", "person open", "person rename", "person take"),
        )
    },
    **{f"directory department {change} which": THERE for change in ("alias", "close", "rename")},
    **{f"directory person {change} who": THERE for change in ("give", "rename")},
    **{f"directory person {change} who": ENDS for change in ("account", "close", "take")},
    **{f"directory person {change} --department": THERE for change in ("give", "take")},
    "directory person give --for": THERE,
    "directory person take --for": ENDS,
    "account open who": THERE,
    "account token --department": "one for which the person acts",
    **{f"account {act} --by": KEEPER for act in ("close", "link", "open", "token")},
    **{f"account {act} account": ACCOUNT for act in ("certificate", "close", "link", "sessions", "token")},
    "account revoke --all-of": ACCOUNT,
}
"""How each name is looked up that does not come in an act about a project."""


def text_parameters(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command, click.Parameter]]:
    """Each text that a command below asks for, with its place: the words that one types, and its option."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from text_parameters(found, f"{path} {name}".strip())
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            yield f"{path} {parameter.opts[0]}", command, parameter


def _gives_an_act(command: click.Command) -> bool:
    """Whether a command is made by `asking`: what it names is looked up where every act is given."""
    return {"--by", "--on-behalf-of", "--request-id"} <= {option for each in command.params for option in each.opts}


def test_no_option_names_somebody_without_being_looked_up() -> None:
    """A new text of a command is said to name nobody, comes in an act, or stands in the table; none is left over."""
    named = set()
    for place, command, parameter in text_parameters(duban):
        option = parameter.opts[0]
        assert option in NAMED | NO_NAMES or place in BEGINS, f"{place}: does it name a person or a department?"
        if place not in BEGINS and option in NAMED and not _gives_an_act(command):
            named.add(place)
    assert named == LOOKED_UP.keys()
    assert not named & BEGINS.keys()
