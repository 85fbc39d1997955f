"""The desk of a service that stands by says so, and people can decide there."""

from __future__ import annotations

import pytest

from monitor.model import Role
from monitor.pulse import PartState, Pulse
from monitor.service import listen
from monitor.web.access.invitation import invite
from monitor.web.app import create_app
from web.conftest import Visitor


@pytest.mark.parametrize("state", PartState)
def test_each_page_says_that_another_instance_does_the_work(desk, state):
    pulse = Pulse()
    pulse.note_part("ticks", state)
    with listen(create_app(desk.config, None, pulse), "127.0.0.1", 0) as address:
        guest = Visitor(address)
        guest.open("/enter", {"token": invite(desk.db, "desk", Role.LEAD, desk.config.now())})
        shown = guest.open("/sources")
        assert shown.status == 200
        assert ("This instance stands by" in shown.text) is (state is PartState.STANDING_BY)
