"""What is known, for programs that reason: a server of the Model Context Protocol whose tools only read.

    answers   the shapes of what the tools answer        tools   the tools        server   what a client talks to

The tools ask the same views as the desk and the API. Publishers write what is quoted here, and whoever reads it may
take words for orders: so every text of theirs stands in an object of its own (`answers.Quoted`), and nothing here can
write.

Does not do: deciding, writing, a second query for anything. It needs the extra `mcp`; only `monitor.cli.mcp` imports
`server`.
"""
