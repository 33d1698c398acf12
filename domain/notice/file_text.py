"""What a file holds and its reader did not hand over, or not in its place, by a second count of the file's own text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.notice.document import NoticeDocument, Paragraph


def missing_text(document: NoticeDocument) -> tuple[int, list[str]]:
    """How many characters of the file no block holds, and the pieces that they stand in, as far as they can be told."""
    if document.held is None:
        return 0, []
    given = _handed_over(document)
    held = Counter("".join(_bare(piece) for piece in document.held))
    missing = sum((held - Counter(given)).values())
    if not missing:
        return 0, []
    pieces = [piece.strip() for piece in document.held if (bare := _bare(piece)) and bare not in given]
    # A line of a page may go through several cells: the one of which least was handed over is named first.
    pieces.sort(key=lambda piece: _found(_bare(piece), given))
    return missing, list(dict.fromkeys(pieces)) or ["（重复的文字）"]


def _found(piece: str, given: str) -> float:
    """Which share of a piece's neighbouring letters stand side by side in what was handed over."""
    pairs = [piece[at : at + 2] for at in range(len(piece) - 1)]
    return sum(pair in given for pair in pairs) / max(1, len(pairs))


def out_of_order(document: NoticeDocument) -> tuple[str, str] | None:
    """The first text that stands elsewhere in the file than where it was read, and what was read in its place.

    Only texts that both sides hold equally often are compared: what a reader adds or leaves out says nothing of order.
    """
    if document.held is None or not document.held_in_order:
        return None
    held, given = list(_lines(document.held)), list(_lines(_in_order(document)))
    times, read = Counter(held), Counter(given)
    there, here = ([text for text in side if times[text] == read[text]] for side in (held, given))
    return next(((printed, taken) for printed, taken in zip(there, here, strict=True) if printed != taken), None)


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    return (bare for piece in pieces for line in piece.split("\n") if (bare := _bare(line)))


def _in_order(document: NoticeDocument) -> Iterator[str]:
    """The texts of the blocks as they were read, those of merged places once."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
            continue
        seen: set[int] = set()
        for cell in (cell for row in block.rows for cell in row.cells):
            if cell.region is None or cell.region not in seen:
                yield cell.text
            if cell.region is not None:
                seen.add(cell.region)


def _bare(text: str) -> str:
    return "".join(char for char in text if not char.isspace())


def _handed_over(document: NoticeDocument) -> str:
    pieces: list[str] = [out.text for out in document.left_out]
    for block in document.blocks:
        if isinstance(block, Paragraph):
            pieces += [block.text, block.struck]
            continue
        pieces.append(block.name)
        merged: dict[int, set[tuple[str, str]]] = {}
        for cell in (cell for row in block.rows for cell in row.cells):
            if cell.region is None:
                pieces += [cell.text, cell.struck]
            else:
                merged.setdefault(cell.region, set()).add((cell.text, cell.struck))
        # Merged places hold one text. Where they do not, none of them is to be trusted.
        pieces += [text for texts in merged.values() if len(texts) == 1 for pair in texts for text in pair]
    return _bare("".join(pieces))
