"""Every setting that the environment can hold, declared once: its name, its default and what it says.

    read_settings(os.environ)       name → value, defaults filled in, secrets read from the files that `NAME_FILE` names
    without_secrets(os.environ)     what a process may have that meets texts from outside
    find_unknown(os.environ)        names that look like ours and are none: misspelt, most likely
    to_reference()                  the tables of docs/reference.md, which `make reference` puts there

A secret is never part of a message, and no message repeats what `NAME_FILE` says either: whoever puts the secret itself
there by mistake must not find it in a log.

Does not do: what a value means (`monitor.config` and whoever else reads one), command-line options.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "_FILE"
"""What is added to the name of a secret for the variable that names a file with it."""
LARGEST_SECRET = 16 * 1024
"""Bytes of a file. The longest secret that we know of, a private key in an address, has about 3 kB."""
OURS = "MONITOR_"
_NEAR = 0.85
"""How alike two names must be, from 0 to 1, for one to be a slip of the other: one or two letters of a dozen."""
_BEGIN, _END = "<!-- made by `make reference` -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable; or, with `is_family`, all those whose names begin with it."""

    name: str
    meaning: str
    """Markdown, for one cell of a table."""
    default: str = ""
    """What holds where it is not set; "" = nothing."""
    option: str = ""
    """The global option that goes before it, as it is written."""
    is_secret: bool = False
    """Whether `NAME_FILE` may name a file in its place, and it is kept from logs and child processes."""
    is_family: bool = False


SETTINGS = (
    Setting("MONITOR_DB", "the database; digests as files go beside it", "var/monitor.db", "--db FILE"),
    Setting("MONITOR_SOURCES", "what is watched", "sources.yaml", "--sources FILE"),
    Setting("MONITOR_SOPS", "your procedures", "sops", "--sops FOLDER"),
    Setting("MONITOR_CONTACT", "an address in the User-Agent, so that publishers know whom to ask"),
    Setting(
        "MONITOR_CHROMIUM",
        "the Chromium that opens pages with `render: true`, if not the first that is found ([browser](browser.md))",
    ),
    Setting("MONITOR_ALLOW_PRIVATE", "`1` lets sources live on loopback and private addresses"),
    Setting("MONITOR_LOG", "`json`: each line of the log is one JSON object, for a log shipper", "text"),
    Setting("MONITOR_NOW", "an ISO time: the program behaves as if it were then (replays and tests)"),
    Setting("SLACK_CHANNEL", "the channel's id, for audiences that name none"),
    Setting("SLACK_API_URL", "base address of the Web API", "https://slack.com/api/"),
    Setting("MONITOR_MAIL_FROM", "the sender of e-mail, an address or `NAME <ADDRESS>`"),
    Setting(
        "MONITOR_USER",
        "who decides: in `triage`, `sops ledger --close` and `sops replay --adopt`; whom `serve` and `web link` "
        "let in; if not set, the login name",
    ),
    Setting("MONITOR_KEEP", "how old an attempt is that `prune` drops: `365d`"),
    Setting("MONITOR_WEB_URL", "where people find the desk, `https://desk.example.org` ([access](desk-access.md))"),
    Setting("MONITOR_WEB_ROLE", "the role at the desk of who was let in and is not listed under `people`", "reader"),
    Setting("MONITOR_WEB_PROXY_HEADER", "the header in which a proxy names who signed in, such as `X-Forwarded-Email`"),
    Setting("MONITOR_WEB_PROXY_FROM", "the networks, with commas between them, from which that header is believed"),
    Setting("MONITOR_OIDC_ISSUER", "the OpenID provider that signs people in, `https://slack.com` for Slack"),
    Setting("MONITOR_OIDC_CLIENT_ID", "what the provider knows the desk by"),
    Setting(
        "MONITOR_OIDC_ALLOW",
        "whom it lets in: e-mail addresses, domains and ids of Slack workspaces, with commas between them",
    ),
    Setting(
        "MONITOR_DRAFT_URL",
        "base address of an OpenAI-compatible API that `sops draft --propose` asks; https, or http on this machine",
    ),
    Setting("MONITOR_DRAFT_MODEL", "the model's name there"),
    Setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "base address of an OpenTelemetry collector that takes OTLP over HTTP, `http://localhost:4318`: spans of each "
        "run go there ([traces](operations.md#traces))",
    ),
    Setting("OTEL_", "and the rest of a name: what else OpenTelemetry's own library reads", is_family=True),
    Setting("SLACK_BOT_TOKEN", "`xoxb-…`; without it digests go to files only", is_secret=True),
    Setting(
        "SLACK_APP_TOKEN",
        "`xapp-…`: buttons and commands over Socket Mode, for which no public address is needed",
        is_secret=True,
    ),
    Setting("SLACK_SIGNING_SECRET", "buttons and commands over HTTP, where there is no app token", is_secret=True),
    Setting(
        "MONITOR_SMTP_URL",
        "the mail server, `smtps://USER:PASSWORD@HOST:465` or `smtp://HOST:587` ([channels](channels.md))",
        is_secret=True,
    ),
    Setting("MONITOR_WEBHOOK_SECRET", "signs webhooks: `whsec_` and 32 random bytes in base64", is_secret=True),
    Setting(
        "MONITOR_APPRISE_",
        "and a name: the address of a service. `apprise:ops-room` is `MONITOR_APPRISE_OPS_ROOM`",
        is_secret=True,
        is_family=True,
    ),
    Setting("MONITOR_OIDC_CLIENT_SECRET", "what the desk shows the OpenID provider", is_secret=True),
    Setting("MONITOR_DRAFT_KEY", "the key to `MONITOR_DRAFT_URL`, where one is wanted", is_secret=True),
    Setting(
        "MONITOR_METRICS_TOKEN",
        "lets a program on another machine read `/metrics` and all of `/readyz`, as `Authorization: Bearer TOKEN`",
        is_secret=True,
    ),
    Setting(
        "MONITOR_PING_RUN",
        "an address that is asked around each run of the service, as healthchecks.io gives them "
        "([pings](operations.md#pings))",
        is_secret=True,
    ),
    Setting("MONITOR_PING_DIGEST", "another, asked when the daily digests of all are delivered", is_secret=True),
    Setting("OTEL_EXPORTER_OTLP_HEADERS", "what the collector wants to be shown, `NAME=VALUE,…`", is_secret=True),
    Setting(
        "DATA_GOV_API_KEY",
        "the key to regulations.gov, Congress.gov and GovInfo ([publishers](publishers.md))",
        is_secret=True,
    ),
    Setting("LEGISCAN_API_KEY", "the key to LegiScan ([publishers](publishers.md))", is_secret=True),
)

_BY_NAME = {each.name: each for each in SETTINGS if not each.is_family}
_FAMILIES = tuple(each for each in SETTINGS if each.is_family)


def find_setting(name: str) -> Setting | None:
    """The setting that a variable of this name sets."""
    return _BY_NAME.get(name) or next(
        (each for each in _FAMILIES if name.startswith(each.name) and name != each.name), None
    )


def read_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The value of each setting that is set or has a default. What is set to "" is not set.

    Raises ConfigurationError for a secret that is set twice, cannot be read, or holds what no secret holds.
    """
    values = {each.name: each.default for each in SETTINGS if each.default}
    for name, text in environ.items():
        secret = find_secret(name)
        if secret and text.strip():
            values[secret] = _read_secret(secret, environ)
        elif text and find_setting(name) and not secret:
            values[name] = text
    return values


def find_secret(name: str) -> str | None:
    """The name of the secret that a variable of this name holds, or says where to find."""
    bare = name.removesuffix(FILE)
    setting = find_setting(bare)
    return bare if setting and setting.is_secret else None


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """All of it but the secrets, and where their files are."""
    return {name: text for name, text in environ.items() if not find_secret(name)}


def find_unknown(environ: Iterable[str]) -> dict[str, str | None]:
    """Each name that looks like one of ours and is none → the nearest that is; None = nothing is near.

    Only `MONITOR_` is ours alone: any other name must be nearly one of ours to be mentioned.
    """
    known = [*_BY_NAME, *(each.name + FILE for each in SETTINGS if each.is_secret and not each.is_family)]
    unknown: dict[str, str | None] = {}
    for name in environ:
        if find_setting(name) or find_secret(name):
            continue
        near = get_close_matches(name.upper(), known, n=1, cutoff=_NEAR)
        if near or name.upper().startswith(OURS):
            unknown[name] = near[0] if near else None
    return unknown


def _read_secret(name: str, environ: Mapping[str, str]) -> str:
    here, path = environ.get(name, "").strip(), environ.get(name + FILE, "")
    if here and path:
        raise ConfigurationError(f"{name} and {name}{FILE}: both are set. Unset one of them.")
    secret = here or _read_file(name + FILE, path)
    if not secret.isprintable():
        raise ConfigurationError(
            f"{name if here else name + FILE}: holds a line break or another sign that no secret has. "
            "Set it to the secret alone."
        )
    return secret


def _read_file(name: str, path: str) -> str:
    """What the file holds, without white space around it."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_SECRET + 1)
        text = content.decode().strip()
    except (OSError, ValueError) as error:  # a path with a zero byte, or bytes that are no UTF-8, are ValueErrors
        why = error.strerror if isinstance(error, OSError) else "it is not plain text"
        raise ConfigurationError(
            f"{name}: the file that it names cannot be read ({why}). Name a file that holds the secret alone."
        ) from None
    if len(content) > LARGEST_SECRET:
        raise ConfigurationError(
            f"{name}: the file that it names has more than {LARGEST_SECRET:,} bytes, so no secret."
        )
    if not text:
        raise ConfigurationError(f"{name}: the file that it names is empty. Put the secret into it, or unset {name}.")
    return text


def to_reference() -> str:
    """The two tables, of settings and of secrets, between the marks by which they are found in the page."""
    plain = [
        (_code(each.name), _code(each.option), _code(each.default), each.meaning)
        for each in SETTINGS
        if not each.is_secret
    ]
    secret = [(_code(each.name), each.meaning) for each in SETTINGS if each.is_secret]
    tables = (_to_table(("Variable", "Option", "Default", ""), plain), _to_table(("Secret", ""), secret))
    return "\n\n".join((_BEGIN, *tables, _END))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _to_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("|" + "|".join(f" {cell} " if cell else " " for cell in line) + "|" for line in lines)


def write_reference(page: Path) -> None:
    """Put the tables in place of those in the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    page.write_text(before + to_reference() + rest.partition(_END)[2], encoding="utf-8")


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
