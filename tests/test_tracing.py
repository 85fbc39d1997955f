"""Spans reach a real collector over OTLP/HTTP, hold counts and no texts, and cost nothing where nobody wants them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from monitor import __version__
from monitor.config import read_config
from monitor.errors import ConfigurationError
from monitor.tracing import set_up_tracing, span
from scenarios.world import World

SECRET = "otlp-geheim"


class Collector:
    """Takes spans, or refuses each with `status`."""

    def __init__(self, status=200):
        self.status, self.headers, self.paths = status, [], []
        self._sent = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.collector, self._server.daemon_threads = self, True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path, headers, body):
        self.paths.append(path)
        self.headers.append(headers)
        self._sent.append(ExportTraceServiceRequest.FromString(body))

    @property
    def resources(self):
        return [read(each.resource.attributes) for sent in self._sent for each in sent.resource_spans]

    @property
    def spans(self):
        """By name."""
        return {
            each.name: each
            for sent in self._sent
            for resource in sent.resource_spans
            for scope in resource.scope_spans
            for each in scope.spans
        }


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        collector = self.server.collector
        collector.take(self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response_only(collector.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def read(attributes):
    return {each.key: each.value.int_value or each.value.string_value for each in attributes}


@pytest.fixture
def collector():
    with Collector() as collector:
        yield collector


def call(code, **environ):
    """What this code prints, in a program of its own that ends as any does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "OTEL_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | environ, check=True, timeout=60, capture_output=True, text=True
    )
    return done.stdout + done.stderr


SET_UP = """
from monitor.config import read_config
from monitor.tracing import set_up_tracing, span
set_up_tracing(read_config())
"""
NESTED = """
with span("run") as count:
    with span("crawl", sources=3) as inner:
        inner(fetched=7, failed=0)
    count(changes=2)
"""
FAILS = """
try:
    with span("run"):
        raise ValueError("geheim: règles")
except ValueError:
    print("raised")
"""


@pytest.mark.slow
def test_a_run_is_a_span_with_its_steps_below_it(tmp_path, collector):
    world = World(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    world.watch(id="rules", url="http://127.0.0.1:9/rules", hold="0")
    world.start("run", day=1).communicate(timeout=120)
    spans = collector.spans
    assert set(spans) == {"run", "crawl", "compose", "send", "process"}
    assert {each.parent_span_id for name, each in spans.items() if name != "run"} == {spans["run"].span_id}
    assert read(spans["crawl"].attributes) == {"monitor.sources": 1, "monitor.fetched": 1, "monitor.failed": 1}
    assert read(spans["run"].attributes)["monitor.problems"] == 1
    assert all(key.startswith("monitor.") for each in spans.values() for key in read(each.attributes))


def test_what_was_not_sent_when_the_program_ends_is_sent_then(collector):
    assert call(SET_UP + NESTED, OTEL_EXPORTER_OTLP_ENDPOINT=f"{collector.url}/") == ""
    assert collector.paths == ["/v1/traces"]
    run, crawl = collector.spans["run"], collector.spans["crawl"]
    assert (crawl.parent_span_id, crawl.trace_id) == (run.span_id, run.trace_id)
    assert read(run.attributes) == {"monitor.changes": 2}
    assert [(each.key, each.value.int_value) for each in crawl.attributes] == [
        ("monitor.sources", 3),
        ("monitor.fetched", 7),
        ("monitor.failed", 0),
    ]


def test_it_says_which_program_it_is_unless_told_otherwise(collector):
    call(SET_UP + NESTED, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    call(SET_UP + NESTED, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="ours")
    named = [(each["service.name"], each["service.version"]) for each in collector.resources]
    assert named == [("policy-monitor", __version__), ("ours", __version__)]


def test_of_an_error_only_its_type_is_told_and_it_goes_on_its_way(collector):
    assert call(SET_UP + FAILS, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) == "raised\n"
    run = collector.spans["run"]
    assert read(run.attributes) == {"error.type": "ValueError"}
    assert (run.status.code, run.status.message, list(run.events)) == (2, "", [])


@pytest.mark.parametrize("way", ["", "_FILE"])
def test_a_collector_that_wants_a_header_gets_it_also_from_a_file(tmp_path, collector, way):
    text = f"x-api-key={SECRET}"
    (tmp_path / "secret").write_text(text)
    given = {f"OTEL_EXPORTER_OTLP_HEADERS{way}": str(tmp_path / "secret") if way else text}
    call(SET_UP + NESTED, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **given)
    assert [each["x-api-key"] for each in collector.headers] == [SECRET]


def test_a_collector_that_refuses_fails_nothing_and_hears_no_secret_repeated():
    with Collector(status=403) as collector:
        given = {"OTEL_EXPORTER_OTLP_HEADERS": f"x-api-key={SECRET}"}
        printed = call(SET_UP + NESTED + FAILS, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **given)
        assert collector.paths
    assert "raised" in printed
    assert "403" in printed
    assert SECRET not in printed


def test_without_an_address_nothing_is_imported():
    names = "import sys; print([each for each in sys.modules if each.startswith('opentelemetry')])"
    assert call(SET_UP + NESTED + FAILS + names) == "raised\n[]\n"


def test_without_the_extra_it_is_said_and_all_goes_on():
    without = "import sys; sys.modules['opentelemetry.sdk.trace'] = None"
    printed = call(f"{without}\n{SET_UP}{NESTED}{FAILS}", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert "no traces: the extra otel is not installed" in printed
    assert "raised" in printed


def test_a_span_that_nobody_wants_does_nothing():
    with span("run", sources=1) as count:
        assert count(changes=2) is None


@pytest.mark.parametrize("address", ["localhost:4318", "grpc://localhost:4317", "http://", f"user:{SECRET}@host"])
def test_an_address_that_takes_no_otlp_over_http_is_refused_and_not_repeated(address):
    with pytest.raises(
        ConfigurationError, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT: .*Example: http://localhost:4318"
    ) as refused:
        read_config({"OTEL_EXPORTER_OTLP_ENDPOINT": address})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("headers", [SECRET, f"x api key={SECRET}", f"a=1,x-api-key={SECRET};", f"a={SECRET}%0A"])
def test_headers_that_cannot_be_sent_are_refused_and_not_repeated(headers):
    with pytest.raises(ConfigurationError, match=r"^OTEL_EXPORTER_OTLP_HEADERS: .*Example: x-api-key=KEY") as refused:
        read_config({"OTEL_EXPORTER_OTLP_HEADERS": headers})
    assert SECRET not in str(refused.value)


def test_headers_may_hold_what_keys_are_made_of():
    headers = "authorization=Basic dTpwQHM=, x-api-key = a%2Cb:c/d+e"
    assert read_config({"OTEL_EXPORTER_OTLP_HEADERS": headers}).watching.otlp_headers == headers


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "9999", "max_export_batch_size must be less than or equal"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "-1", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT must be a non-negative integer"),
        ("OTEL_PYTHON_EXPORTER_OTLP_HTTP_TRACES_CREDENTIAL_PROVIDER", "nobody", "'nobody' not found"),
    ],
)
def test_what_opentelemetry_cannot_use_is_a_mistake_of_the_configuration(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"OpenTelemetry cannot use its settings: .*{said}"):
        set_up_tracing(read_config({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}))
