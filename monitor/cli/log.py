"""Where the log goes: standard error, one line for each fact; warnings only, unless asked for more.

Does not do: choosing what is logged.
"""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_log(*, verbose: bool) -> None:
    """Facts (INFO) with `verbose`, else warnings and errors."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # a rich one prints local variables: tokens, texts
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
