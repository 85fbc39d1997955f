"""What a client talks to: the tools, how they are described, and that none of them writes.

Does not do: the tools (`tools`); any way in but standard input and output, which whoever starts it already holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations
from pydantic import ValidationError

from monitor import __version__
from monitor.agents.quoting import NOTE
from monitor.agents.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mcp.server.mcpserver import Context
    from pydantic_core import ErrorDetails

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


class _Strict(Tool):
    """One that says in short which argument it cannot take, and which there are."""

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> object:
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            mistakes = " ".join(_explain(each, self.parameters["properties"]) for each in error.errors())
            raise ToolError(f"{self.name}: {mistakes}") from error
        return await super().run(arguments, context, convert_result)


def _explain(mistake: ErrorDetails, known: Iterable[str]) -> str:
    name = mistake["loc"][0]
    if mistake["type"] == "extra_forbidden":
        return f'there is no argument "{name}". There is: {", ".join(known)}.'
    return f"{name}: {mistake['msg']}."


def _make_tool(asked: Callable[..., Answer]) -> Tool:
    """A name that a tool does not know is a mistake: a filter that is passed over finds too much."""
    tool = _Strict.from_function(asked, annotations=_READS)
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool
