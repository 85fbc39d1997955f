"""People who press buttons in a local Slack, and the app that answers: dispatched by slack-bolt, signed as by Slack.

desk.tell()                     # what is in the database is told in a channel, by the digests' own way
desk.slack.click(desk.message, "confirm", value="1")
assert desk.state(1) == "Confirmed by Maria Berg, 5 Mar 16:00 UTC"
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_bolt import BoltRequest

from digests.compose import compose_due
from digests.send import Patience, send_pending
from monitor.config import read_config
from monitor.slack.app import build_app
from monitor.slack.people import load_declared
from monitor.store import transaction
from monitor.store.digests import ensure_audiences
from monitor.triage import get_state
from slack.carriers import Reply, read_payload
from slack.server import LocalSlack
from store.conftest import NOON
from triaged import AGES, REFUNDS, SOURCES, SPAM, UPLOAD, Bench

PEOPLE = """\
people:
  - {name: Maria Berg, slack: U0MARIA, email: maria@borealis.example}
  - {name: Otto Lind}
"""


class DispatchedSlack(LocalSlack):
    """Hands what people do to a new app each time: nothing may be kept in memory."""

    config = None

    def _carry(self, told):
        app = build_app(self.config)
        answer = app.dispatch(BoltRequest(body=told.body.decode(), headers=dict(told.headers)))
        app.listener_runner.listener_executor.shutdown(wait=True)
        return Reply(told, answer.status == 200, 0.0, read_payload(answer.body or ""), answer.status)


class Desk:
    """Change 1 touches uploads and refunds, change 2 no section. Maria is listed as a person, Tom is not."""

    def __init__(self, folder, slack):
        self.bench = Bench(folder)
        self.db, self.slack, self.folder = self.bench.db, slack, folder
        (folder / "sources.yaml").write_text(PEOPLE + SOURCES)
        with transaction(self.db):
            ensure_audiences(self.db, load_declared(folder / "sources.yaml").audiences, NOON)
        self.bench.change(AGES, [UPLOAD, REFUNDS])
        self.bench.change(SPAM)
        self.set_time("2026-03-05T16:00:00Z")

    def set_time(self, now):
        environ = {
            "MONITOR_NOW": now,
            "SLACK_API_URL": self.slack.url,
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_CHANNEL": self.slack.channel,
        }
        names = {"db": "monitor.db", "sources": "sources.yaml", "sops": "sops"}
        paths = {name: str(self.folder / file) for name, file in names.items()}
        self.config = self.slack.config = read_config(environ, **paths)

    def tell(self):
        declared = load_declared(self.config.sources)
        compose_due(self.db, declared.audiences, self.config, self.config.now(), declared.people)
        patience = Patience(pace=0, settle=0)
        send_pending(self.db, self.config, self.config.now(), people=declared.people, patience=patience)

    @property
    def message(self):
        return self.slack.messages[-1]

    def state(self, change_id):
        """What the message says of a change."""
        (words,) = [
            block["elements"][0]["text"]
            for block in self.message["blocks"]
            if str(change_id) in block.get("block_id", "").removeprefix("state:").split(",")
        ]
        return words

    def decisions(self, change_id=1):
        return [
            (each.section_id, str(each.verdict), each.reason or each.assignee, each.due, each.by)
            for each in get_state(self.db, change_id).history
        ]

    def use_form(self, name, values=None, user="U0MARIA", targets="1"):
        """Open the form from the message, fill it in and send it."""
        form = self.open_form(name, user, targets)
        return self.slack.submit(form, values)

    def open_form(self, name, user="U0MARIA", targets="1"):
        """By its own button, or from the menu."""
        if name in {"reject", "assign"}:
            self.slack.click(self.message, name, value=targets, user=user)
        else:
            self.slack.choose(self.message, "more", f"{name}:{targets}", user=user)
        return self.slack.wait_for_modal(name)

    def told(self):
        """What only one person was told, each with whom."""
        return [(each["user"], each["text"]) for each in self.slack.ephemeral]

    def home(self, user="U0MARIA"):
        """What a person's App Home says, a line for each text."""
        return [words for block in self.slack.homes[user]["blocks"] for words in texts(block)]

    def later(self, **span):
        self.set_time((self.config.now() + timedelta(**span)).isoformat())


def texts(node):
    """Every text that people read in blocks; rich text of one section as one."""
    if isinstance(node, list):
        return [words for each in node for words in texts(each)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "rich_text_section":
        return ["".join(each.get("text", "") for each in node["elements"])]
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [words for key, value in node.items() if key != "text" or not own for words in texts(value)]


def move_to(desk, timezone):
    """Maria, in `sources.yaml`."""
    path = desk.folder / "sources.yaml"
    path.write_text(path.read_text().replace("slack: U0MARIA", f"slack: U0MARIA, timezone: {timezone}"))


@pytest.fixture
def desk(tmp_path):
    with DispatchedSlack() as slack:
        desk = Desk(tmp_path, slack)
        desk.tell()
        yield desk
        desk.db.close()
