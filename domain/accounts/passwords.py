"""Which passwords are taken. Length counts; nobody is asked for signs that he would write on a slip of paper."""

from __future__ import annotations

import unicodedata

from domain.accounts.account import login_key
from domain.accounts.refusals import WeakPasswordError

SHORTEST, LONGEST = 12, 200
_FEWEST_DIFFERENT = 4
_IN_A_ROW = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_WELL_KNOWN = frozenset({"password", "passw0rd", "admin", "administrator", "qwerty", "letmein", "welcome", "woaini"})


def as_typed(password: str) -> str:
    """A password in the one form in which it is hashed, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def must_be_strong(password: str, account: str) -> None:
    """Refuse a password that a stranger tries first.

    Raises:
        WeakPasswordError: the sentence says why.
    """
    text = as_typed(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPasswordError(f"密码须有 {SHORTEST} 到 {LONGEST} 个字符，这里有 {len(text)} 个：请另选一个。")
    plain = text.casefold()
    if len(set(plain)) < _FEWEST_DIFFERENT or any(plain in row or plain in row[::-1] for row in _IN_A_ROW):
        raise WeakPasswordError("密码是重复或连续的字符，别人先试的就是它：请另选一个。")
    word = plain.strip("0123456789!@#$%^&*._- ")
    if word in _WELL_KNOWN or word == "" or login_key(account) in (word, plain):
        raise WeakPasswordError("密码只是账号名、常见词或数字，别人先试的就是它：请另选一个，例如几个不相干的词。")
