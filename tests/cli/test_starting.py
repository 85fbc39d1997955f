"""A command starts without what only another one needs."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = "import sys, monitor.cli.run, monitor.cli.triage, monitor.cli.sources; print(*sys.modules)"
HEAVY = {"scrapy", "feedparser", "pypdfium2", "parsel", "mammoth", "fastapi", "slack_bolt", "onnxruntime", "uvicorn"}


def test_what_reads_crawls_and_serves_is_not_imported_before_there_is_something_to_do():
    loaded = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    assert "monitor.schedule" in loaded
    assert HEAVY & set(loaded) == set()
