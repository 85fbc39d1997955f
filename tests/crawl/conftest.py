"""One way to crawl for all tests here: on loopback, with little patience and a clock that stands still."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from monitor.crawl.runner import crawl
from monitor.crawl.work import Patience
from monitor.model import Fetch, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HASTE = Patience(answer_s=1.5, retries=1, pause_s=0.05)


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def start_crawl(now) -> Callable[..., Iterator[Fetch]]:
    """A crawl under way; any keyword of `crawl` may be given."""

    def start(requests: Sequence[Request], **rules: object) -> Iterator[Fetch]:
        usual = {"allow_private": True, "contact": None, "now": lambda: now, "patience": HASTE}
        return crawl(requests, **(usual | rules))

    return start


@pytest.fixture(scope="session")
def crawl_urls(start_crawl) -> Callable[..., dict[str, Fetch]]:
    """Crawls these URLs to the end, as pages unless told otherwise: URL → Fetch."""

    def run(*urls: str, kind: str = "html", **rules: object) -> dict[str, Fetch]:
        return {fetch.url: fetch for fetch in start_crawl([Request("source", url, kind) for url in urls], **rules)}

    return run


@pytest.fixture
def untrusted_tls(tmp_path) -> ssl.SSLContext:
    """A server's TLS with a certificate for localhost that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=datetime.now(UTC) - timedelta(days=1),
        not_valid_after=datetime.now(UTC) + timedelta(days=1),
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
