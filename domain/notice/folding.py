"""Width and punctuation: one reading for full and half width, and for every dash that people type.

Folding keeps the length of the text, so that an offset into the folded text is an offset into the printed one.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.notice.patterns import regex

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_DASHES = "‐‑‒–—―−－﹣─━⸺〜～∼~ー∽˜"
_WAVE = regex(r"(?<!\d)20\d\d(?:[./]\d{1,2}){1,2}\s*(?P<wave>[〜～~∼—–])(?=\s*\d{1,2}(?![\d./]))")
_BLANKS = "\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\u200b\ufeff\u2007\u2008\u2005\u2004\t\v\f"

_TABLE: dict[int, str] = {
    code: chr(code - _FULL_WIDTH_SHIFT) for code in range(_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST + 1)
}
_TABLE |= {ord(dash): "-" for dash in _DASHES}
_TABLE |= {ord(blank): " " for blank in _BLANKS}
_TABLE |= {ord(line_end): "\n" for line_end in "\r\u2028\u2029\x0b\x85"}
_TABLE |= {
    ord("○"): "〇",
    ord("Ｏ"): "O",
    ord("﹪"): "%",
    ord("％"): "%",
    ord("﹔"): ";",
    ord("︰"): ":",
    ord("∶"): ":",
    ord("ː"): ":",
    ord("﹕"): ":",
    ord("﹐"): ",",
    ord("｡"): "。",
    ord("､"): "、",
    ord("丨"): "|",
    ord("︱"): "|",
    ord("│"): "|",
    ord("┃"): "|",
    ord("⼀"): "一",
    ord("貳"): "二",
    ord("⽉"): "月",
    ord("⽇"): "日",
    ord("⾄"): "至",
} | {ord(roman): digit for roman, digit in zip("ⅠⅡⅢⅣ", "一二三四", strict=True)}
# Traditional forms of the characters of heads, roles and times; names keep theirs, which are cut from the printed text.
_TRADITIONAL = (
    "號号 項项 務务 單单 門门 處处 領领 導导 責责 協协 辦办 參参 與与 時时 間间 進进 計计 劃划 節节 點点 標标 "
    "準准 開开 啟启 啓启 動动 結结 終终 檢检 報报 級级 類类 個个 兩两 週周 內内 後后 會会 備备 註注 區区 縣县 "
    "鄉乡 鎮镇 衛卫 發发 財财 體体 國国 業业 設设 產产 學学 醫医 資资 經经 團团 組组 織织 實实 總总 長长 負负 "
    "專专 術术 館馆 聯联 廳厅 黨党 員员 監监 測测 營营 運运 從从 當当 應应 屆届 續续 繼继 訂订 簽签 條条 隊队 "
    "電电 話话 寫写 舉举 問问 題题 稱称 創创 編编 製制 擬拟 據据 況况 態态 狀状 極极 執执 強强 調调 認认 記记 "
    "論论 議议 識识 護护 讓让 貫贯 達达 遞递 適适 選选 還还 銷销 錄录 關关 隨随 雙双 雜杂 離离 難难 頭头 順顺 "
    "須须 預预 額额 顧顾 馬马 驗验 齊齐 龍龙 慶庆 陽阳 歲岁 歷历 曆历 牽牵 確确 權权 機机 構构 淨净 現现 環环 "
    "畢毕 異异 療疗 積积 種种 縮缩 統统 維维 績绩 繪绘 義义 習习 聽听 職职 臺台 興兴 萬万 蓋盖 補补 規规 視视 "
    "觀观 訓训 訪访 評评 試试 詢询 該该 詳详 誤误 課课 請请 談谈 諮咨 證证 變变 貨货 貿贸 費费 質质 購购 軍军 "
    "輪轮 轉转 農农 連连 過过 遠远 遲迟 郵邮 醞酝 釋释 針针 鐵铁 闊阔 陸陆 階阶 際际 隱隐 靜静 顯显 風风 飛飞 "
)
_TABLE |= {ord(pair[0]): pair[1] for pair in _TRADITIONAL.split()}


def fold(text: str) -> str:
    """The text in half width with one kind of dash and blank: exactly as long as it was."""
    return text.translate(_TABLE)


def fold_ranges(text: str) -> str:
    """The folded text of a cell in which `2027.3～11` keeps that it is a range: a stroke may be the mark of a day."""
    folded = fold(text)
    for mark in _WAVE.finditer(text):
        folded = f"{folded[: mark.start('wave')]}至{folded[mark.end('wave') :]}"
    return folded


_OPENING = {
    "《": "》",
    "“": "”",
    "「": "」",
    "『": "』",
    "〈": "〉",
    "【": "】",
    "‘": "’",
    "(": ")",
    "[": "]",
    "〔": "〕",
}


_TITLES = {opening: closing for opening, closing in _OPENING.items() if opening not in "([〔"}


def in_titles(folded: str) -> list[bool]:
    """For each character, whether it stands inside quotation or title marks; brackets hide nothing."""
    return quoted(folded, _TITLES)


def quoted(folded: str, marks: Mapping[str, str] = _OPENING) -> list[bool]:
    """For each character, whether it stands inside quotation marks, title marks or brackets (the marks included).

    A mark that is never closed quotes nothing: a forgotten bracket must not hide the rest of a cell.
    """
    inside = [False] * len(folded)
    opened: list[tuple[int, str]] = []
    straight: int | None = None
    for at, char in enumerate(folded):
        if char == '"':
            if straight is None:
                straight = at
            else:
                inside[straight : at + 1] = [True] * (at + 1 - straight)
                straight = None
        elif char in marks:
            opened.append((at, marks[char]))
        elif any(closing == char for _, closing in opened):
            while opened:
                start, closing = opened.pop()
                if closing == char:
                    inside[start : at + 1] = [True] * (at + 1 - start)
                    break
    return inside
