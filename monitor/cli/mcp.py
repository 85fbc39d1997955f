"""`monitor mcp`: what is known, for a program that speaks the Model Context Protocol.

Standard output belongs to the protocol; whatever else there is to say goes to standard error.

Does not do: the tools (`monitor.agents`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli import pass_config
from monitor.errors import ConfigurationError
from monitor.store import open_to_read

if TYPE_CHECKING:
    from monitor.config import Config


@click.command()
@pass_config
def mcp(config: Config) -> None:
    """Answer a program on standard input and output, by the Model Context Protocol. It reads, and writes nothing.

    A client starts it, and ends it by closing standard input.

    \b
    Example: monitor --db /srv/policy-monitor/monitor.db mcp
    """
    open_to_read(config.db).close()
    try:
        from monitor.agents.server import create_server
    except ImportError as error:
        raise ConfigurationError('This needs an extra: pip install "policy-monitor[mcp]"') from error
    create_server(config).run("stdio")
