"""Commands that are called in this process set up the log; here it is put back afterwards."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_as_before():
    yield
    structlog.reset_defaults()
