"""A program that asks the tools, with the SDK's own client: of a child process, or of the server in this process.

talk(serve(bench), "get_change", change_id=1)         # what it answers, as a dict
refuse(serve(bench), "get_change", change_id=99)      # what it says instead
"""

from __future__ import annotations

import anyio
from mcp import Client

from monitor.agents.server import create_server


def serve(bench):
    return create_server(bench.config)


def converse(server, *calls):
    """What the server says of itself, its tools, and what comes back of each (name, arguments)."""

    async def run():
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
            return client.instructions, tools, [await client.call_tool(name, asked) for name, asked in calls]

    return anyio.run(run)


def talk(server, name, **asked):
    _, _, (answer,) = converse(server, (name, asked))
    assert not answer.is_error, answer.content[0].text
    return answer.structured_content


def refuse(server, name, **asked):
    _, _, (answer,) = converse(server, (name, asked))
    assert answer.is_error
    return answer.content[0].text
