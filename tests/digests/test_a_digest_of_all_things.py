"""The longest and most hostile digest: within Slack's limits, nothing lost, and nothing in it does anything."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from digests.compose import compose_due
from digests.send import send_pending
from monitor.model import Audience, Severity

WORDS = 3_000

HOSTILE = (
    "<!channel> <!here> <!everyone> <@U0MARIA> @channel",
    "<https://evil.example|Click here> [x](javascript:alert(1))",
    "\u202egnihtemos\u202c \u2066over\u2069 \u200f\u200b",
    "*bold* _it_ ~no~ `code` ```fence``` > quote & <b>html</b>",
    "🙂" * 2_000,
    "word " * 3_000,
    "a" * 20_000,
    "line\nbreak\r\n\x00\x07\x1b[31m \ufffe",
    '"]}{"type":"section"}',
    " ",
)


@pytest.fixture
def now():
    """Slack's clock is the real one."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def hostile_changes(world, db, now, request):
    """So many confirmed changes of sources with hostile names, each with a passage of thousands of words."""
    chance = random.Random(400)
    for place, name in enumerate(HOSTILE):
        world.watch(f"source-{place}", name=name, publisher=HOSTILE[place - 1])
    severities = list(Severity)
    ids = []
    for place in range(request.param):
        ids.append(world.change(now, source=f"source-{place % len(HOSTILE)}", severity=severities[place % 3]))
        world.touch(ids[-1])
    words = ["the", "provider", "must", "verify", "age", *HOSTILE[:4], *HOSTILE[7:]]
    for row in list(db.query("SELECT rowid AS id FROM passage")):
        before = chance.choices(words, k=WORDS)
        after = [each if chance.random() < 0.99 else "new" for each in before]
        db.execute(
            "UPDATE passage SET before = ?, after = ? WHERE rowid = ?",
            [" ".join(before), " ".join(after), row["id"]],
        )
    db.execute("UPDATE document SET title = ?, url = ?", [HOSTILE[0], "javascript:alert(1)"])
    return ids


def iter_nodes(node):
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from iter_nodes(each)


@pytest.mark.parametrize(
    "hostile_changes",
    [pytest.param(30, marks=pytest.mark.slow), pytest.param(400, marks=pytest.mark.drill)],
    indirect=True,
)
def test_it_passes_the_limits_loses_no_change_and_does_nothing(
    world, db, slack, slack_config, patience, hostile_changes, now
):
    compose_due(db, [Audience("desk", "Desk", digest_at="00:00", alerts=False)], slack_config, now)
    sent = send_pending(db, slack_config, now, patience=patience)
    assert (sent.failed, sent.waiting, sent.messages) == (0, 0, ())
    nodes = [each for message in slack.messages for each in iter_nodes(message["blocks"])]
    states = Counter(each["block_id"] for each in nodes if str(each.get("block_id")).startswith("state:"))
    assert states == {f"state:{each}": 1 for each in hostile_changes}
    assert {"mrkdwn", "user", "usergroup", "broadcast", "channel"}.isdisjoint(str(each.get("type")) for each in nodes)
    assert all(each["url"].startswith(("http://", "https://")) for each in nodes if "url" in each)
    assert not any(sign in message["text"] for message in slack.messages for sign in ("<!", "<@", "<http"))
