"""No secret leaves the memory of the program, except to whom it is meant for: a noisy run in which all repeat it.

Each server that is shown a secret repeats it in what it answers, every log is at DEBUG, in each process, and something
breaks with a traceback. Then all that was printed and stored is searched for every secret, as it is and in disguise.
"""

from __future__ import annotations

import base64
import json
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest

from local_echo import Echo
from local_smtp import LocalSmtp
from local_tls import make_tls
from monitor.settings import SETTINGS, find_secret
from monitor.store import open_store
from monitor.store.fetches import read_body
from scenarios.world import World
from web.knocking import Door

pytestmark = pytest.mark.slow

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-bot+geheim/0123456789=",
    "SLACK_APP_TOKEN": "xapp-app+geheim/0123456789=",
    "SLACK_SIGNING_SECRET": "signing+geheim/0123456789=",
    "MONITOR_WEBHOOK_SECRET": "whsec_" + base64.b64encode(b"webhook-geheim-0123456789-abcdef").decode(),
    "MONITOR_OIDC_CLIENT_SECRET": "oidc+geheim/0123456789=",
    "MONITOR_DRAFT_KEY": "sk-draft+geheim/0123456789=",
    "MONITOR_METRICS_TOKEN": "metrics+geheim/0123456789=",
    "DATA_GOV_API_KEY": "datagov+geheim/0123456789=",
    "LEGISCAN_API_KEY": "legiscan+geheim/0123456789=",
}
SMTP_PASSWORD = "smtp+geheim/0123456789="
APPRISE_TOKEN = "apprise-geheim-0123456789"
PING_KEYS = {"MONITOR_PING_RUN": "ping-run-geheim-0123456789", "MONITOR_PING_DIGEST": "ping-day-geheim-0123456789"}
COLLECTOR_KEY = "otlp+geheim/0123456789="
"""These stand in addresses or with a name, the other parts of which may be told."""
LOUD = "import logging; logging.basicConfig(level=logging.DEBUG, format='%(name)s %(message)s')"


def disguises(secret):
    """The secret as it is, in addresses, in JSON, and in base64 at each of the three places where it can begin."""
    yield from (secret, quote(secret, safe=""), quote(secret, safe="*:,"), quote_plus(secret), json.dumps(secret)[1:-1])
    yield quote(secret, safe="").lower()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        yield coded[4 * bool(before) : -4]


@dataclass
class Night:
    """A run in which everything fails: what was printed, and what lies in the folder afterwards."""

    world: World
    printed: str
    heard: str
    connections: int
    """To the mail server."""


def set_up(folder, echo, smtp, trusted):
    """The desk that has every secret, and sources and channels for each of them."""
    world = World(folder)
    secrets = SECRETS | {
        "MONITOR_SMTP_URL": smtp.url.replace("://", f"://monitor:{quote(SMTP_PASSWORD, safe='')}@"),
        "MONITOR_APPRISE_OPS_ROOM": f"json://monitor:{APPRISE_TOKEN}@127.0.0.1:{echo.port}/{APPRISE_TOKEN}",
    }
    secrets |= {name: echo.url(f"/ping/{key}") for name, key in PING_KEYS.items()}
    secrets["OTEL_EXPORTER_OTLP_HEADERS"] = f"x-api-key={quote(COLLECTOR_KEY, safe='')}"
    (folder / "loud").mkdir()
    (folder / "loud" / "sitecustomize.py").write_text(LOUD)
    world.environment |= put(folder, secrets) | {
        "PYTHONPATH": str(folder / "loud"),
        "SSL_CERT_FILE": str(trusted),
        "SLACK_API_URL": echo.url("/api/"),
        "SLACK_CHANNEL": "C0POLICY",
        "MONITOR_MAIL_FROM": "monitor@example.org",
        "MONITOR_OIDC_ISSUER": echo.url(),
        "MONITOR_OIDC_CLIENT_ID": "desk",
        "MONITOR_OIDC_ALLOW": "example.org",
        "MONITOR_WEB_URL": "https://desk.example.org",
        "OTEL_EXPORTER_OTLP_ENDPOINT": echo.url(),
        "MONITOR_DRAFT_URL": echo.url("/v1"),
        "MONITOR_DRAFT_MODEL": "small",
    }
    send_to = ["email:desk@example.org", f"webhook:{echo.url('/hooks')}", "apprise:ops-room"]
    world.declared["audiences"] = [{"id": "desk", "name": "Desk", "timezone": "UTC", "send_to": send_to}]
    usual = {"audience": ["desk"]}
    world.watch(id="rules", url=echo.url("/pages/rules"), hold="0", **usual)
    world.watch(id="bills", kind="legiscan", url=echo.url("/interface?op=getSearch&state=ALL&query=accounts"), **usual)
    world.watch(id="one-bill", kind="legiscan", url=echo.url("/refused?op=getBill&id=1"), **usual)
    world.watch(id="docket", kind="regulations-gov", url=echo.url("/v4/documents?filter[agencyId]=OIR"), **usual)
    return world


def put(folder, secrets):
    """Every other one in a variable, the rest in files: how it was put in is not known behind `read_settings`."""
    (folder / "secrets").mkdir()
    for name, secret in secrets.items():
        (folder / "secrets" / name).write_text(secret + "\n")
    files = {f"{name}_FILE": str(folder / "secrets" / name) for name in list(secrets)[::2]}
    return files | {name: secrets[name] for name in list(secrets)[1::2]}


def live_through(world, echo):
    """Every command that shows a secret to somebody: what they print."""
    yield call(world, "run", day=1, hour=7)
    echo.age = 18
    yield call(world, "run", day=2, hour=12)
    yield call(world, "slack", "setup", day=2)
    (change,) = [row["id"] for row in world.changes(source="rules") if row["kind"] == "substantive"]
    yield call(world, "sops", "draft", str(change), "--unconfirmed", "--propose", day=2)


def call(world, *words, **at):
    process = world.start("--verbose", *words, **at)
    return "".join(process.communicate(timeout=240))


def serve_and_break(world):
    """The service, refused by Slack, with a sign-in that fails and a table that is gone: what it prints."""
    rename(world, "delivery", "lost")
    process = world.start("--verbose", "serve", "--port", "0", day=2, hour=12)
    lines = []
    for line in process.stderr:
        lines.append(line)
        if "service started" in line:
            sign_in(line.split("web=")[1].split()[0])
            scrape(line.split("web=")[1].split()[0])
        if "Traceback" in line:
            process.send_signal(signal.SIGTERM)
    with process:
        lines.append(process.stdout.read())
    rename(world, "lost", "delivery")
    return "".join(lines)


def rename(world, old, new):
    with closing(sqlite3.connect(world.folder / "var" / "monitor.db")) as db:
        db.execute(f"ALTER TABLE {old} RENAME TO {new}")


def sign_in(address):
    """As far as the provider, and back with a code that it does not take."""
    door = Door(None, None, address)
    begun = door.ask("/sign-in/start", Host="desk.example.org")
    state = parse_qs(urlsplit(begun.location).query)["state"][0]
    back = door.ask(f"/sign-in/back?code=1&state={state}", Host="desk.example.org", Cookie=begun.kept)
    assert back.status == 403


def scrape(address):
    """With the right token, which is of no use without the table, and with one that is nearly right."""
    door, token = Door(None, None, address), SECRETS["MONITOR_METRICS_TOKEN"]
    assert door.ask("/metrics", Authorization=f"Bearer {token}").status == 503
    assert door.ask("/metrics", Authorization=f"Bearer {token}x").status == 401


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    folder = tmp_path_factory.mktemp("night")
    context, trusted = make_tls(folder)
    with Echo() as echo, LocalSmtp(tls=context, users={"monitor": "another"}) as smtp:
        world = set_up(folder, echo, smtp, trusted)
        printed = "".join([*live_through(world, echo), serve_and_break(world)])
        yield Night(world, printed, echo.heard, smtp.connections)


ALL = SECRETS | PING_KEYS
ALL |= {"MONITOR_SMTP_URL": SMTP_PASSWORD, "MONITOR_APPRISE_OPS_ROOM": APPRISE_TOKEN}
ALL |= {"OTEL_EXPORTER_OTLP_HEADERS": COLLECTOR_KEY}


def test_every_secret_is_put_in():
    assert {each.name for each in SETTINGS if each.is_secret} == {
        "MONITOR_APPRISE_" if name.startswith("MONITOR_APPRISE_") else name for name in ALL
    }
    assert all(find_secret(name) == name for name in ALL)


def test_the_night_is_noisy(night):
    """Else nothing would be proved: each secret was shown to somebody, and each failure said something."""
    shown = {name for name, secret in ALL.items() if any(each in night.heard for each in disguises(secret))}
    assert shown >= {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MONITOR_OIDC_CLIENT_SECRET", "MONITOR_DRAFT_KEY"}
    assert shown >= {"DATA_GOV_API_KEY", "LEGISCAN_API_KEY", "MONITOR_APPRISE_OPS_ROOM"}
    assert shown >= {"MONITOR_PING_RUN", "OTEL_EXPORTER_OTLP_HEADERS"}
    assert night.connections > 0
    for said in (
        "apscheduler", "invalid_auth", "403", "refused it: 535", "[key]", "Traceback", "sign-in failed", "run failed",
        "slack is not connected", "httpx", "ping not sent", "Failed to export spans",
        "MONITOR_APPRISE_OPS_ROOM: the service did not take it",
    ):  # fmt: skip
        assert said in night.printed, said


def iter_kept(folder):
    """Every file, every value of the database, and every body as it was received."""
    for path in (folder / "var").rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    with closing(open_store(folder / "var" / "monitor.db")) as db:
        for table in db.table_names():
            for row in db.table(table).rows:
                yield table, repr(row).encode()
        for row in db.query("SELECT id FROM snapshot"):
            yield "snapshot", read_body(db, row["id"])


@pytest.mark.parametrize("name", ALL)
def test_a_secret_is_neither_printed_nor_kept_in_any_form(night, name):
    kept = [("printed", night.printed.encode()), *iter_kept(night.world.folder)]
    assert {"printed", "snapshot", "problem", "delivery", "fetch", "monitor.db"} <= {where for where, _ in kept}
    for form in disguises(ALL[name]):
        for where, content in kept:
            at = content.find(form.encode())
            assert at < 0, (where, form, content[max(0, at - 200) : at + 200])
