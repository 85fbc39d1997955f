"""`monitor problems` names the channels that refuse what people are to be told."""

import json

import pytest
from click.testing import CliRunner

from digests.send import send_pending
from monitor.cli import cli
from monitor.config import read_config
from monitor.model import Delivery, DeliveryState
from monitor.store import open_store, transaction
from monitor.store.deliveries import add_deliveries
from slack.server import LocalSlack

COMPOSED = "2026-11-23T09:00:00Z"


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """A database with a digest for a channel that Slack does not know."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    db = open_store(tmp_path / "monitor.db")
    digest = {"audience_id": "desk", "period": "daily", "local_date": "2026-11-23", "composed_at": COMPOSED}
    payload = {"text": "x", "blocks": [{"type": "divider"}]}
    delivery = Delivery(
        "1",
        "2026-11-23-daily-desk",
        "slack:C0LOST",
        1,
        1,
        payload,
        DeliveryState.PENDING,
        0,
        None,
        None,
        None,
        None,
        None,
    )
    with transaction(db):
        db.table("digest").insert({"id": delivery.digest_id, **digest, "content": "{}"})
        add_deliveries(db, [delivery])
    with LocalSlack() as slack:
        env = {"SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url, "MONITOR_NOW": "2026-11-23T09:30:00Z"}
        config = read_config(env, db=str(tmp_path / "monitor.db"))
        assert send_pending(db, config, config.now()).failed == 1
    db.close()
    return tmp_path / "monitor.db"


def call(path, *words):
    result = CliRunner().invoke(cli, ["--db", str(path), "problems", *words], catch_exceptions=False)
    return result.output


def test_it_says_which_channel_why_since_when_and_what_to_do(refused):
    said = call(refused)
    assert "slack:C0LOST  undelivered  since" in said
    assert (
        "1 digest not delivered, the first of them 2026-11-23-daily-desk. Slack refused it: channel_not_found" in said
    )
    assert "→ It is tried again every hour. Once mended, to send it at once: monitor deliver" in said
    assert "No open problems" not in said


def test_as_json_it_has_the_fields_of_every_problem(refused):
    (problem,) = json.loads(call(refused, "--json"))
    assert problem | {"detail": "", "advice": ""} == {
        "id": None,
        "source": "slack:C0LOST",
        "document": "slack:C0LOST",
        "url": "",
        "problem": "undelivered",
        "since": COMPOSED,
        "last_seen": "2026-11-23T09:30:00Z",
        "detail": "",
        "advice": "",
        "mark": None,
        "acknowledged": None,
    }
