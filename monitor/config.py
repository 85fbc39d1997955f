"""The environment, read once, as a frozen Config that is passed down.

Does not do: naming the settings and finding secrets in files (`monitor.settings`); reading `sources.yaml` or SOPs;
opening the database.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.errors import ConfigurationError
from monitor.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network, IPv6Network

_APPRISE = "MONITOR_APPRISE_"
_ROLES = ("reader", "specialist", "lead")
_PORTS = {"https": 443, "http": 80}
_LOGS = ("text", "json")
_HEADER = re.compile(r'[\w.-]+ *=[^",;\\]*', re.ASCII)
"""`NAME=VALUE` as the specification of the OpenTelemetry Protocol Exporter allows it."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID provider that says who somebody is, and whom of them the desk lets in."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    allow: frozenset[str]
    """In small letters: e-mail addresses, their domains, Slack's ids of workspaces."""


@dataclass(frozen=True, slots=True)
class Web:
    """Where the desk is and who may come in. Without `proxy_header` and `oidc`: whoever has a link from its machine."""

    url: str | None
    """What people type, `https://desk.example.org` without a slash at its end; None = it is for this machine alone."""
    role: str
    """Of whoever was let in and is not listed under `people:`; the words of `monitor.model.Role`."""
    proxy_header: str | None
    proxy_from: tuple[IPv4Network | IPv6Network, ...]
    """The addresses whose `proxy_header` is believed."""
    oidc: Oidc | None

    @property
    def is_open_to_all(self) -> bool:
        """Whether anybody who reaches its address may knock: somebody else says who they are."""
        return bool(self.proxy_header or self.oidc)


@dataclass(frozen=True, slots=True)
class Watching:
    """How others watch the monitor itself."""

    metrics_token: str | None = field(repr=False)
    """What a program shows that reads `/metrics` from another machine; None = none may."""
    ping_run: str | None = field(repr=False)
    ping_digest: str | None = field(repr=False)
    """Addresses that are asked after a run and after a day's digests: whoever knows one can speak for us."""
    otlp_endpoint: str | None
    """Where spans go, without the path; None = there are none."""
    otlp_headers: str = field(repr=False)
    """`NAME=VALUE,…`, each value as in an address."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting that comes from the environment or from global options.

    `fixed_now` is MONITOR_NOW: the whole program then behaves as if it were that time (replays and tests only).
    Secrets are kept out of `repr`, so that they cannot reach a log by way of it.
    """

    db: Path
    sources: Path
    sops: Path
    slack_channel: str | None
    slack_api_url: str
    slack_bot_token: str | None
    slack_app_token: str | None
    """For buttons and commands over Socket Mode."""
    slack_signing_secret: str | None
    """For buttons and commands over HTTP, where there is no app token."""
    smtp_url: str | None
    """`smtps://USER:PASSWORD@HOST:465`, or `smtp://HOST:587` (with STARTTLS where it is offered)."""
    mail_from: str | None
    webhook_secret: str | None
    """`whsec_…`, as in Standard Webhooks."""
    apprise: Mapping[str, str]
    """Addresses of services by the names that `send_to: [apprise:NAME]` uses."""
    allow_private: bool
    contact: str | None
    web: Web
    watching: Watching
    has_json_log: bool
    chromium: str | None
    """The executable for pages that need a browser; None = one that is found."""
    fixed_now: datetime | None

    def __repr__(self) -> str:
        return f"Config(db={self.db}, sources={self.sources}, sops={self.sops})"

    @property
    def var(self) -> Path:
        """The folder of the database: digests as files and previews go beside it."""
        return self.db.parent

    def now(self) -> datetime:
        """The present in UTC, to the second, or MONITOR_NOW."""
        return self.fixed_now or datetime.now(UTC).replace(microsecond=0)


def read_config(
    environ: Mapping[str, str] | None = None, db: str | None = None, sources: str | None = None, sops: str | None = None
) -> Config:
    """Config from the environment; `db`, `sources` and `sops` (the global options) go before it.

    Raises ConfigurationError for a value that cannot be used.
    """
    env = read_settings(os.environ if environ is None else environ)
    return Config(
        db=Path(db or env["MONITOR_DB"]),
        sources=Path(sources or env["MONITOR_SOURCES"]),
        sops=Path(sops or env["MONITOR_SOPS"]),
        slack_channel=env.get("SLACK_CHANNEL"),
        slack_api_url=_base_url(env["SLACK_API_URL"]),
        slack_bot_token=env.get("SLACK_BOT_TOKEN"),
        slack_app_token=env.get("SLACK_APP_TOKEN"),
        slack_signing_secret=env.get("SLACK_SIGNING_SECRET"),
        smtp_url=_smtp_url(env.get("MONITOR_SMTP_URL")),
        mail_from=env.get("MONITOR_MAIL_FROM"),
        webhook_secret=env.get("MONITOR_WEBHOOK_SECRET"),
        apprise={
            name.removeprefix(_APPRISE).lower().replace("_", "-"): value
            for name, value in env.items()
            if name.startswith(_APPRISE)
        },
        allow_private=_flag("MONITOR_ALLOW_PRIVATE", env.get("MONITOR_ALLOW_PRIVATE")),
        contact=env.get("MONITOR_CONTACT"),
        web=_read_web(env),
        watching=_read_watching(env),
        has_json_log=_log("MONITOR_LOG", env["MONITOR_LOG"]) == "json",
        chromium=env.get("MONITOR_CHROMIUM"),
        fixed_now=_time("MONITOR_NOW", env.get("MONITOR_NOW")),
    )


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach it."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _read_web(env: Mapping[str, str]) -> Web:
    header, sources = env.get("MONITOR_WEB_PROXY_HEADER"), env.get("MONITOR_WEB_PROXY_FROM", "")
    web = Web(
        url=_origin(env.get("MONITOR_WEB_URL")),
        role=_role("MONITOR_WEB_ROLE", env["MONITOR_WEB_ROLE"]),
        proxy_header=header,
        proxy_from=tuple(_network("MONITOR_WEB_PROXY_FROM", each) for each in _split(sources)),
        oidc=_read_oidc(env),
    )
    if bool(header) != bool(web.proxy_from):
        raise ConfigurationError(
            "MONITOR_WEB_PROXY_HEADER and MONITOR_WEB_PROXY_FROM go together: the header that names people, and the "
            "addresses of the proxy that sets it, such as X-Forwarded-Email and 10.0.0.7/32."
        )
    if header and web.oidc:
        raise ConfigurationError("MONITOR_WEB_PROXY_HEADER and MONITOR_OIDC_ISSUER: people come in one way. Unset one.")
    if web.is_open_to_all and not web.url:
        raise ConfigurationError("MONITOR_WEB_URL: set it to the address that people type: https://desk.example.org")
    return web


def _read_watching(env: Mapping[str, str]) -> Watching:
    return Watching(
        metrics_token=env.get("MONITOR_METRICS_TOKEN"),
        ping_run=_secret_url("MONITOR_PING_RUN", env.get("MONITOR_PING_RUN")),
        ping_digest=_secret_url("MONITOR_PING_DIGEST", env.get("MONITOR_PING_DIGEST")),
        otlp_endpoint=_http("OTEL_EXPORTER_OTLP_ENDPOINT", env.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
        otlp_headers=_headers("OTEL_EXPORTER_OTLP_HEADERS", env.get("OTEL_EXPORTER_OTLP_HEADERS", "")),
    )


def _read_oidc(env: Mapping[str, str]) -> Oidc | None:
    names = ("MONITOR_OIDC_ISSUER", "MONITOR_OIDC_CLIENT_ID", "MONITOR_OIDC_CLIENT_SECRET", "MONITOR_OIDC_ALLOW")
    missing = [name for name in names if name not in env]
    if len(missing) == len(names):
        return None
    if missing:
        raise ConfigurationError(
            f"{', '.join(missing)}: not set. Whoever signs in with OpenID needs all four of {', '.join(names)}."
        )
    issuer, client_id, client_secret, allow = (env[name] for name in names)
    _check_safe("MONITOR_OIDC_ISSUER", issuer)
    return Oidc(issuer, client_id, client_secret, frozenset(each.lower() for each in _split(allow)))


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _network(name: str, text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ConfigurationError(
            f'{name}: "{text}" is no network ({error}). Example: 10.0.0.7/32, fd00::/64'
        ) from error


def _role(name: str, text: str) -> str:
    if text not in _ROLES:
        raise ConfigurationError(f'{name}: "{text}" is no role. Set it to {", ".join(_ROLES)}.')
    return text


def _origin(value: str | None) -> str | None:
    """Scheme, host and port as browsers write them, without a port that goes without saying."""
    if not value:
        return None
    host, port = _check_safe("MONITOR_WEB_URL", value)
    parts = urlsplit(value)
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigurationError(
            f'MONITOR_WEB_URL: "{value}" is more than a host. The desk stands at the root of one: https://desk.example.org'
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in {None, _PORTS[parts.scheme]} else "")


def _check_safe(name: str, address: str) -> tuple[str, int | None]:
    """Its host in small letters and its port. Raises ConfigurationError where secrets would travel in the clear."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConfigurationError(f'{name}: "{address}" is no address ({error}).') from error
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise ConfigurationError(
            f'{name}: "{address}" does not do. Begin it with https://; http:// is for this machine alone.'
        )
    return host, port


def _secret_url(name: str, value: str | None) -> str | None:
    """Without the value in the message: whoever knows the address can use it."""
    if value and not _is_http(value):
        raise ConfigurationError(f"{name}: this is no http(s) address. Set it to the whole of one, with its key.")
    return value


def _http(name: str, value: str | None) -> str | None:
    """Without a slash at its end; without the value in the message, as people put passwords into addresses."""
    if value and not _is_http(value):
        raise ConfigurationError(f"{name}: this is no http(s) address. Example: http://localhost:4318")
    return value.rstrip("/") if value else None


def _headers(name: str, value: str) -> str:
    """Without the value in the message: it holds a key, and OpenTelemetry logs what it cannot read or send."""
    for each in _split(value):
        sent = unquote(each)
        if not (_HEADER.fullmatch(each) and sent.isascii() and sent.isprintable()):
            raise ConfigurationError(
                f"{name}: this is no list of headers. Example: x-api-key=KEY,tenant=NAME; a comma in one is %2C."
            )
    return value


def _smtp_url(value: str | None) -> str | None:
    """Without the value in the message, nor what the standard library says of it: it holds a password."""
    if value and not _is_smtp(value):
        raise ConfigurationError(
            "MONITOR_SMTP_URL: this is no address of a mail server. Example: smtps://USER:PASSWORD@mail.example.org:465"
        )
    return value


def _is_smtp(value: str) -> bool:
    try:
        return value.startswith(("smtp://", "smtps://")) and bool(urlsplit(value))
    except ValueError:
        return False


def _is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        return False


def _log(name: str, text: str) -> str:
    if text not in _LOGS:
        raise ConfigurationError(f'{name}: "{text}" is no way to write a log. Set it to {" or ".join(_LOGS)}.')
    return text


def _base_url(base: str) -> str:
    """The Web API's base with its closing slash, which slack-sdk joins method names to."""
    if not base.startswith(("https://", "http://")):
        raise ConfigurationError(f'SLACK_API_URL: "{base}" is no http(s) address. Leave it unset for Slack itself.')
    return base if base.endswith("/") else base + "/"


def _flag(name: str, value: str | None) -> bool:
    if value is None or value in {"", "0", "false", "no"}:
        return False
    if value in {"1", "true", "yes"}:
        return True
    raise ConfigurationError(f'{name}: "{value}" is neither yes nor no. Set it to 1, or leave it unset.')


def _time(name: str, value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ConfigurationError(
            f'{name}: "{value}" is no ISO 8601 time ({error}). Example: 2026-11-22T09:00:00Z'
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
