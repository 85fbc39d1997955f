"""The demo's publisher, running, and what a reader gets from it."""

import http.client
from typing import NamedTuple

import pytest

from monitor.cli.demo_publisher import DemoPublisher
from monitor.cli.shipped import find_shipped
from monitor.extract import extract
from monitor.feeds import parse_feed
from monitor.sops import load_sops
from monitor.sources import load_sources


class Got(NamedTuple):
    status: int
    media_type: str | None
    etag: str | None
    body: bytes


@pytest.fixture(scope="session")
def demo():
    return find_shipped("demo")


@pytest.fixture(scope="session")
def site(demo):
    return demo / "site"


@pytest.fixture(scope="session")
def publisher(site):
    with DemoPublisher(site) as running:
        yield running


@pytest.fixture(scope="session")
def get(publisher):
    """Asks for a name on a day."""

    def get_(name, day=1, etag=None):
        publisher.day = day
        connection = http.client.HTTPConnection("127.0.0.1", publisher.port, timeout=5)
        connection.request("GET", f"/{name}", headers={"If-None-Match": etag} if etag else {})
        answer = connection.getresponse()
        got = Got(answer.status, answer.getheader("Content-Type"), answer.getheader("ETag"), answer.read())
        connection.close()
        return got

    return get_


@pytest.fixture(scope="session")
def declared(demo, publisher, tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "sources.yaml"
    file.write_text((demo / "sources.yaml").read_text().replace("{port}", str(publisher.port)))
    return load_sources(file)


@pytest.fixture(scope="session")
def names(declared):
    """What the publisher is asked for, by the id of the source."""
    return {source.id: [url.split("/", 3)[3] for url in source.urls] for source in declared.sources}


@pytest.fixture(scope="session")
def read(declared, names, get):
    """The blocks that the monitor reads of a source that is no feed, on a day."""
    sources = {source.id: source for source in declared.sources}

    def read_(id_, day):
        source, blocks = sources[id_], []
        for name in names[id_]:
            got = get(name, day)
            media_type, _, charset = got.media_type.partition("; charset=")
            blocks += extract(
                got.body, media_type, charset=charset, select=source.select, remove=source.remove, expect=source.kind
            ).blocks
        return blocks

    return read_


@pytest.fixture(scope="session")
def entries(get):
    """The entries of the regulator's feed on a day, by identity."""

    def entries_(day):
        got = get("oso/news.atom", day)
        return {each.identity: each for each in parse_feed(got.body, got.media_type).entries}

    return entries_


@pytest.fixture(scope="session")
def library(demo):
    return load_sops(demo / "sops")
