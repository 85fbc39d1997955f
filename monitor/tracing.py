"""Spans of a run, for whoever collects them with OpenTelemetry: run → crawl, process, compose, send.

    with span("crawl", sources=12) as count:
        ...
        count(fetches=40)

There are none, and nothing is imported for them, unless the extra `otel` is installed and OTEL_EXPORTER_OTLP_ENDPOINT
says where to send them. What else OTEL_ variables say (names, sampling, limits) is the library's own business.

A span holds times and counts, and of an error its type: no text, no address, no name.

Does not do: counting over more than a run (`monitor.web.metrics`), logs.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog

from monitor import __version__
from monitor.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.trace import Span, Tracer

    from monitor.config import Config

log = structlog.get_logger()

NAME = "policy-monitor"
TIMEOUT_S = 5.0
"""For one batch with its repetitions: so long the end of the program may wait for a collector that is gone."""

_tracers: list[Tracer] = []
"""The last one is in force."""


def set_up_tracing(config: Config) -> None:
    """From now on there are spans, where they are wanted and can be; the last are sent as the program ends.

    Raises ConfigurationError where OpenTelemetry cannot use what another of its variables says.
    """
    if not config.watching.otlp_endpoint:
        return
    try:
        _tracers.append(_build_tracer(config))
    except ImportError:
        log.warning("no traces: the extra otel is not installed")
    except (ValueError, RuntimeError) as error:
        raise ConfigurationError(f"OTEL_…: OpenTelemetry cannot use its settings: {error}") from error


@contextmanager
def span(name: str, **counts: int) -> Iterator[Callable[..., None]]:
    """The time within the block. Gives what puts numbers on it by their names, as `counts` do."""
    if not _tracers:
        yield _ignore
        return
    named = _tracers[-1].start_as_current_span(name, record_exception=False, set_status_on_exception=False)
    with named as current:
        _count(current, **counts)
        try:
            yield partial(_count, current)
        except Exception as error:
            _mark_failed(current, error)
            raise


def _ignore(**_: int) -> None:
    pass


def _count(current: Span, **counts: int) -> None:
    for name, number in counts.items():
        current.set_attribute(f"monitor.{name}", number)


def _mark_failed(current: Span, error: Exception) -> None:
    """Its message and its traceback are in the log; they may quote what a collector has no business with."""
    from opentelemetry.trace import StatusCode

    current.set_attribute("error.type", type(error).__name__)
    current.set_status(StatusCode.ERROR)


def _build_tracer(config: Config) -> Tracer:
    """Raises ImportError where the extra is not installed, ValueError or RuntimeError for what it cannot use."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.util.re import parse_env_headers

    own = Resource.create({"service.name": NAME, "service.version": __version__})
    exporter = OTLPSpanExporter(
        endpoint=f"{config.watching.otlp_endpoint}/v1/traces",
        headers=parse_env_headers(config.watching.otlp_headers, liberal=True),
        timeout=TIMEOUT_S,
    )
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer(NAME, __version__)
