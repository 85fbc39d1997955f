"""Digests to any service through apprise: by the name of a setting, whose secret address is never written anywhere."""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import services
from digests.channels import to_deliveries
from digests.outcomes import Later, Posted, Reach, Refused
from digests.services import post
from local_receiver import Answer, LocalReceiver
from monitor.config import read_config

SECRET = "whsec_c2VjcmV0"

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise imports it where there is one


@pytest.fixture
def receiver():
    with LocalReceiver(SECRET) as server:
        yield server


def make_delivery(digest, name="ops-room"):
    (delivery,) = to_deliveries(digest, [f"apprise:{name}"], (), "09:30")
    return delivery


@pytest.fixture
def delivery(make):
    return make_delivery(make.digest([make.told(1)]))


def settings(address):
    return read_config({"MONITOR_APPRISE_OPS_ROOM": address})


def test_the_service_gets_the_headline_and_the_digest(receiver, delivery):
    assert post(settings(f"json://{receiver.address}/"), delivery) == Posted()
    (message,) = receiver.posts
    assert message["title"] == "1 change, 1 high"
    assert "# EU desk, Mon 23 Nov 2026" in message["message"]
    assert "> Providers ~~may~~ **must** verify the age." in message["message"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("markdown", "## 🔴 Borealis Regulator › [Safety code](<https://borealis.example/code>)"),
        ("text", "🔴 Borealis Regulator › Safety code\n"),
        ("html", "🔴 Borealis Regulator › Safety code<br"),
    ],
)
def test_it_gets_markdown_where_it_takes_that_and_plain_text_everywhere_else(receiver, delivery, form, expected):
    post(settings(f"json://{receiver.address}/?format={form}"), delivery)
    assert expected in receiver.posts[0]["message"].replace("&nbsp;", " ")


def test_markup_in_a_title_stays_text_in_a_service_that_shows_html(make, receiver):
    delivery = make_delivery(make.digest([make.told(1, source_name="<img src=x onerror=run()>")]))
    post(settings(f"json://{receiver.address}/?format=html"), delivery)
    assert "<img" not in receiver.posts[0]["message"]
    assert "&lt;img" in receiver.posts[0]["message"]


def test_what_is_too_long_for_one_message_comes_in_several_without_losing_a_change(make, receiver):
    told = [
        make.told(each, source_name=f"Code number {each}.", passages=[make.passage("", "word " * 90)])
        for each in range(120)
    ]
    post(settings(f"json://{receiver.address}/"), make_delivery(make.digest(told)))
    assert len(receiver.posts) > 1
    text = "\n".join(each["message"] for each in receiver.posts)
    assert [int(each) for each in re.findall(r"Code number (\d+)\.", text)] == list(range(120))


@pytest.mark.parametrize("hostile", ["@everyone look", "ask <@U0123456789>", "<!channel> now", "see <#C0123456789>"])
def test_nobody_is_called_by_what_a_publisher_writes(make, hostile):
    payload = make_delivery(make.digest([make.told(1, source_name=hostile)])).payload
    mention = re.search(r"(<[@!#]|@)\w+", hostile)[0]
    assert not [form for form, text in payload.items() if mention in text]


def test_an_address_with_a_name_in_it_still_leads_there(make):
    payload = make_delivery(make.digest([make.told(1, url="https://blog.example/@writer/rules")])).payload
    assert "https://blog.example/%40writer/rules" in payload["text"]
    assert "(<https://blog.example/%40writer/rules>)" in payload["markdown"]


def test_an_address_of_mail_is_left_as_it_is(make):
    payload = make_delivery(make.digest([make.told(1, impacts=[make.impact(owner="team@example.org")])])).payload
    assert "owner team@example.org" in payload["text"]


@given(st.text(alphabet="@<!#/: eh\u200b\nhttps://", max_size=60))
def test_no_mention_is_left_in_any_text(text):
    safe = services._without_mentions(text)
    assert not re.search(r"(?<!\w)@\w|<[@!#]", safe)
    assert services._without_mentions(safe) == safe


def test_a_service_that_says_no_is_a_refusal_and_is_sent_again_when_it_is_mended(receiver, delivery):
    receiver.script = [Answer(503)]
    config = settings(f"json://{receiver.address}/")
    assert post(config, delivery) == Refused(
        "MONITOR_APPRISE_OPS_ROOM: the service did not take it. Check the address, and that the service is up.",
        Reach.CHANNEL,
    )
    assert post(config, delivery) == Posted()
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("address", ["nonsense", "nosuchservice://token", "slack://bad"])
def test_an_address_that_apprise_does_not_know_is_refused_and_not_said(delivery, address):
    outcome = post(settings(address), delivery)
    assert isinstance(outcome, Refused)
    assert "MONITOR_APPRISE_OPS_ROOM is no address that apprise knows" in outcome.error
    assert address not in outcome.error


def test_a_name_without_a_setting_waits_and_says_which_to_set(delivery):
    outcome = post(read_config({}), delivery)
    assert outcome == Later(
        "MONITOR_APPRISE_OPS_ROOM is not set. Set it to the service's address, then: monitor deliver"
    )


def test_without_the_extra_it_waits_and_says_what_to_install(delivery, monkeypatch):
    monkeypatch.setattr(services, "find_spec", lambda _: None)
    outcome = post(settings("json://localhost/"), delivery)
    assert isinstance(outcome, Later)
    assert "pip install 'policy-monitor[notify]'" in outcome.error


def test_nothing_of_the_address_is_logged(delivery, caplog, receiver):
    receiver.script = [Answer(500)]
    caplog.set_level(logging.DEBUG)
    post(settings(f"json://user:secret77@{receiver.address}/path?token=secret78"), delivery)
    assert len(receiver.calls) == 1
    assert "secret7" not in caplog.text
