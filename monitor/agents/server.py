"""What a client talks to: the tools, how they are described, and that none of them writes.

Does not do: the tools (`tools`); any way in but standard input and output, which whoever starts it already holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations

from monitor import __version__
from monitor.agents.quoting import NOTE
from monitor.agents.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.agents.quoting import Answer
    from monitor.config import Config

INSTRUCTIONS = f"""\
Policy Monitor watches regulations and platform policies, and knows which sections of the user's own procedures (SOPs)
a change touches. These tools read what it knows and change nothing: people decide at the desk or in Slack.

Begin with search_changes, then get_change for the whole. list_deadlines says what must be done by when,
list_stale_sops which procedures are out of date. Times are in UTC.

{NOTE}
"""
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def create_server(config: Config) -> MCPServer[object]:
    """To be run with `run("stdio")`, which ends when standard input does."""
    tools = Tools(config)
    asked = (tools.search_changes, tools.get_change, tools.list_deadlines, tools.list_stale_sops)
    return MCPServer(
        "policy-monitor",
        title="Policy Monitor",
        version=__version__,
        instructions=INSTRUCTIONS,
        tools=[_make_tool(each) for each in asked],
        log_level="WARNING",
        subscriptions=False,
    )


def _make_tool(asked: Callable[..., Answer]) -> Tool:
    """A name that a tool does not know is a mistake: a filter that is passed over finds too much."""
    tool = Tool.from_function(asked, annotations=_READS)
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool
