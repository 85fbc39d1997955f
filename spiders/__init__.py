"""How to collect: one module per way of asking.

A spider is given Requests and yields Fetches, exactly one for each, and nothing else. It declares the source `kinds` it
collects; the crawl process finds it by them through Scrapy's spider loader, so a new spider is one new module here.
`base` asks one question for each Request, `interface` several.

Does not do: storing, extracting, comparing. Imports nothing of the monitor but `monitor.model` and
`monitor.envelope`.
"""
