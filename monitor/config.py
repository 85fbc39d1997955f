"""The environment, read once, as a frozen Config that is passed down.

Does not do: reading `sources.yaml` or SOPs, opening the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_APPRISE = "MONITOR_APPRISE_"


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
    env = os.environ if environ is None else environ
    return Config(
        db=Path(db or env.get("MONITOR_DB") or "var/monitor.db"),
        sources=Path(sources or env.get("MONITOR_SOURCES") or "sources.yaml"),
        sops=Path(sops or env.get("MONITOR_SOPS") or "sops"),
        slack_channel=env.get("SLACK_CHANNEL") or None,
        slack_api_url=_base_url(env.get("SLACK_API_URL")),
        slack_bot_token=env.get("SLACK_BOT_TOKEN") or None,
        slack_app_token=env.get("SLACK_APP_TOKEN") or None,
        slack_signing_secret=env.get("SLACK_SIGNING_SECRET") or None,
        smtp_url=_smtp_url(env.get("MONITOR_SMTP_URL")),
        mail_from=env.get("MONITOR_MAIL_FROM") or None,
        webhook_secret=env.get("MONITOR_WEBHOOK_SECRET") or None,
        apprise={
            name.removeprefix(_APPRISE).lower().replace("_", "-"): value
            for name, value in env.items()
            if name.startswith(_APPRISE) and value
        },
        allow_private=_flag("MONITOR_ALLOW_PRIVATE", env.get("MONITOR_ALLOW_PRIVATE")),
        contact=env.get("MONITOR_CONTACT") or None,
        chromium=env.get("MONITOR_CHROMIUM") or None,
        fixed_now=_time("MONITOR_NOW", env.get("MONITOR_NOW")),
    )


def _smtp_url(value: str | None) -> str | None:
    """Without the value in the message: it holds a password."""
    if value and not value.startswith(("smtp://", "smtps://")):
        raise ConfigurationError(
            "MONITOR_SMTP_URL: this is no address of a mail server. Example: smtps://USER:PASSWORD@mail.example.org:465"
        )
    return value or None


def _base_url(value: str | None) -> str:
    """The Web API's base with its closing slash, which slack-sdk joins method names to."""
    base = value or "https://slack.com/api/"
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
