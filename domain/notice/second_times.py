"""What a second time inside a clause means beside the clause's own: the same, a part of it, or a doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.notice.findings import CONFIRM
from domain.notice.labels import Label
from domain.notice.open_times import left_open_at, undated_at
from domain.notice.patterns import regex
from domain.notice.recurrences import Period
from domain.notice.windows import Basis, Choice, Doubt, TimeReading, Window, day_choice, last_of_month, spoken

_JOINED = regex(r"(?:之后|此后|以后|随后|并|同时|再)+\s*")


def says_the_same(hidden: TimeReading, outer: TimeReading, *, closing: bool) -> bool:
    """Whether a time inside a clause says nothing new: the same end, and no start of its own.

    `closing` says that nothing but a word of completion follows it.
    """
    if any(window.recurrence is not None for window in outer.windows) and hidden.windows[0].starts_on is None:
        # `每季度召开分析会，年底前…`: an end of its own beside a duty that comes back.
        return False
    if any(window.ongoing for window in outer.windows) and hidden.windows[0].starts_on is None and not closing:
        # `7月1日起实施新标准，12月底前完成评估`: what goes on has no limit, so that the limit is another duty's.
        return False
    if len(hidden.windows) != 1 or hidden.basis in (Basis.RELATIVE, Basis.UNDATED):
        return False
    (inner,) = hidden.windows
    return any(
        inner.due_on == window.due_on and (inner.starts_on is None or inner.starts_on == window.starts_on)
        for window in outer.windows
    )


def reaching_out(
    hidden: TimeReading, outer: TimeReading, text: str, *, side_by_side: bool = False
) -> tuple[Doubt, ...]:
    """A time inside a clause that reaches outside the clause's own window may be read in two ways."""
    if hidden.basis is Basis.RELATIVE or not outer.windows or not hidden.windows:
        return ()
    within, window = hidden.windows[0], outer.windows[0]
    if (
        within.starts_on is None
        or window.starts_on is None
        or window.due_on is None
        or within.starts_on >= window.starts_on
    ):
        return ()
    day = window.due_on if window.starts_on == window.due_on else None
    if side_by_side and day is not None and within.due_on == last_of_month(day.year, day.month):
        # `11月9日消防日、11月消防月`: a day with its name, and the month with its own.
        return ()
    if text.startswith(("年内", "年度内", "本年内")):
        # `3月开工，年内完成…`: by the year's end, whatever stands before it.
        return ()
    choices = (Choice(key=text, text=spoken((within,))), Choice(key=_key(window), text=spoken((window,))))
    sentence = f"“{text}”写在时限较短的一句里，可能是单独的目标，也可能只在本句时限内完成。"
    return (Doubt("window_within_window", "ruling", sentence, choices[0].text, choices),)


def too_short(period: Period, window: Window, said: str, year: Window, *, room: float = 1.5) -> Doubt | None:
    """What is asked of a duty that comes back in a time too short for that, and is read for the whole `year`."""
    if window.due_on is None or window.starts_on is None or window.recurrence is not None:
        return None
    if (window.due_on - window.starts_on).days >= int(period.length_in_days * room):
        return None
    since = Window(starts_on=window.starts_on, due_on=year.due_on)
    choices = (choice_of(year), choice_of(since))
    text = f"随前面的“{said}”不足一个周期，按全年理解。"
    return Doubt("repeats_beyond", "ruling", text, choices[0].text, choices)


def behind_limit(year: Window, outer: TimeReading, period: Period | None) -> Window | None:
    """What is left of the year behind a limit, for what comes back from then on.

    The month of the limit has its session by the limit: `8月15日前完成第一批，之后每月一批` goes on in September.
    """
    due, last = outer.windows[-1].due_on, year.due_on
    if due is None or last is None:
        return None
    monthly = period is not None and period.months is not None
    first = (last_of_month(due.year, due.month) if monthly else due) + timedelta(days=1)
    return Window(starts_on=first, due_on=last) if first <= last else None


def since_its_start(label: Label, before: TimeReading) -> Label:
    """`巩固提升（7月起）。每月复查一次`: what comes back in a sentence behind an open start begins with it."""
    begin, (window, *more) = before.windows[0], label.reading.windows
    if label.period is None or more or not begin.ongoing:
        return label
    if not (begin.starts_on and window.starts_on and window.due_on):
        return label
    if not window.starts_on < begin.starts_on < window.due_on:
        return label
    rest = label.period.within(window.having(starts_on=begin.starts_on, recurrence=None, quota=None))
    return replace(label, reading=replace(label.reading, windows=(rest,)))


def beyond_deadline(year: Window, outer: TimeReading) -> tuple[Doubt, ...]:
    """A duty that comes back, behind a deadline that is not the year's end, may end with it or begin with it."""
    due, last = outer.windows[-1].due_on, year.due_on
    if year.starts_on is None or due is None or last is None or not year.starts_on < due < last:
        return ()
    until, since = Window(starts_on=year.starts_on, due_on=due), Window(starts_on=due, due_on=last)
    choices = (choice_of(year), choice_of(until), choice_of(since))
    text = "定期的任务写在一个时限之后，没有写明从何时起、到何时止，按全年理解。"
    return (Doubt("repeats_beyond", "ruling", text, spoken((year,)), choices),)


def repeats_until(limit: Window, window: Window) -> tuple[Doubt, ...]:
    """What is asked where a limit stands beside how often: sessions until it, or one duty by it."""
    choices = (Choice(key=CONFIRM, text="到时限为止定期督办"), choice_of(limit))
    text = "写了时限，又写了多久一次，可能到时限为止每期都要督办，也可能只在时限到期时督办。"
    return (Doubt("repeats_until", "ruling", text, spoken((window,)), choices),)


def earlier_hope(hoped: TimeReading, outer: TimeReading, text: str) -> tuple[Doubt, ...]:
    """`确保6月底前完成，力争5月底前完成`: one duty with the limit that counts and an earlier one that is hoped for."""
    first, sure = hoped.windows[0], outer.windows[0]
    if first.due_on is None or sure.due_on is None or first.due_on >= sure.due_on:
        return ()
    choices = (Choice(key=CONFIRM, text="两个时限各督办一次"), choice_of(sure))
    sentence = f"“{text}”早于确定的时限，可能只是争取的目标。"
    return (Doubt("hoped_for", "ruling", sentence, spoken((first,)), choices),)


def inheriting(text: str, at: int, reading: TimeReading, said: str, *, hidden: bool) -> tuple[Doubt, ...]:
    """What may be doubted of a clause that goes by the time before it; `hidden` if that one stood inside a clause."""
    windows = reading.windows
    doubts: tuple[Doubt, ...] = ()
    if hidden:
        choice = Choice(key=said, text=spoken(windows))
        doubts = (
            Doubt("which_window", "ruling", "前一句里有两个时限，这一句没有写明随哪一个。", choice.text, (choice,)),
        )
    joined = _JOINED.match(text, at)
    goes_on = undated_at(text, joined.end() if joined is not None else at)
    if goes_on is not None and goes_on.windows[0].ongoing and not windows[0].ongoing:
        either = (
            Choice(key="全年持续", text="全年持续进行"),
            Choice(key=CONFIRM, text=f"随前面的“{said}”"),
        )
        sentence = "这一句没有写时限，可能持续进行，也可能随前面的时限。"
        doubts += (Doubt("continues_or_inherits", "ruling", sentence, spoken(windows), either),)
    if left_open_at(text, at):
        follows = Choice(key=CONFIRM, text=f"随前面的“{said}”")
        or_later = (follows, Choice(key="年底前", text="年底到期"), Choice(key="全年持续", text="全年持续进行"))
        sentence = "这一句没有写明时限，可能随前面的时限，也可能另定。"
        doubts += (Doubt("open_or_inherits", "ruling", sentence, spoken(windows), or_later),)
    if any(window.due_on is None for window in windows):
        # What has no date waits for a ruling of its own, inherited or not.
        doubts += reading.doubts
    return doubts


def choice_of(window: Window) -> Choice:
    """The choice of a window, with its words as the ruling."""
    return Choice(key=_key(window), text=spoken((window,)))


def _key(window: Window) -> str:
    first, last = window.starts_on, window.due_on
    if last is None:
        return "年底前"
    if first is None:
        return day_choice(last).key
    return f"{first.year}年{first.month}月{first.day}日—{last.year}年{last.month}月{last.day}日"


def is_once(reading: TimeReading) -> bool:
    """Whether a duty comes back, but once only in the time that the list is about."""
    repeats = [window.recurrence for window in reading.windows if window.recurrence is not None]
    return len(repeats) == len(reading.windows) == 1 and repeats[0].count == 1
