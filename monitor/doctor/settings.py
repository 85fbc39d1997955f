"""Whether the configuration can be used: variables, `sources.yaml`, procedures, who is told and how.

Does not do: asking Slack or a mail server (`monitor slack setup` does).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digests.channels import channels_of
from digests.files import FILE
from digests.mail import EMAIL
from digests.services import APPRISE
from digests.words import count
from monitor.doctor.findings import failed, ok, warning
from monitor.errors import ConfigurationError, SopsError
from monitor.settings import find_unknown
from monitor.sops import load_sops
from monitor.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config import Config
    from monitor.doctor.findings import Case, Finding
    from monitor.model import Audience

NAMED = 5
"""Files that are named where many cannot be used."""
_CHANNEL = re.compile(r"[CGDUW][A-Z0-9]{6,}")
_SECRET = re.compile(r"[0-9a-f]{32}")


def check_variables(case: Case) -> Iterator[Finding]:
    unknown = find_unknown(case.environ)
    for name, near in unknown.items():
        hint = f"Did you mean {near}?" if near else "All of them: docs/reference.md"
        yield warning(f"{name} is set, and nothing reads it", f"{hint} Else unset it.")
    if not unknown:
        yield ok("each that is set is known")


def check_sources(case: Case) -> Iterator[Finding]:
    try:
        declared = case.declared or load_sources(case.config.sources)
    except ConfigurationError as error:
        yield failed(str(error), "Mend it, then: monitor sources check")
        return
    enabled = [each for each in declared.sources if each.enabled]
    found = f"{case.config.sources}: {len(enabled)} of {count(len(declared.sources), 'source')} on"
    if enabled:
        yield ok(found)
    else:
        yield warning(f"{found}: nothing is watched", "Switch sources or a pack on: docs/adding-sources.md")


def check_procedures(case: Case) -> Iterator[Finding]:
    try:
        library = load_sops(case.config.sops)
    except SopsError as error:
        yield failed(str(error), "Until then no change is tagged with the procedures that it touches.")
        return
    for mistake in library.mistakes[:NAMED]:
        yield warning(mistake, "All of them: monitor sops check")
    if not library.mistakes:
        yield ok(f"{case.config.sops}: {count(len(library.sops), 'SOP')}")


def check_audiences(case: Case) -> Iterator[Finding]:
    """Who is told by nothing but files, and what cannot be sent as it is declared."""
    audiences = case.declared.audiences if case.declared else ()
    only_files = [each.id for each in audiences if channels_of(each, case.config) == (FILE,)]
    if only_files:
        folder = case.config.var / "digests"
        yield warning(
            f"{', '.join(only_files)}: told by files in {folder} alone",
            "Set up Slack (monitor slack setup), or send_to of the audience (docs/channels.md).",
        )
    lacking = [(each, what) for each in audiences for what in _iter_lacking(each, case.config)]
    for each, what in lacking:
        yield failed(f"{each.id}: {what}", "Set it in the environment, or take it out of send_to: docs/channels.md")
    if audiences and not only_files and not lacking:
        yield ok(f"{count(len(audiences), 'audience')}, each with a channel")


def _iter_lacking(audience: Audience, config: Config) -> Iterator[str]:
    for way in audience.send_to:
        if way.startswith(EMAIL) and not config.smtp_url:
            yield f"{way}, but MONITOR_SMTP_URL is not set"
        elif way.startswith(APPRISE) and way.removeprefix(APPRISE) not in config.apprise:
            yield f"{way}, but MONITOR_APPRISE_{way.removeprefix(APPRISE).upper().replace('-', '_')} is not set"


def check_slack(case: Case) -> Iterator[Finding]:
    """By their form alone, and without showing any of it."""
    config = case.config
    wrong = [*_iter_wrong_secrets(config), *_iter_wrong_channels(case)]
    for each in wrong:
        yield failed(each, "Copy it again: monitor slack setup says from where.")
    if wrong:
        return
    if not config.slack_bot_token:
        yield ok("not set up: SLACK_BOT_TOKEN is not set")
    elif not (config.slack_app_token or config.slack_signing_secret):
        yield warning(
            "digests go there, but nothing comes back: buttons do nothing",
            "Set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP. Then: monitor slack setup",
        )
    else:
        yield ok("tokens and channels have the right form. Whether they work: monitor slack setup")


def _iter_wrong_secrets(config: Config) -> Iterator[str]:
    if config.slack_bot_token and not config.slack_bot_token.startswith("xoxb-"):
        yield "SLACK_BOT_TOKEN: no bot token, which begins with xoxb-"
    if config.slack_app_token and not config.slack_app_token.startswith("xapp-"):
        yield "SLACK_APP_TOKEN: no app-level token, which begins with xapp-"
    if config.slack_signing_secret and not _SECRET.fullmatch(config.slack_signing_secret):
        yield "SLACK_SIGNING_SECRET: no signing secret, which has 32 digits and letters from a to f"


def _iter_wrong_channels(case: Case) -> Iterator[str]:
    audiences = case.declared.audiences if case.declared else ()
    named = {"SLACK_CHANNEL": case.config.slack_channel}
    named |= {f"slack_channel of {each.id}": each.slack_channel for each in audiences}
    for where, channel in named.items():
        if channel and not _CHANNEL.fullmatch(channel):
            yield f'{where}: "{channel}" is no id of a channel, which looks like C0123456789'
