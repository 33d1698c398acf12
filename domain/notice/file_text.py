"""What a file holds and its reader did not hand over, by a second count of the file's own text."""

from __future__ import annotations

from collections import Counter

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
    return missing, list(dict.fromkeys(pieces)) or ["（重复的文字）"]


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
