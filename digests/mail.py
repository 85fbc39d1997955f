"""A Digest by e-mail: plain text and HTML in one message, handed to the mail server of MONITOR_SMTP_URL.

The connection is encrypted wherever the server can, its certificate is checked, and no password goes over one that is
not. The Message-ID is made from the Delivery's id: what is sent again because the connection was lost at the last
moment has the same, and mail programs and servers that compare it show the Digest once.

Does not do: bounces that come back later, retries, wording.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from email.header import Header
from email.message import MIMEPart
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, formataddr, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from digests import wording
from digests.escape import plain
from digests.letter import to_letter
from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown
from digests.text import to_markdown, to_text
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.config import Config
    from monitor.model import Delivery, Digest, Person

EMAIL = "email:"
"""Before the address in the name of a channel."""

_SUBJECT = 200
"""Characters."""

_PAUSE = timedelta(minutes=5)
"""After "not now" (4xx): greylisting servers take a message after about as long."""

_PASSING, _PERMANENT = 400, 500
"""Reply codes from here on refuse: for now, and for good (RFC 5321, 4.2.1)."""

_REPLY = 160
"""Characters of the server's answer."""

_UNSET = (
    "Set MONITOR_SMTP_URL, and MONITOR_MAIL_FROM to an address in ASCII, so that e-mail can be sent; "
    "then: monitor deliver"
)
_UNUSABLE = (
    "MONITOR_SMTP_URL cannot be used. It is such as smtps://USER:PASSWORD@HOST:465; in user and password, @ stands "
    "there as %40, # as %23 and / as %2F."
)

_ADVICE: dict[type[Exception], tuple[str, Reach]] = {
    smtplib.SMTPAuthenticationError: ("Check user and password in MONITOR_SMTP_URL.", Reach.SERVICE),
    smtplib.SMTPSenderRefused: ("Check MONITOR_MAIL_FROM, and whether it wants a password.", Reach.SERVICE),
    smtplib.SMTPRecipientsRefused: ("Check the address in sources.yaml.", Reach.CHANNEL),
    smtplib.SMTPDataError: ("It did not like the message itself: ask who runs it.", Reach.DIGEST),
}
_NO_ADVICE = ("Check MONITOR_SMTP_URL.", Reach.SERVICE)


def to_payload(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> dict[str, object]:
    """What the message says. `list` is the name that mail programs can sort by, of the Audience or Person."""
    title = wording.title(digest)
    return {
        "subject": plain(f"{wording.headline(digest)} · {title}", _SUBJECT),
        "date": write_time(digest.composed_at),
        "list": re.sub(r"[^a-z0-9]+", "-", digest.audience_id.lower()).strip("-") or "digest",
        "text": to_text(digest, people, states),
        "html": to_letter(to_markdown(digest, people, states), plain(title)),
    }


def post(config: Config, delivery: Delivery, timeout: float) -> Outcome:
    """Hand it to the mail server once; `timeout` is in seconds, for each step."""
    sender = parseaddr(config.mail_from or "")[1]
    if not config.smtp_url or "@" not in sender or not sender.isascii():
        return Later(_UNSET)
    server = urlsplit(config.smtp_url)
    if not _is_usable(server):
        return Refused(_UNUSABLE, Reach.SERVICE)
    try:
        client = _connect(server, timeout)
    except (OSError, smtplib.SMTPException) as error:
        return _refusal(server, error) or _unreachable(server, error)
    try:
        address = delivery.channel.removeprefix(EMAIL)
        client.send_message(to_message(delivery, config.mail_from or ""), sender, [address])
    except (OSError, smtplib.SMTPException) as error:
        return _refusal(server, error) or _uncertain(server, error)
    else:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
        return Posted()
    finally:
        client.close()


def to_message(delivery: Delivery, mail_from: str) -> MIMEMultipart:
    """Byte for byte the same for each attempt. `mail_from` is an address, or a name and then an address in brackets.

    The headers are written by the older classes of the library: EmailMessage loses spaces when it folds a long subject.
    """
    name, sender = parseaddr(plain(mail_from))
    domain = sender.rpartition("@")[2]
    facts = {key: str(value) for key, value in delivery.payload.items()}
    message = MIMEMultipart("alternative", boundary=f"=_{delivery.id}")  # quoted-printable text never has "=_"
    message["From"] = formataddr((name or "Policy Monitor", sender))
    message["To"] = delivery.channel.removeprefix(EMAIL)
    message["Subject"] = Header(facts["subject"], "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(read_time(facts["date"]))
    message["Message-ID"] = f"<{delivery.id}@{domain}>"
    message["List-Id"] = f"<{facts['list']}.policy-monitor.{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's "out of office" answers
    for form, subtype in (("text", "plain"), ("html", "html")):
        part = MIMEPart()
        part.set_content(facts[form], subtype=subtype, cte="quoted-printable")
        message.attach(part)
    return message


def _is_usable(server: SplitResult) -> bool:
    try:
        return bool(server.hostname) and server.port != 0
    except ValueError:
        return False


def _connect(server: SplitResult, timeout: float) -> smtplib.SMTP:
    """Connected, encrypted where the server can, and logged in where a user is named."""
    trusted = ssl.create_default_context()
    host = server.hostname or ""
    if server.scheme == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=timeout, context=trusted)
    else:
        client = smtplib.SMTP(host, server.port or 587, timeout=timeout)
    try:
        client.ehlo()
        if server.scheme == "smtp" and client.has_extn("starttls"):
            client.starttls(context=trusted)
            client.ehlo()
        if server.username:
            _log_in(client, unquote(server.username), unquote(server.password or ""))
    except BaseException:
        client.close()
        raise
    return client


def _log_in(client: smtplib.SMTP, user: str, password: str) -> None:
    """With one try: smtplib's own log-in tries again in another way, and a server that hung up looks unreachable."""
    if not isinstance(client.sock, ssl.SSLSocket):
        raise smtplib.SMTPNotSupportedError("it offers no encryption, and the password would go in clear")
    if not (user + password).isascii():
        raise smtplib.SMTPNotSupportedError("only ASCII can be sent as user and password")
    ways = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login}
    offered = client.esmtp_features.get("auth", "").upper().split()
    way = next((each for each in ways if each in offered), None)
    if way is None:
        raise smtplib.SMTPNotSupportedError("it offers no log-in by password")
    client.user, client.password = user, password
    client.auth(way, ways[way])


def _refusal(server: SplitResult, error: Exception) -> Outcome | None:
    """What the server said for certain; None where it said nothing."""
    name = server.hostname
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(f"{name} cannot be trusted: {error.verify_message}. Its certificate is wrong.", Reach.SERVICE)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused(f"{name}: {error}. Check MONITOR_SMTP_URL, and the address in sources.yaml.", Reach.CHANNEL)
    code, reply = _read_reply(error)
    if code < _PASSING:
        return None
    said = f"{name} refused it: {code} {reply}".rstrip(". ")
    if code < _PERMANENT:
        return Later(f"{said}. It is tried again.", pause=_PAUSE)
    advice, reach = _ADVICE.get(type(error), _NO_ADVICE)
    return Refused(f"{said}. {advice}", reach)


def _read_reply(error: Exception) -> tuple[int, str]:
    """The code and the words of the server's answer, 0 where there was none. At a log-in the words are left out."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, reply),) = error.recipients.values()
        return code, _words(reply)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return error.smtp_code, ""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _words(error.smtp_error)
    return 0, ""


def _words(reply: bytes | str) -> str:
    return plain(reply.decode(errors="replace") if isinstance(reply, bytes) else reply, _REPLY)


def _unreachable(server: SplitResult, error: Exception) -> Outcome:
    if isinstance(error, ssl.SSLError):
        return Refused(
            f"{server.hostname}: no encryption ({error}). Check the port in MONITOR_SMTP_URL.", Reach.SERVICE
        )
    return Later(f"{server.hostname} cannot be reached ({error}). Check the network and MONITOR_SMTP_URL.")


def _uncertain(server: SplitResult, error: Exception) -> Unknown:
    what = f"{server.hostname} did not say whether it took the message ({type(error).__name__}: {error})"
    return Unknown(f"{what}. It is sent again with the same Message-ID.")
