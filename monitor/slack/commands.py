"""The slash command `/policy`: looking at what the desk knows, and reading a source now.

What it answers only the asker sees. In a channel where an audience is told, it speaks of what concerns that audience;
elsewhere of everything. Slack wants to hear within three seconds that a command arrived, which `ack` says; the answer
follows when it is there.

Does not do: deciding (`monitor.slack.actions`), delivering.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from digests import kit, lists
from digests.compose import compose, describe, get_states
from digests.entries import tell, tell_problem, to_rich
from digests.escape import mrkdwn, plain
from digests.grouping import group_changes
from digests.wording import count
from monitor import schedule
from monitor.errors import NotFoundError
from monitor.slack.answering import Event, serve
from monitor.slack.people import load_declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from slack_bolt import Ack, App, Respond
    from slack_sdk import WebClient

    from digests.kit import Block
    from digests.lists import Line
    from monitor.config import Config
    from monitor.model import Audience, Digest
    from monitor.schedule import Summary
    from monitor.slack.answering import Visit

COMMAND = "/policy"
LOOK_BACK = timedelta(days=7)
MOST = 15
"""Lines of one answer; an answer is read, not searched."""

HELP = {
    "changes": "what changed in the last seven days",
    "show 12": "a change, with its buttons",
    "deadlines": "what must be done in the next 30 days",
    "problems": "what we cannot see now",
    "crawl SOURCE": "read a source now; the answer comes when it is done",
    "help": "this",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person asked, and where."""

    word: str
    rest: str
    channel: str


def register(app: App, config: Config) -> None:
    def answer(ack: Ack, command: dict[str, Any], client: WebClient, respond: Respond) -> None:
        asked = read_command(command)
        ack(_say_at_once(asked))
        event = Event(f"command {command['trigger_id']}", f"{COMMAND} {asked.word}", command["user_id"], asked.channel)
        serve(config, client, event, lambda visit: _answer(visit, asked, respond))

    app.command(COMMAND)(answer)


def read_command(command: dict[str, Any]) -> Asked:
    """From the payload: https://docs.slack.dev/interactivity/implementing-slash-commands"""
    word, _, rest = plain(str(command.get("text") or "")).partition(" ")
    return Asked(word.lower() or "help", rest.strip(), str(command["channel_id"]))


def _say_at_once(asked: Asked) -> str:
    """Slack reads it as mrkdwn."""
    return f"Reading {mrkdwn(asked.rest)} now. The answer comes when it is done." if asked.word == "crawl" else ""


def _answer(visit: Visit, asked: Asked, respond: Respond) -> None:
    """Raises NotFoundError for what there is not."""
    answers: dict[str, Callable[[Visit, Asked], list[Block]]] = {
        "changes": _changes,
        "show": _show,
        "deadlines": _deadlines,
        "problems": _problems,
        "crawl": _crawl,
    }
    blocks = answers.get(asked.word, _help)(visit, asked)
    respond(text=f"{COMMAND} {mrkdwn(asked.word)}", blocks=blocks, response_type="ephemeral")


def _help(_: Visit, asked: Asked) -> list[Block]:
    known = asked.word in {"help", "?"}
    head = "What you can ask" if known else f"There is no {COMMAND} {plain(asked.word, 40)}. What you can ask"
    lines = [
        kit.section([kit.text(f"{COMMAND} {what}", code=True), kit.text(f"  {why}")]) for what, why in HELP.items()
    ]
    return [_titled(head, lines)]


def _changes(visit: Visit, asked: Asked) -> list[Block]:
    digest = _compose(visit, asked.channel)
    lines = lists.roll_up(digest, get_states(visit.db, digest, visit.directory.people))
    return _list("Changes of the last seven days", lines, "Nothing changed in the last seven days.")


def _deadlines(visit: Visit, asked: Asked) -> list[Block]:
    return _list(lists.DEADLINES, lists.deadlines(_compose(visit, asked.channel)), "No deadlines in the next 30 days.")


def _problems(visit: Visit, asked: Asked) -> list[Block]:
    digest = _compose(visit, asked.channel)
    found = [
        _titled(heading, [tell_problem(each) for each in problems[:MOST]], len(problems) - MOST)
        for heading, problems in lists.troubles(digest)
    ]
    return found or [_titled("No problems: everything that is watched can be read.", [])]


def _show(visit: Visit, asked: Asked) -> list[Block]:
    if not asked.rest.isdecimal():
        raise NotFoundError(f"Name a change by its number, as in {COMMAND} show 12. {COMMAND} changes lists them.")
    told = describe(visit.db, int(asked.rest))
    people = visit.directory.people
    digest = replace(_compose(visit, asked.channel), changes=(told,), alerted=(), items=())
    (item,) = group_changes([told])
    return [block for unit in tell(item, people, get_states(visit.db, digest, people)) for block in unit][1:]


def _crawl(visit: Visit, asked: Asked) -> list[Block]:
    with schedule.open_desk(visit.config) as desk:
        source = desk.watched.get(asked.rest)
        if source is None:
            raise NotFoundError(
                f"`{asked.rest}`: no source that is switched on has this id. monitor sources list shows them."
            )
        summary = schedule.collect(desk, [source])
    return [_titled(source.name, [kit.section([kit.text(each)]) for each in _say(summary)])]


def _say(summary: Summary) -> Iterable[str]:
    """What reading one Source brought."""
    if summary.fetched == summary.unchanged:
        yield "Nothing changed."
    if summary.first:
        yield f"{count(summary.first, 'document')} read for the first time."
    if summary.changes:
        yield f"{count(summary.changes, 'change')} found. What stays is told: at once where grave, else in the digest."
    if summary.quiet:
        yield f"{count(summary.quiet, 'change')} kept quiet."
    yield from (plain(each, 400) for each in summary.failures)


def _compose(visit: Visit, channel: str) -> Digest:
    """What concerns the audiences that are told in this channel, or all of them, in the last seven days, as one."""
    declared = load_declared(visit.config.sources).audiences
    here = [each for each in declared if (each.slack_channel or visit.config.slack_channel) == channel]
    return _merge([_compose_one(visit, each) for each in here or declared])


def _compose_one(visit: Visit, audience: Audience) -> Digest:
    since = visit.now - LOOK_BACK
    return compose(visit.db, audience, visit.now, since=since, people=visit.directory.people)


def _merge(digests: Sequence[Digest]) -> Digest:
    """Each Change, deadline and Problem once."""
    return replace(
        digests[0],
        changes=tuple({told.change.id: told for each in digests for told in each.changes}.values()),
        deadlines=tuple(sorted({due for each in digests for due in each.deadlines}, key=lambda due: due.date)),
        problems=tuple({problem.id: problem for each in digests for problem in each.problems}.values()),
    )


def _list(heading: str, lines: Sequence[Line], nothing: str) -> list[Block]:
    if not lines:
        return [_titled(nothing, [])]
    return [_titled(heading, [kit.section(to_rich(each)) for each in lines[:MOST]], len(lines) - MOST)]


def _titled(heading: str, lines: Sequence[Block], more: int = 0) -> Block:
    """A heading with a bullet for each line; `more` says how many were left out, where any were."""
    rest = [kit.section([kit.text(f"… and {count(more, 'more line')}", italic=True)])] if more > 0 else []
    bullets = [kit.bullets([*lines, *rest])] if lines else []
    return kit.rich(kit.section([kit.text(heading, bold=True)]), *bullets)
