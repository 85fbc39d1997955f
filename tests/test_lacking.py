"""Tests that want a browser where there is none: skipped, or a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from lacking import STRICT, give_up

CI = Path(__file__).parent.parent / ".ci/run"


@pytest.mark.parametrize(
    ("value", "outcome"), [(None, pytest.skip.Exception), ("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_without_a_browser_a_test_is_skipped_unless_one_is_required(monkeypatch, value, outcome):
    monkeypatch.delenv(STRICT, raising=False)
    if value is not None:
        monkeypatch.setenv(STRICT, value)
    with pytest.raises(outcome, match="needs a browser: apt-get install chromium"):
        give_up("needs a browser: apt-get install chromium")


def test_a_browser_is_required_where_a_submission_is_tested():
    lines = CI.read_text().splitlines()
    (tests,) = [at for at, line in enumerate(lines) if line.startswith("make ") and "test" in line.split()]
    assert lines.index(f"export {STRICT}=1") < tests
