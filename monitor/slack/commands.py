"""The slash command `/policy`: looking at what the desk knows, and reading a source now.

What it answers only the asker sees. In a channel where an audience is told, it speaks of what concerns that audience;
elsewhere of everything. Slack wants to hear within three seconds that a command arrived, which `ack` says; the answer
follows when it is there.

Does not do: deciding (`monitor.slack.actions`), delivering.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackClientError

from digests import kit, lists
from digests.compose import compose, describe, get_states, gravity
from digests.entries import tell, tell_problem, to_rich
from digests.escape import mrkdwn, plain
from digests.grouping import group_changes
from digests.parts import MAX_CHARACTERS, size
from digests.words import count
from monitor import schedule
from monitor.desk import open_desk
from monitor.errors import NotFoundError
from monitor.slack.answering import Event, serve
from monitor.slack.people import load_declared
from monitor.store.locks import sole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from slack_bolt import Ack, App, BoltContext, Respond

    from digests.kit import Block
    from digests.lists import Line
    from monitor.config import Config
    from monitor.model import Audience, Digest, Source
    from monitor.schedule import Summary
    from monitor.slack.answering import Visit

COMMAND = "/policy"
LOOK_BACK = timedelta(days=7)
MOST = 15
"""Lines under one heading; an answer is read, not searched."""

_NEAR = 5
"""Ids that are proposed where there is none of this name."""

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
    def answer(ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        ack()
        asked = read_command(command)
        event = Event(f"command {command['trigger_id']}", f"{COMMAND} {asked.word}", command["user_id"], asked.channel)
        serve(config, context, event, lambda visit: _answer(visit, asked, respond))

    app.command(COMMAND)(answer)


def read_command(command: dict[str, Any]) -> Asked:
    """From the payload: https://docs.slack.dev/interactivity/implementing-slash-commands"""
    word, _, rest = plain(str(command.get("text") or "")).partition(" ")
    return Asked(word.lower() or "help", rest.strip(), str(command["channel_id"]))


def _answer(visit: Visit, asked: Asked, respond: Respond) -> None:
    """Raises NotFoundError for what there is not, SlackClientError where Slack does not take the answer."""
    answers: dict[str, Callable[[Visit, Asked], list[Block]]] = {
        "changes": _changes,
        "show": _show,
        "deadlines": _deadlines,
        "problems": _problems,
    }
    blocks = _crawl(visit, asked, respond) if asked.word == "crawl" else answers.get(asked.word, _help)(visit, asked)
    answer = respond(text=f"{COMMAND} {mrkdwn(asked.word)}", blocks=blocks, response_type="ephemeral")
    if answer.status_code != HTTPStatus.OK:
        raise SlackClientError(f"HTTP {answer.status_code}: {plain(answer.body, 200)}")


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
    troubles = lists.troubles(_compose(visit, asked.channel))
    found = [
        _listed(heading, [tell_problem(each) for each in problems], MAX_CHARACTERS // len(troubles))
        for heading, problems in troubles
    ]
    return found or [_titled("No problems that nobody has acknowledged.", [])]


def _show(visit: Visit, asked: Asked) -> list[Block]:
    if not asked.rest.isdecimal():
        raise NotFoundError(f"Name a change by its number, as in {COMMAND} show 12. {COMMAND} changes lists them.")
    told = describe(visit.db, int(asked.rest))
    people = visit.directory.people
    digest = replace(_compose(visit, asked.channel), changes=(told,), alerted=(), items=())
    (item,) = group_changes([told])
    return [block for unit in tell(item, people, get_states(visit.db, digest, people)) for block in unit][1:]


def _crawl(visit: Visit, asked: Asked, respond: Respond) -> list[Block]:
    """One at a time: it waits for the main job where that crawls, which takes minutes, and the others go on here."""
    source = _get_source(visit, asked.rest)
    with sole(visit.config.db, "asked") as alone:
        if not alone:
            return [_titled("Another source is being read just now. Please try again when that is done.", [])]
        respond(f"Reading {mrkdwn(source.id)} now. The answer comes when it is done.")
        with open_desk(visit.config) as desk:
            summary = schedule.collect(desk, [source])
    return [_titled(source.name, [kit.section([kit.text(each)]) for each in _say(summary)])]


def _get_source(visit: Visit, source_id: str) -> Source:
    """Raises NotFoundError, which names those that have a similar id."""
    found = {each.id: each for each in load_declared(visit.config.sources).sources if each.enabled}
    if source_id in found:
        return found[source_id]
    near = get_close_matches(source_id, found, _NEAR) or list(found)[:_NEAR]
    such_as = f" Some are: {', '.join(f'`{each}`' for each in near)}." if near else ""
    if not source_id:
        raise NotFoundError(f"Name a source by its id: {COMMAND} crawl SOURCE.{such_as}")
    raise NotFoundError(f"`{plain(source_id, 80)}`: no source that is switched on has this id.{such_as}")


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
    """Each Change, deadline and Problem once, the gravest and the next first, whichever audience they concern."""
    told = {each.change.id: each for digest in digests for each in digest.changes}
    return replace(
        digests[0],
        changes=tuple(sorted(told.values(), key=gravity)),
        deadlines=tuple(sorted({due for each in digests for due in each.deadlines}, key=lambda due: due.date)),
        problems=tuple({problem.id: problem for each in digests for problem in each.problems}.values()),
    )


def _list(heading: str, lines: Sequence[Line], nothing: str) -> list[Block]:
    if not lines:
        return [_titled(nothing, [])]
    return [_listed(heading, [kit.section(to_rich(each)) for each in lines], MAX_CHARACTERS)]


def _listed(heading: str, lines: Sequence[Block], room: int) -> Block:
    """As many lines as `room` characters hold, at most MOST; the rest is counted."""
    number = min(len(lines), MOST)
    while size([found := _titled(heading, lines[:number], len(lines) - number)]) > room:
        number -= 1
    return found


def _titled(heading: str, lines: Sequence[Block], more: int = 0) -> Block:
    """A heading with a bullet for each line; `more` says how many were left out, where any were."""
    rest = [kit.section([kit.text(f"… and {count(more, 'more line')}", italic=True)])] if more > 0 else []
    bullets = [kit.bullets([*lines, *rest])] if lines else []
    return kit.rich(kit.section([kit.text(heading, bold=True)]), *bullets)
