"""Random and mutated inputs, by command: `python -m tests.domain.notice.fuzz 20000 [seed]`."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from domain.errors import InputError
from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.schedule import read_schedule
from domain.notice.window_reading import read_window
from domain.notice.windows import TimeContext

_NOTICE = Path(__file__).parents[3] / "examples" / "2018-key-projects.txt"
_DIGITS = "0123456789一二三四五六七八九十〇两元"
_MARKS = "月日号年底前中末初旬上下半季度起至到-—～~:：,，;；。、/（）()《》“”\"'.% \n\t　"
_WORDS = "每期场次个家人全内第之后节春国庆"
_PHRASES = (
    *("3月", "上半年", "全年", "每两个月", "4月起", "12-1月", "Q3 2018", "by end of ", "within 60 days of "),
    *("2018年", "2月30日", "99月", "FY"),
)
_PIECES = [*_DIGITS, *_MARKS, *_WORDS, *_PHRASES]


def _mutated(chance: random.Random, text: str) -> str:
    chars = list(text)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(chars) + 1)
        match chance.randrange(4):
            case 0:
                chars.insert(at, chance.choice(_PIECES))
            case 1:
                del chars[at : at + chance.randrange(1, 8)]
            case 2:
                chars[at:at] = chars[: chance.randrange(20)]
            case _:
                # Unpaired surrogates cannot come out of a file.
                chars.insert(at, chr(chance.choice([chance.randrange(1, 0xD800), chance.randrange(0xE000, 0x11000)])))
    return "".join(chars)


def _input(chance: random.Random, seeds: list[str]) -> str:
    if chance.randrange(2):
        return _mutated(chance, chance.choice(seeds))
    return "".join(chance.choice(_PIECES) for _ in range(chance.randrange(60)))


def _try_schedule(text: str, context: TimeContext) -> None:
    schedule = read_schedule(text, context)
    for item in schedule.deliverables:
        assert 0 <= item.start <= item.end <= len(text)
        window = item.window
        assert window.starts_on is None or window.due_on is None or window.starts_on <= window.due_on
        assert window.due_on is not None or item.doubts, "a missing date without a finding"
    read_window(text, context.year, context.issued_on)


def _try_list(chance: random.Random, rows: list[list[str]]) -> None:
    table = [list(row) for row in rows]
    for _ in range(chance.randrange(1, 10)):
        row = chance.choice(table)
        at = chance.randrange(len(row))
        row[at] = chance.choice(["", _mutated(chance, row[at])])
    if chance.randrange(3) == 0:
        del chance.choice(table)[0]
    blocks = [
        Row(tuple(Cell(text, chance.choice([None, None, 1, 2])) for text in row), f"第{at}行")
        for at, row in enumerate(table)
    ]
    try:
        plan = compile_notice(NoticeDocument("fuzz", (Paragraph("2018年清单"), Table(tuple(blocks)))))
    except InputError:
        return
    type(plan).model_validate_json(plan.model_dump_json())


def fuzz(rounds: int, seed: int) -> float:
    """Try so many inputs; answer the slowest one's seconds of a processor."""
    chance = random.Random(seed)
    rows = [line.split("\t") for line in _NOTICE.read_text(encoding="utf-8").split("\n") if "\t" in line]
    seeds = [row[5] for row in rows[1:]]
    seeds += [piece for cell in seeds for piece in cell.split("；")]
    context = TimeContext.of(2018)
    slowest = 0.0
    for round_ in range(rounds):
        begin = time.process_time()
        if round_ % 50 == 0:
            _try_list(chance, rows)
        else:
            _try_schedule(_input(chance, seeds), context)
        slowest = max(slowest, time.process_time() - begin)
    return slowest


def main() -> None:
    """Run from the command line."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 2018
    slowest = fuzz(rounds, seed)
    sys.stdout.write(f"{rounds} inputs, seed {seed}: no traceback; the slowest took {slowest:.3f} CPU s\n")


if __name__ == "__main__":
    main()
