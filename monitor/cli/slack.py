"""`monitor slack`: setting the Slack app up.

`setup --json` prints one document: {"ready", "checks": [{"name", "ok", "detail"}]}.

Does not do: talking to Slack (`monitor.slack`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from monitor.cli import pass_config
from monitor.cli.output import console
from monitor.cli.shipped import find_shipped
from monitor.sources import load_sources

if TYPE_CHECKING:
    from monitor.config import Config

MANIFEST = "slack-app.yaml"

STEPS = """\
1. Open https://api.slack.com/apps, "Create New App", "From a manifest", choose your workspace, and paste what this
   prints:
       monitor slack manifest
2. "Install to Workspace", then OAuth & Permissions, copy the Bot User OAuth Token:
       export SLACK_BOT_TOKEN=xoxb-…
3. Basic Information, App-Level Tokens, "Generate Token" with the scope connections:write:
       export SLACK_APP_TOKEN=xapp-…
4. In Slack, write /invite @Policy Monitor in each channel. Its id (C…) stands under its name, About:
       export SLACK_CHANNEL=C0123456789      # or slack_channel of each audience in sources.yaml
5. Run this command again. When everything is right: monitor serve"""


@click.group()
def slack() -> None:
    """Set up Slack: what to click, and whether it works.

    \b
    Example: monitor slack setup
    """


@slack.command()
def manifest() -> None:
    """Print the app's manifest, to paste into Slack.

    \b
    Example: monitor slack manifest
    """
    click.echo(find_shipped(MANIFEST).read_text(encoding="utf-8"), nl=False)


@slack.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def setup(config: Config, *, as_json: bool) -> None:
    """Say what to click, and check what was: token, scopes, the way in, a test message in each channel.

    \b
    Example: monitor slack setup
    """
    from monitor.slack.setup import check_setup

    checks = list(check_setup(config, load_sources(config.sources).audiences))
    is_ready = all(each.is_right for each in checks)
    if as_json:
        found = [{"name": each.name, "ok": each.is_right, "detail": each.detail} for each in checks]
        click.echo(json.dumps({"ready": is_ready, "checks": found}, ensure_ascii=False))
        sys.exit(0 if is_ready else 1)
    if not is_ready:
        click.echo(STEPS + "\n")
    out = console()
    for each in checks:
        mark, style = ("✓", "green") if each.is_right else ("✗", "red")
        out.print(f"[{style}]{mark}[/] ", end="")
        out.print(f"{each.name}: {each.detail}", markup=False, highlight=False)
    click.echo("Everything is right. Next: monitor serve" if is_ready else "Not ready yet: mend what has a ✗.")
    sys.exit(0 if is_ready else 1)
