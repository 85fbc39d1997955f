"""The ways out: where digests go, what each is handed, and that every one gets a digest once, through faults."""

from __future__ import annotations

import base64
import json
import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digests.blocks import messages
from digests.channels import channels_of, post, to_deliveries
from digests.compose import compose_due
from digests.outcomes import Posted
from digests.send import send_pending
from local_receiver import Answer, LocalReceiver
from local_receiver import Fault as WebFault
from local_smtp import Fault as MailFault
from local_smtp import LocalSmtp
from monitor.config import read_config
from monitor.model import DeliveryState, Person
from monitor.sources import load_sources
from monitor.store.deliveries import get_deliveries, get_open
from slack.server import Fault as SlackFault

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DOCS = Path(__file__).parents[2] / "docs" / "channels.md"
SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
WAYS_OUT = ("email:desk@example.org", "webhook:https://hooks.example.org/x", "apprise:ops-room")
MARIA = Person("Maria Lopez", slack="U0MARIA", email="maria@example.org")

TOKEN = {"SLACK_BOT_TOKEN": "xoxb-1"}
CHANNEL = {"SLACK_CHANNEL": "C0POLICY"}
SMTP = {"MONITOR_SMTP_URL": "smtp://localhost"}


# Where


@pytest.mark.parametrize(
    ("env", "own", "expected"),
    [
        ({}, None, ("file",)),
        ({}, "C0EUDESK", ("file",)),
        (TOKEN, None, ("file",)),
        (CHANNEL, None, ("file",)),
        (TOKEN, "C0EUDESK", ("file", "slack:C0EUDESK")),
        (TOKEN | CHANNEL, None, ("file", "slack:C0POLICY")),
        (TOKEN | CHANNEL, "C0EUDESK", ("file", "slack:C0EUDESK")),
    ],
)
def test_an_audience_has_a_file_and_slack_where_there_are_a_token_and_a_channel(eu_desk, env, own, expected):
    assert channels_of(replace(eu_desk, slack_channel=own), read_config(env)) == expected


def test_what_an_audience_names_comes_behind_slack_whether_it_is_set_up_or_not(eu_desk):
    desk = replace(eu_desk, send_to=WAYS_OUT)
    assert channels_of(desk, read_config(TOKEN | CHANNEL)) == ("file", "slack:C0POLICY", *WAYS_OUT)


def test_what_is_named_twice_is_one_channel(eu_desk):
    assert channels_of(replace(eu_desk, send_to=WAYS_OUT * 2), read_config({})) == ("file", *WAYS_OUT)


def test_the_example_in_the_docs_names_every_way_out(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "sources.yaml"
    path.write_text(example, encoding="utf-8")
    (desk,) = load_sources(path).audiences
    kinds = [each.partition(":")[0] for each in channels_of(desk, read_config(TOKEN))]
    assert kinds == ["file", "slack", "email", "webhook", "apprise"]


@pytest.mark.parametrize(
    ("env", "person", "expected"),
    [
        (TOKEN | SMTP, MARIA, ("slack:U0MARIA",)),
        (SMTP, MARIA, ("email:maria@example.org",)),
        (TOKEN | SMTP, replace(MARIA, slack=None), ("email:maria@example.org",)),
        (TOKEN, replace(MARIA, slack=None), ()),
        ({}, MARIA, ()),
        (TOKEN | CHANNEL | SMTP, Person("Sam"), ()),
    ],
)
def test_a_person_is_written_to_in_slack_or_else_by_mail(env, person, expected):
    assert channels_of(person, read_config(env)) == expected


# What


def test_each_channel_gets_one_delivery_and_slack_one_for_each_message(make):
    digest = make.digest([make.told(each, passages=[make.passage("", "word " * 100)]) for each in range(40)])
    deliveries = list(to_deliveries(digest, ("file", "slack:C1", *WAYS_OUT), (), "09:30"))
    parts = len(messages(digest))
    assert parts > 1
    assert [(each.channel, each.part, each.parts) for each in deliveries] == [
        ("file", 1, 1),
        *(("slack:C1", number, parts) for number in range(1, parts + 1)),
        *((each, 1, 1) for each in WAYS_OUT),
    ]
    assert {(each.digest_id, each.state, each.attempts) for each in deliveries} == {
        (digest.id, DeliveryState.PENDING, 0)
    }


def test_two_of_the_same_digest_are_never_taken_for_each_other(make):
    made = [each.id for _ in range(2) for each in to_deliveries(make.digest(), WAYS_OUT, (), "09:30")]
    assert len(set(made)) == len(made)


def test_what_is_sent_can_be_written_down_and_read_again(make):
    digest = make.digest([make.told(1, impacts=[make.impact()])], [make.problem()], quiet={"links": 2})
    for each in to_deliveries(digest, ("file", "slack:C1", *WAYS_OUT), (MARIA,), "09:30"):
        assert json.loads(json.dumps(each.payload)) == each.payload


@pytest.mark.parametrize("channel", ["file", "slack:C1", "email:a@b", "apprise:x"])
def test_what_stands_for_a_change_is_said_in_every_form_for_people(make, channel):
    digest = make.digest(alerted=[make.told(7)])
    (delivery,) = to_deliveries(digest, [channel], (), "09:30", {7: "Confirmed by Maria"})
    assert "Confirmed by Maria" in json.dumps(delivery.payload)


def test_a_way_out_that_does_not_exist_is_a_mistake_of_ours(make):
    with pytest.raises(ValueError, match="pigeon:coop"):
        list(to_deliveries(make.digest(), ["pigeon:coop"], (), "09:30"))


def test_slack_is_not_posted_to_from_here_because_nobody_would_look_first(make, config):
    (delivery,) = to_deliveries(make.digest(), ["slack:C1"], (), "09:30")
    with pytest.raises(ValueError, match="slack:C1"):
        post(config, delivery)


def test_the_file_is_written_beside_the_database(make, config):
    digest = make.digest([make.told(1)])
    (delivery,) = to_deliveries(digest, ["file"], (), "09:30")
    assert post(config, delivery) == Posted()
    assert names_of(config.var / "digests") == {f"{digest.id}.md", f"{digest.id}.html"}


# Once


@pytest.fixture
def ends(slack):
    with LocalSmtp() as smtp, LocalReceiver(SECRET) as hooks, LocalReceiver(SECRET) as service:
        yield slack, smtp, hooks, service


@pytest.fixture
def connected(tmp_path, ends):
    slack, smtp, _, service = ends
    env = {
        "MONITOR_NOW": "2026-11-23T09:30:00Z",  # Slack's clock is the true one
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_CHANNEL": slack.channel,
        "SLACK_API_URL": slack.url,
        "MONITOR_SMTP_URL": smtp.url,
        "MONITOR_MAIL_FROM": "policy@example.org",
        "MONITOR_WEBHOOK_SECRET": SECRET,
        "MONITOR_APPRISE_OPS_ROOM": f"json://{service.address}/",
    }
    return read_config(env, db=str(tmp_path / "monitor.db"))


def plan_faults(ends, seed):
    """About every third attempt goes wrong, each channel in its own ways."""
    chance = random.Random(seed)

    def pick(*faults, none=None):
        return [chance.choice(faults) if chance.random() < 0.35 else none for _ in range(40)]

    slack, smtp, hooks, service = ends
    slack.script(*pick(SlackFault.ACCEPT_THEN_CLOSE, SlackFault.ERROR_500, SlackFault.RATE_LIMIT, SlackFault.CLOSE))
    mail = set(MailFault) - {MailFault.NONE, MailFault.HANG_AFTER_DATA}
    smtp.script = pick(*sorted(mail, key=lambda each: each.value), none=MailFault.NONE)
    hooks.script = pick(
        *(WebFault.CLOSE_AFTER_ACCEPT, WebFault.GARBAGE, Answer(429), Answer(500), Answer(503, {"Retry-After": "90"})),
        none=Answer(),
    )
    service.script = pick(Answer(500), Answer(503), none=Answer())


def send_until_all_is_there(world, config, at, patience):
    for rounds in range(60):
        send_pending(world.db, config, at + rounds * HOUR, patience=patience)
        if not get_open(world.db):
            return
    raise AssertionError(get_open(world.db))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("seed", range(3))
def test_each_of_five_ways_out_gets_every_digest_once_through_faults(
    world, eu_desk, connected, ends, patience, now, seed
):
    slack, smtp, hooks, service = ends
    desk = replace(eu_desk, send_to=(WAYS_OUT[0], f"webhook:{hooks.url}", WAYS_OUT[2]))
    plan_faults(ends, seed)
    world.see(desk, at=now - DAY)
    ids = []
    for today in (now + days * DAY for days in range(5)):
        world.change(today - HOUR)
        ids += [digest.id for digest in compose_due(world.db, [desk], connected, today)]
        send_pending(world.db, connected, today, patience=patience)
    send_until_all_is_there(world, connected, now + 5 * DAY, patience)
    attempts = sum(each.attempts for digest_id in ids for each in get_deliveries(world.db, digest_id))
    assert attempts > 5 * 5
    assert len(ids) == 5
    assert names_of(connected.var / "digests") == {f"{each}.{form}" for each in ids for form in ("md", "html")}
    assert sorted(each["metadata"]["event_payload"]["digest_id"] for each in slack.messages) == ids
    mails = {each.message["Message-ID"]: each.message["Date"].datetime.date() for each in smtp.received}
    assert sorted(f"{each}-daily-eu-desk" for each in mails.values()) == ids
    assert sorted(event["data"]["id"] for event in hooks.events.values()) == ids
    assert sorted(re.search(r"\d+ Nov 2026", each["message"])[0] for each in service.posts) == [
        f"{now.day + days} Nov 2026" for days in range(5)
    ]


def names_of(folder):
    return {path.name for path in folder.iterdir()}
