"""A World for each test, with or without a Slack."""

import pytest

from scenarios.world import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)
