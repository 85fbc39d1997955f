"""Killed senders and a Slack that answers badly: nothing missing, nothing twice, all in order."""

import itertools
import random
import time
from datetime import UTC, datetime

import pytest

from digests.channels import to_deliveries
from monitor import triage
from monitor.model import Audience, DeliveryState, Period, Verdict
from monitor.store import transaction
from monitor.store.deliveries import add_deliveries, get_deliveries
from monitor.store.digests import add_digest
from scenarios.world import FORKED
from slack.server import Channel

SENDER = """
import time
from datetime import UTC, datetime, timedelta
from digests.send import Patience, Sent, send_pending
from monitor.config import read_config
from monitor.store import open_store
from monitor.store.deliveries import get_stale
config = read_config(env)
db = open_store(config.db)
patience = Patience(timeout=2, settle=0, pace=0, unknown=timedelta(0))
clock = lambda: datetime.now(UTC).replace(microsecond=0)
hour = timedelta(hours=1)
while send_pending(db, config, clock(), patience=patience) != Sent() or get_stale(db, clock() - hour, clock() + hour):
    time.sleep(0.02)
"""

CHANGES = 30
LONG = 12
"""Changes in a digest that takes several messages."""

CHANNELS = 40


@pytest.fixture
def slack(slack):
    """Three of ten posts and looks go wrong, and the history lags behind."""
    slack.retry_after = 0
    slack.history_lag = 1
    slack.faults.strike(0.3, seed=20_261_123, methods=("chat.postMessage", "conversations.history"))
    return slack


@pytest.fixture
def run_sender(slack_config, slack):
    """Start a sender in a process of its own, forked from one that has imported everything already."""
    env = {"MONITOR_DB": str(slack_config.db), "SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url}

    def start():
        process = FORKED.Process(target=exec, args=(SENDER, {"env": env}))
        process.start()
        return process

    return start


@pytest.fixture
def fill(world, slack, make):
    """Put so many digests and alerts into the outbox, for many channels; returns the ids of the changes they tell."""

    def call(number):
        at = datetime.now(UTC).replace(microsecond=0)
        ids = [world.change(at) for _ in range(CHANGES)]
        told = [make.told(each) for each in ids]
        world.see(*(Audience(f"team-{place}", "Team") for place in range(number // CHANGES + 1)), at=at)
        slack.channels |= {f"C{place:08d}": Channel() for place in range(CHANNELS)}
        with transaction(world.db):
            for place in range(number):
                is_alert = place % (CHANGES + 1)
                digest = make.digest(
                    [told[is_alert - 1]] if is_alert else told[:LONG],
                    id=f"digest-{place:04d}",
                    audience_id=f"team-{place // (CHANGES + 1)}",
                    period=Period.ALERT if is_alert else Period.DAILY,
                    composed_at=at,
                )
                add_digest(world.db, digest)
                add_deliveries(world.db, to_deliveries(digest, [f"slack:C{place % CHANNELS:08d}"], (), "09:00"))
        return ids

    return call


def wait_for(condition, process):
    while process.is_alive() and not condition():
        time.sleep(0.001)


def kill_senders(run_sender, slack, kills, calls, chance):
    """So many senders, each killed after some calls more, in the middle of whatever it is at."""
    for _ in range(kills):
        goal = len(slack.calls) + chance.randint(1, calls)
        process = run_sender()
        wait_for(lambda goal=goal: len(slack.calls) >= goal, process)
        time.sleep(chance.random() * 0.03)
        process.kill()
        process.join()


def show_all(db):
    rows = db.query("SELECT DISTINCT digest_id FROM delivery ORDER BY digest_id")
    return [each for row in list(rows) for each in get_deliveries(db, row["digest_id"])]


@pytest.mark.parametrize(
    ("digests", "kills"),
    [
        pytest.param(60, 5, marks=pytest.mark.slow),
        pytest.param(2_000, 50, marks=[pytest.mark.drill, pytest.mark.timeout(900)]),
    ],
)
def test_everything_is_there_once_and_in_order_and_shows_what_was_decided(db, slack, fill, run_sender, digests, kills):
    chance = random.Random(digests)
    now = datetime.now(UTC)
    change_ids = fill(digests)
    triage.decide(db, change_ids[0], None, Verdict.CONFIRMED, by="Maria", now=now)
    kill_senders(run_sender, slack, kills, calls=2 * digests // kills, chance=chance)
    triage.decide(db, change_ids[-1], None, Verdict.CONFIRMED, by="Tom", now=now)
    process = run_sender()
    process.join()
    assert process.exitcode == 0

    wanted = show_all(db)
    assert {each.state for each in wanted} == {DeliveryState.SENT}
    arrived = {each["metadata"]["event_payload"]["delivery_id"]: each for each in slack.messages}
    assert len(slack.messages) == len(wanted)
    assert {each.id: (each.channel, each.ts) for each in wanted} == {
        delivery_id: (f"slack:{each['channel']}", each["ts"]) for delivery_id, each in arrived.items()
    }
    for _, parts in itertools.groupby(wanted, key=lambda each: each.digest_id):
        stamps = [float(each.ts) for each in parts]
        assert stamps == sorted(stamps)
    for change_id, by in [(change_ids[0], "Maria"), (change_ids[-1], "Tom")]:
        shown = [str(block) for each in slack.messages for block in each["blocks"] if tells(block, change_id)]
        assert shown
        assert all(by in each for each in shown)


def tells(block, change_id):
    return block.get("block_id") == f"state:{change_id}"
