"""Collecting: one child process for each crawl, and the plumbing around Scrapy inside it.

    parent  runner  ──Work as JSON──▶  child   Scrapy, spiders, middlewares, the address guard
                    ◀──frames───────           one Fetch each, then the verdict

The parent never imports Scrapy: `child`, `guard`, `middlewares`, `robots` and the spiders are loaded in the child only,
and Playwright only where pages need a browser: `browser`, `gate`, `watch`.
What arrives from the child is read as text and bytes (no pickle), because the child handles hostile input.

Does not do: deciding what is due, storing, extracting (`monitor.schedule`, `monitor.tracking`).
"""
