"""Publishers whose TLS is wrong, each in one way, and one whose is right: so the others are refused for that.

Does not do: HTTP (`nasty.wire`).
"""

from __future__ import annotations

import ssl
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from monitor.model import ProblemKind
from nasty.bodies import PAGE, RULES
from nasty.cases import Case
from nasty.wire import ZONE, Publisher, Wire, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Signer:
    """An authority of our own."""

    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @classmethod
    def named(cls, name: str) -> Signer:
        return cls(ec.generate_private_key(ec.SECP256R1()), _name(name))

    def sign(self, host: str, key: ec.EllipticCurvePrivateKey, days: int, *, is_signer: bool = False) -> bytes:
        """A certificate for a key, from `days` - 30 to `days` from now, as PEM."""
        now = datetime.now(UTC)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signed = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = (
            x509.CertificateBuilder(self.name, self.name if is_signer else _name(host), key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + (days - 30) * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=is_signer, path_length=None), critical=True)
            .add_extension(own, critical=False)
            .add_extension(signed, critical=False)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@contextmanager
def forged(folder: Path) -> Iterator[tuple[list[Case], Path]]:
    """The cases, served while the block runs, and the file that makes the one authority trusted (SSL_CERT_FILE)."""
    trusted, unknown = Signer.named("Trusted"), Signer.named("Unknown")
    anchor = folder / "trusted.pem"
    anchor.write_bytes(trusted.sign("trusted", trusted.key, 20, is_signer=True))
    publishers = {
        "right": Publisher({"tls-right": say(PAGE)}, tls=_context(folder, trusted, "tls-right")),
        "expired": _publisher(_context(folder, trusted, "tls-expired", days=-1)),
        "not-yet-valid": _publisher(_context(folder, trusted, "tls-not-yet-valid", days=60)),
        "wrong-name": _publisher(_context(folder, trusted, "elsewhere")),
        "unknown-signer": _publisher(_context(folder, unknown, "tls-unknown-signer")),
        "self-signed": _publisher(_context(folder, Signer.named("tls-self-signed.example"), "tls-self-signed")),
        "old": _publisher(_old(_context(folder, trusted, "tls-old"))),
        "weak": _publisher(_weak(_context(folder, trusted, "tls-weak"))),
        "none-at-all": Publisher({}, handshake=say(PAGE)),
        "hangs": Publisher({}, handshake=Wire.hang),
    }
    with ExitStack() as stack:
        for each in publishers.values():
            stack.enter_context(each)
        yield [_case(f"tls-{name}", publisher) for name, publisher in publishers.items()], anchor


def _case(name: str, publisher: Publisher) -> Case:
    becomes = {"tls-right": None, "tls-hangs": ProblemKind.TIMEOUT}.get(name, ProblemKind.TLS)
    return Case(name, say(PAGE), becomes, says="" if becomes else RULES, url=publisher.url(name))


def _publisher(context: ssl.SSLContext) -> Publisher:
    return Publisher({}, tls=context)


def _context(folder: Path, signer: Signer, name: str, days: int = 20) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(secret + signer.sign(f"{name}{ZONE}", key, days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _old(context: ssl.SSLContext) -> ssl.SSLContext:
    """TLS 1.1 at most."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _weak(context: ssl.SSLContext) -> ssl.SSLContext:
    """No cipher that encrypts."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("NULL:@SECLEVEL=0")
    return context
