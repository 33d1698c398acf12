"""A bundle that no disk holds."""

from __future__ import annotations


class MemoryBundle:
    """A bundle in memory, for campaigns that change one thousands of times."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    @property
    def names(self) -> frozenset[str]:
        """The names of all files."""
        return frozenset(self.files)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return self.files[name]

    def close(self) -> None:
        """Nothing is held open."""
