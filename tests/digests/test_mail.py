"""Digests by e-mail: readable everywhere, and handed to a mail server once, or with the same Message-ID again."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.channels import to_deliveries
from digests.mail import post, to_message, to_payload
from digests.outcomes import Later, Posted, Reach, Refused, Unknown
from local_smtp import Fault, LocalSmtp
from local_tls import make_tls
from monitor.config import read_config

DESK = "email:desk@example.org"
FROM = "policy@example.org"


@pytest.fixture
def smtp():
    with LocalSmtp() as server:
        yield server


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """A server's context that is trusted here."""
    context, trusted = make_tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return context


@pytest.fixture
def untrusted_tls(tmp_path):
    return make_tls(tmp_path)[0]


@pytest.fixture
def delivery(make):
    return make_delivery(make.digest([make.told(1)]))


@pytest.fixture
def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def make_delivery(digest, channel=DESK):
    (delivery,) = to_deliveries(digest, [channel], (), "09:30")
    return delivery


def settings(url, mail_from=FROM):
    return read_config({"MONITOR_SMTP_URL": url, "MONITOR_MAIL_FROM": mail_from})


# The message


def test_the_subject_is_the_headline_and_whose_day_it_is(make):
    assert to_payload(make.digest([make.told(1)]), (), {})["subject"] == "1 change, 1 high · EU desk, Mon 23 Nov 2026"


def test_the_message_is_readable_as_plain_text_and_as_html(smtp, delivery):
    assert post(settings(smtp.url), delivery, 5) == Posted()
    message = smtp.received[0].message
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert "Providers must verify the age." in text.get_content()
    assert "https://borealis.example/code" in text.get_content()
    assert html.get_content_type() == "text/html"
    assert ">must</strong> verify the age." in html.get_content()
    assert max(map(len, smtp.received[0].raw.splitlines())) < 998


def test_the_headers_say_who_what_when_and_that_nobody_need_answer(smtp, delivery):
    post(settings(smtp.url), delivery, 5)
    (received,) = smtp.received
    headers = received.message
    assert (received.sender, received.recipient) == (FROM, "desk@example.org")
    assert headers["From"] == "Policy Monitor <policy@example.org>"
    assert headers["To"] == "desk@example.org"
    assert headers["Date"].datetime == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert headers["Message-ID"] == f"<{delivery.id}@example.org>"
    assert headers["List-Id"] == "<eu-desk.policy-monitor.example.org>"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_sender_with_a_name_keeps_it(delivery):
    message = to_message(delivery, "Trust & Safety\n <policy@example.org>\n")
    assert message["From"] == "Trust & Safety <policy@example.org>"


@pytest.mark.parametrize(
    ("audience", "label"), [("eu-desk", "eu-desk"), ("@Zoë O'Neil", "zo-o-neil"), ("@ß", "digest")]
)
def test_each_recipient_is_a_list_of_its_own_to_sort_by(make, audience, label):
    assert to_payload(make.digest(audience_id=audience), (), {})["list"] == label


TEXTS = st.text(max_size=150) | st.text(alphabet="\r\n\t :=?\u2028\x85é", max_size=60)


def header_names(message):
    head = message.as_bytes().partition(b"\n\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.replace("\n ", " ").split("\n")]


HEADERS = [
    *("Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted")
]


@given(title=TEXTS, name=TEXTS)
def test_no_title_can_add_or_break_a_header(make, title, name):
    delivery = make_delivery(make.digest([make.told(1, source_name=title)], audience_name=name))
    assert header_names(to_message(delivery, FROM)) == HEADERS


@given(st.from_regex(r"[^@\s<>]+@[^@\s<>]+", fullmatch=True))
def test_no_address_that_may_be_declared_can_break_one_either(make, address):
    assert header_names(to_message(make_delivery(make.digest(), f"email:{address}"), FROM)) == HEADERS


@given(name=TEXTS)
def test_the_subject_arrives_as_it_was_written_down(make, name):
    delivery = make_delivery(make.digest(audience_name=name))
    read = message_from_bytes(to_message(delivery, FROM).as_bytes(), policy=default)
    assert read["Subject"] == delivery.payload["subject"]


@given(text=st.text(max_size=400))
def test_the_body_arrives_as_it_was_written_down(make, text):
    delivery = make_delivery(make.digest([make.told(1, passages=[make.passage("", f"New: {text}")])]))
    read = message_from_bytes(to_message(delivery, FROM).as_bytes(), policy=default)
    bodies = [part.get_content().splitlines() for part in read.iter_parts()]
    assert bodies == [str(delivery.payload[each]).splitlines() for each in ("text", "html")]


# Handing it over


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            Fault.BUSY,
            Later("localhost refused it: 421 busy, come back later. It is tried again.", timedelta(minutes=5)),
        ),
        (
            Fault.GREYLIST,
            Later(
                "localhost refused it: 451 4.7.1 greylisted, come back later. It is tried again.", timedelta(minutes=5)
            ),
        ),
        (
            Fault.REFUSE_SENDER,
            Refused(
                "localhost refused it: 530 5.7.0 not from you. "
                "Check MONITOR_MAIL_FROM, and whether it wants a password.",
                Reach.SERVICE,
            ),
        ),
        (
            Fault.REFUSE_RECIPIENT,
            Refused(
                "localhost refused it: 550 5.1.1 no such mailbox. Check the address in sources.yaml.", Reach.CHANNEL
            ),
        ),
        (
            Fault.REFUSE_MESSAGE,
            Refused(
                "localhost refused it: 554 5.7.1 this looks like spam. "
                "It did not like the message itself: ask who runs it.",
                Reach.DIGEST,
            ),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_what_the_server_says_decides_and_is_told(smtp, delivery, fault, expected):
    smtp.script = [fault]
    assert post(settings(smtp.url), delivery, 5) == expected
    assert smtp.received == []
    assert post(settings(smtp.url), delivery, 5) == Posted()


@pytest.mark.parametrize("fault", [Fault.CLOSE_AFTER_DATA, Fault.HANG_AFTER_DATA])
def test_a_lost_answer_is_uncertain_and_the_second_copy_is_known_by_its_id(smtp, delivery, fault):
    smtp.script = [fault]
    outcome = post(settings(smtp.url), delivery, 0.3)
    assert isinstance(outcome, Unknown)
    assert outcome.error.endswith("It is sent again with the same Message-ID.")
    assert post(settings(smtp.url), delivery, 5) == Posted()
    first, second = smtp.received
    assert first.message["Message-ID"] == f"<{delivery.id}@example.org>"
    assert first == second


def test_a_connection_that_ends_before_the_message_leaves_it_to_be_sent_again(smtp, delivery):
    smtp.script = [Fault.CLOSE_BEFORE_DATA]
    assert isinstance(post(settings(smtp.url), delivery, 5), Unknown)
    assert post(settings(smtp.url), delivery, 5) == Posted()
    assert len(smtp.received) == 1


def test_what_was_taken_is_sent_also_where_the_good_bye_is_lost(smtp, delivery):
    smtp.script = [Fault.CLOSE_AT_QUIT]
    assert post(settings(smtp.url), delivery, 5) == Posted()


def test_a_server_that_hangs_up_at_once_is_tried_later(smtp, delivery):
    smtp.script = [Fault.HANG_UP]
    outcome = post(settings(smtp.url), delivery, 5)
    assert outcome == Later(
        "localhost cannot be reached (Connection unexpectedly closed). Check the network and MONITOR_SMTP_URL."
    )


@pytest.mark.parametrize("url", ["smtp://localhost:{}", "smtps://localhost:{}"])
def test_a_server_that_is_not_there_is_tried_later(delivery, closed_port, url):
    outcome = post(settings(url.format(closed_port)), delivery, 5)
    assert isinstance(outcome, Later)
    assert "localhost cannot be reached" in outcome.error


def test_a_host_that_does_not_exist_is_tried_later(delivery):
    assert isinstance(post(settings("smtp://mail.invalid"), delivery, 5), Later)


# Encryption and passwords


def test_the_connection_is_encrypted_where_the_server_offers_it(tls, delivery):
    with LocalSmtp(starttls=tls) as smtp:
        assert post(settings(smtp.url), delivery, 5) == Posted()
        assert smtp.received[0].encrypted


def test_it_is_encrypted_from_the_first_byte_with_smtps(tls, delivery):
    with LocalSmtp(tls=tls) as smtp:
        assert post(settings(smtp.url), delivery, 5) == Posted()
        assert smtp.received[0].encrypted


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(untrusted_tls, delivery, way):
    with LocalSmtp(**{way: untrusted_tls}) as smtp:
        outcome = post(settings(smtp.url), delivery, 5)
        assert outcome == Refused(
            "localhost cannot be trusted: self-signed certificate. Its certificate is wrong.", Reach.SERVICE
        )
        assert smtp.received == []


def test_a_port_that_speaks_no_tls_is_refused_with_smtps(smtp, delivery):
    outcome = post(settings(smtp.url.replace("smtp:", "smtps:")), delivery, 5)
    assert isinstance(outcome, Refused)
    assert outcome.error.endswith("Check the port in MONITOR_SMTP_URL.")


@pytest.mark.parametrize("way", ["tls", "starttls"])
@pytest.mark.parametrize("log_in", ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_a_user_is_logged_in_with_the_password_as_it_was_before_it_was_put_into_an_address(tls, delivery, way, log_in):
    with LocalSmtp(**{way: tls}, users={"monitor@example.org": "p@ss/word#"}, log_in=log_in) as smtp:
        url = smtp.url_for("monitor%40example.org:p%40ss%2Fword%23@")
        assert post(settings(url), delivery, 5) == Posted()
        assert smtp.received[0].user == "monitor@example.org"


def test_a_wrong_password_is_refused_and_said_nowhere(tls, delivery):
    with LocalSmtp(tls=tls, users={"monitor": "right"}) as smtp:
        outcome = post(settings(smtp.url_for("monitor:secret77@")), delivery, 5)
    assert outcome == Refused("localhost refused it: 535. Check user and password in MONITOR_SMTP_URL.", Reach.SERVICE)
    assert "secret77" not in repr(outcome)


def test_a_password_never_goes_over_a_connection_that_is_not_encrypted(delivery):
    with LocalSmtp(users={"monitor": "secret77"}) as smtp:
        outcome = post(settings(smtp.url_for("monitor:secret77@")), delivery, 5)
    assert isinstance(outcome, Refused)
    assert "it offers no encryption, and the password would go in clear" in outcome.error


@pytest.mark.parametrize(
    ("login", "log_in", "said"),
    [
        ("monitor:w%C3%B6rd@", "PLAIN", "only ASCII can be sent as user and password"),
        ("monitor:word@", "XOAUTH2", "it offers no log-in by password"),
    ],
)
def test_a_log_in_that_cannot_be_is_refused_before_it_is_tried(tls, delivery, login, log_in, said):
    with LocalSmtp(tls=tls, users={"monitor": "word"}, log_in=log_in) as smtp:
        outcome = post(settings(smtp.url_for(login)), delivery, 5)
    assert isinstance(outcome, Refused)
    assert said in outcome.error


def test_an_address_that_the_server_cannot_write_is_refused_for_this_recipient_only(smtp, make):
    delivery = make_delivery(make.digest(), "email:zoë@example.org")
    outcome = post(settings(smtp.url), delivery, 5)
    assert isinstance(outcome, Refused)
    assert outcome.reach is Reach.CHANNEL
    assert "the address in sources.yaml" in outcome.error


# Settings


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"MONITOR_MAIL_FROM": FROM},
        {"MONITOR_SMTP_URL": "smtp://localhost"},
        {"MONITOR_SMTP_URL": "smtp://localhost", "MONITOR_MAIL_FROM": "nobody"},
        {"MONITOR_SMTP_URL": "smtp://localhost", "MONITOR_MAIL_FROM": "zoë@example.org"},
    ],
)
def test_without_the_settings_it_waits_and_says_which_to_set(delivery, env):
    outcome = post(read_config(env), delivery, 5)
    assert outcome == Later(
        "Set MONITOR_SMTP_URL, and MONITOR_MAIL_FROM to an address in ASCII, so that e-mail can be sent; "
        "then: monitor deliver"
    )


@pytest.mark.parametrize("url", ["smtp://", "smtps://monitor:pa#ss@localhost", "smtp://localhost:port"])
def test_an_address_of_a_server_that_cannot_be_read_is_refused_without_being_said(delivery, url):
    outcome = post(settings(url), delivery, 5)
    assert isinstance(outcome, Refused)
    assert outcome.reach is Reach.SERVICE
    assert "smtps://USER:PASSWORD@HOST:465" in outcome.error
    assert url not in outcome.error
