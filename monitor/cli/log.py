"""Where the log goes: standard error, one line for each fact; warnings only, unless asked for more.

For people a line reads from left to right; for a log shipper it is one JSON object: `timestamp` (ISO 8601, UTC),
`level`, `event`, the fields of the fact, and `exception` with the whole traceback. What libraries log is written the
same way, and names its `logger`. A crawl's own process writes no log: what matters of it is in its Fetches.

Does not do: choosing what is logged.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

_FACTS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up_log(*, verbose: bool, as_json: bool = False) -> None:
    """Facts (INFO) with `verbose`, else warnings and errors."""
    written = _write_json() if as_json else _write_text()
    structlog.configure(
        processors=[*_FACTS, *written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Python's own last resort for libraries, at the same level, so that whoever configures logging is left alone.
    logging.lastResort = logging.StreamHandler(sys.stderr)
    logging.lastResort.setLevel(logging.WARNING)
    logging.lastResort.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_FACTS, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )


def _write_json() -> tuple[Processor, ...]:
    """Tracebacks as text: as structure they would hold local variables, tokens and texts among them."""
    return (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(sort_keys=True, default=str, ensure_ascii=False),
    )


def _write_text() -> tuple[Processor, ...]:
    return (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # a rich one prints local variables: tokens, texts
        ),
    )
