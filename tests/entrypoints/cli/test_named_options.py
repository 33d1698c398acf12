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
        *("--rule", "--column", "--reason", "--opinion", "--text", "text", "--behaviour", "--category", "--source"),
        *("project", "--project", "milestone", "--milestone", "given", "--request-id", "--evidence", "--progress"),
        *("--supplement", "--note", "period", "point", "event_id", "--end", "--despite-cap", "--despite-period"),
        *("--window", "--quota", "--title", "--main-content", "--basis", "--number", "number", "--order", "role"),
        *("--role", "vkey", "sources", "--restored", "log", "file", "--let-go", "--channel"),
    }
)
"""The other ones: texts, numbers, words of a list."""
BEGINS = {
    ("witness", "trust", "name"): "a witness outside of the office, by its key",
    ("department", "open", "name"): "a new department",
    ("department", "rename", "name"): "a new name",
    ("department", "alias", "alias"): "another name of a department",
    ("person", "open", "name"): "a new person",
    ("person", "rename", "name"): "a new name",
    ("department", "open", "--alias"): "other names of a new department",
    ("account", "token", "name"): "a token's own name",
    ("channel", "compare", "name"): "a channel",
    ("channel", "receipts", "name"): "a channel",
}
"""Names that are given here for the first time, or are nobody's, by the end of the command's path."""
ADMINISTRATOR = "the directory asks for one of its administrators"
IN_DIRECTORY = "found in the directory"
ONE_OF_TWO = "two persons of the directory"
OF_THE_SECTION = "found in the directory as every act of the section"
FILTER = "it only filters what is read: a name that nobody has finds nothing"
ACCOUNT = "an account that is open, or a sentence"
