"""The numbers that a lead needs, each as a picture with a sentence and a table.

In the address: `weeks`, how far back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from starlette.routing import Route

from digests.escape import plain
from digests.wording import written_date
from digests.words import count
from monitor.triage import REASONS
from monitor.views import numbers as views
from monitor.views.numbers import get_numbers, say_days, say_span
from monitor.web.charts import Bars, Columns, Ranges, draw_bars, draw_columns, draw_ranges
from monitor.web.desk.declared import find_declared
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from starlette.responses import Response

    from monitor.views.numbers import Delay, Numbers
    from monitor.web.serving import Visit

WEEKS = (4, 12, 26, 52)
_USUAL = 12
_NAME = 36
"""Characters of a name for which there is room beside a bar."""
_OWN_WORDS = "another reason"
SOLID, HATCHED, HOLLOW = "solid", "hatched", "hollow"
_DELAYS = ((SOLID, "half within"), (HOLLOW, "nine of ten within"))
_DELAY_COLUMNS = ("Week of", "Changes", "Half within", "Nine of ten within")


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture, what it says, and the same as a table."""

    id: str
    title: str
    said: str
    sort: Literal["columns", "ranges", "bars"]
    chart: Columns | Ranges | Bars
    names: tuple[tuple[str, str], ...]
    """What each look stands for."""
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    """Empty = there is nothing to draw."""


def show_numbers(visit: Visit) -> Response:
    asked = visit.asked("weeks")
    weeks = int(asked) if asked in map(str, WEEKS) else _USUAL
    declared = find_declared(visit)
    found = get_numbers(visit.db, visit.now, weeks, declared.people, declared.audiences)
    return draw(
        visit.request,
        "numbers.html",
        numbers=found,
        figures=build_figures(found),
        choices=WEEKS,
        since=f"?since={found.weeks[0]}",
    )


def build_figures(found: Numbers) -> list[Figure]:
    builders: tuple[Callable[[Numbers], Figure], ...] = (
        _show_found,
        _show_publishers,
        _show_decided,
        _show_outcomes,
        _show_hands,
        _show_alerted,
        _show_seen,
        _show_problems,
    )
    return [build(found) for build in builders]


def _show_found(found: Numbers) -> Figure:
    numbers = [(each.substantive, each.editorial, each.quiet) for each in found.found]
    return Figure(
        "changes", "Changes by week", views.say_found(found), "columns",
        draw_columns(_weeks(found), numbers, (SOLID, HATCHED, HOLLOW)),
        ((SOLID, "substantive"), (HATCHED, "editorial"), (HOLLOW, "kept quiet")),
        ("Week of", "Substantive", "Editorial", "Kept quiet"),
        _rows(found, [tuple(f"{each:,}" for each in row) for row in numbers]),
    )  # fmt: skip


def _show_publishers(found: Numbers) -> Figure:
    number, rest = found.others
    named = [*found.publishers, *([(count(number, "other publisher"), rest)] if number else [])]
    bars = [(plain(name, _NAME), (each,), f"{each:,}") for name, each in named]
    return Figure(
        "publishers", "Told changes by publisher", views.say_publishers(found), "bars",
        draw_bars(bars, (SOLID,)), (), ("Publisher", "Told changes"), [(name, f"{each:,}") for name, each in named],
    )  # fmt: skip


def _show_seen(found: Numbers) -> Figure:
    title = "How soon a change was seen, in days"
    return Figure(
        "detection", title, views.say_seen(found), "ranges", _draw_delays(found, found.seen), _DELAYS,
        _DELAY_COLUMNS, _delay_rows(found, found.seen, say_days),
    )  # fmt: skip


def _show_decided(found: Numbers) -> Figure:
    title = "How soon a told change was decided, in days"
    return Figure(
        "decision", title, views.say_decided(found), "ranges", _draw_delays(found, found.decided), _DELAYS,
        _DELAY_COLUMNS, _delay_rows(found, found.decided, say_span),
    )  # fmt: skip


def _draw_delays(found: Numbers, delays: Sequence[Delay | None]) -> Ranges:
    return draw_ranges(_weeks(found), [(each.median, each.ninetieth) if each else None for each in delays])


def _delay_rows(
    found: Numbers, delays: Sequence[Delay | None], say: Callable[[float], str]
) -> Sequence[tuple[str, ...]]:
    cells = [(f"{each.number:,}", say(each.median), say(each.ninetieth)) if each else ("0", "", "") for each in delays]
    return _rows(found, cells) if any(delays) else ()


def _show_hands(found: Numbers) -> Figure:
    bars = [
        (plain(who, _NAME), (each.overdue, each.open - each.overdue), _say_hands(each.open, each.overdue))
        for who, each in found.hands
    ]
    return Figure(
        "hands", "In whose hands changes are", views.say_hands(found), "bars", draw_bars(bars, (SOLID, HOLLOW)),
        ((SOLID, "overdue"), (HOLLOW, "in time")), ("Who", "In hand", "Overdue"),
        [(who, f"{each.open:,}", f"{each.overdue:,}") for who, each in found.hands],
    )  # fmt: skip


def _say_hands(in_hand: int, overdue: int) -> str:
    return f"{in_hand:,}, {overdue:,} late" if overdue else f"{in_hand:,}"


def _show_outcomes(found: Numbers) -> Figure:
    acted, dismissed = found.outcomes.acted, found.outcomes.dismissed
    decided = acted + dismissed.total()
    named = [("acted on", acted, SOLID), *((_say_word(word), each, HOLLOW) for word, each in dismissed.most_common())]
    bars = [
        (plain(name, _NAME), (each, 0) if look == SOLID else (0, each), f"{_percent(each, decided)}")
        for name, each, look in named
    ]
    return Figure(
        "outcomes", "What came of decisions", views.say_outcomes(found), "bars", draw_bars(bars, (SOLID, HOLLOW)),
        (), ("What became of it", "Changes", "Share"),
        [(name, f"{each:,}", _percent(each, decided)) for name, each, _ in named] if decided else (),
    )  # fmt: skip


def _say_word(word: str) -> str:
    return REASONS.get(word, word) or _OWN_WORDS


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else ""


def _show_alerted(found: Numbers) -> Figure:
    bars = [(plain(each.name, _NAME), (each.a_day,), f"{each.a_day:.2g} a day") for each in found.alerted]
    return Figure(
        "alerts", "Alerts on a working day", views.say_alerted(found), "bars", draw_bars(bars, (SOLID,)), (),
        ("Desk or person", "Alerts", "On a working day", "Most on one day"),
        [
            (each.name, f"{each.number:,}", f"{each.a_day:.2g}", f"{each.most:,} on {written_date(str(each.most_on))}")
            for each in found.alerted
        ],
    )  # fmt: skip


def _show_problems(found: Numbers) -> Figure:
    stacks = [(blind, problems - blind) for problems, blind in found.problems]
    return Figure(
        "problems", "Reading problems open at the end of each week", views.say_problems(found), "columns",
        draw_columns(_weeks(found), stacks, (SOLID, HOLLOW)),
        ((SOLID, "cannot be read"), (HOLLOW, "read with doubt")), ("Week of", "Cannot be read", "Read with doubt"),
        _rows(found, [tuple(f"{each:,}" for each in row) for row in stacks]),
    )  # fmt: skip


def _weeks(found: Numbers) -> list[str]:
    return [_short(each) for each in found.weeks]


def _short(monday: date) -> str:
    """As in "2 Nov"."""
    return written_date(str(monday)).rpartition(" ")[0]


def _rows(found: Numbers, cells: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(written_date(str(monday)), *row) for monday, row in zip(found.weeks, cells, strict=True)]


ROUTES = [Route("/numbers", serve(show_numbers))]
