"""The App Home: what is in the hands of whoever looks at it, and what nobody has decided yet.

Does not do: acting on its buttons (`monitor.slack.actions`), saying what is open (`monitor.store.items`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digests import kit
from digests.escape import plain
from digests.lists import urgency
from digests.wording import MARKS
from digests.words import STEP, count
from monitor.model import Severity, Verdict
from monitor.store.changes import get_change
from monitor.store.items import get_open_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from digests.kit import Block
    from monitor.model import OpenItem
    from monitor.slack.answering import Visit

MOST_MINE = 25
MOST_OPEN = 15
"""Each takes two blocks, and a view has at most 100: https://docs.slack.dev/reference/block-kit/blocks"""

_GRAVEST_FIRST = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_AFTER_ALL_DAYS = "9999"


def publish_home(visit: Visit) -> None:
    """Show a member their App Home as it is now. Raises what slack-sdk raises."""
    items = get_open_items(visit.db, visit.now)
    mine = [each for each in items if visit.directory.is_member(each.assignee, visit.event.member)]
    home = Home(visit.today, lambda change_id: get_change(visit.db, change_id).judgement.summary)
    visit.client.views_publish(user_id=visit.event.member, view=home.build(mine, items))


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home of one day."""

    today: date
    summarise: Callable[[int], str]
    """What changed, in one line, of a Change by its id."""

    def build(self, mine: Sequence[OpenItem], items: Sequence[OpenItem]) -> dict[str, Any]:
        """The view; `mine` are those of `items` that are in the hands of whoever looks at it."""
        undecided = [each for each in items if not each.assignee and each.verdict is None]
        lists = [*self._mine(mine), kit.DIVIDER, *self._undecided(undecided)] if mine or undecided else [_empty()]
        return {"type": "home", "blocks": [*lists, *_left(items)]}

    def _mine(self, items: Sequence[OpenItem]) -> Iterator[Block]:
        """What is due first comes first; what is put off is only counted."""
        awake = sorted(_awake(items), key=_by_day)
        late = sum(1 for each in awake if each.due and each.due < self.today.isoformat())
        yield kit.header("My open items")
        yield _sum_up(
            f"{len(awake)} in your hands" if awake else "Nothing for you now",
            f"{late} overdue" if late else "",
            _say_put_off(items),
        )
        for number, each in enumerate(awake[:MOST_MINE]):
            yield from self._item(each, f"mine:{number}")
        yield from _more(len(awake) - MOST_MINE)

    def _undecided(self, items: Sequence[OpenItem]) -> Iterator[Block]:
        """The gravest first, and among those the newest; what is put off is only counted."""
        newest = sorted(_awake(items), key=lambda each: each.since_at, reverse=True)
        shown = sorted(newest, key=lambda each: _GRAVEST_FIRST.index(each.severity))
        yield kit.header("Nobody has decided yet")
        yield _sum_up(count(len(shown), "open item") if shown else "Nothing waits for a decision", _say_put_off(items))
        for number, each in enumerate(shown[:MOST_OPEN]):
            yield from self._item(each, f"open:{number}")
        yield from _more(len(shown) - MOST_OPEN)

    def _item(self, item: OpenItem, block_id: str) -> Iterator[Block]:
        title = [
            kit.text(f"{MARKS[item.severity]} {plain(item.publisher, 140)}{STEP}", bold=True),
            kit.link(item.url, plain(item.source_name, 140)),
        ]
        changed = plain(self.summarise(item.change_id), 200)
        facts = filter(None, [plain(item.procedure, 200), f"change {item.change_id}"])
        about = [
            kit.text(f"\n{changed}" if changed else ""),
            kit.text(f"\n{urgency(item, self.today)}", bold=True),
            kit.text(f" · {' · '.join(facts)}"),
        ]
        yield kit.rich(kit.section([*title, *about]))
        value = f"{item.change_id}:{item.section_id}" if item.section_id else str(item.change_id)
        if len(value) <= kit.BUTTON_VALUE_LIMIT:  # a section may have a whole paragraph for its heading
            yield kit.actions(block_id, _buttons(item, value))


def _empty() -> Block:
    words = " Nothing is in your hands, and nothing waits for a decision. Enjoy the quiet."
    return kit.rich(kit.section([kit.emoji("white_check_mark"), kit.text(words)]))


def _awake(items: Sequence[OpenItem]) -> list[OpenItem]:
    return [each for each in items if not each.snoozed_until]


def _say_put_off(items: Sequence[OpenItem]) -> str:
    number = len(items) - len(_awake(items))
    return f"{number} put off" if number else ""


def _sum_up(*facts: str) -> Block:
    return kit.context(" · ".join(filter(None, facts)))


def _by_day(item: OpenItem) -> tuple[str, int, datetime]:
    return item.due or item.deadline or _AFTER_ALL_DAYS, _GRAVEST_FIRST.index(item.severity), item.since_at


def _more(number: int) -> Iterator[Block]:
    if number > 0:
        yield kit.context(f"… and {number} more, less urgent")


def _left(items: Sequence[OpenItem]) -> Iterator[Block]:
    """Confirmed, and so work for somebody, but nobody's."""
    number = sum(1 for each in items if each.verdict is Verdict.CONFIRMED and not each.assignee)
    if number:
        yield kit.context(f"{count(number, 'confirmed section')} in nobody's hands. They stand in: monitor sops ledger")


def _buttons(item: OpenItem, value: str) -> Iterator[Block]:
    if item.verdict is None:
        yield kit.button("confirm", "Confirm", value)
    yield kit.button("reject", "Not applicable…", value)
    yield kit.button("assign", "Assign…", value)
    if item.assignee and not item.section_id:
        yield kit.button("snooze", "Snooze…", value)
