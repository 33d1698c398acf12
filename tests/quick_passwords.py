"""Passwords hashed at once: what slows a guesser down tells a test nothing, and some hundred offices have their own."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher

from adapters.accounts import argon2_hashes

AS_SHIPPED: Final = argon2_hashes._HASHER
"""With the costs that were chosen; `tests/adapters/accounts` look at these."""


def hash_quickly() -> None:
    """Have this process hash with the least costs that there are; a hash is checked with those that it names."""
    argon2_hashes._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # type: ignore[misc]
