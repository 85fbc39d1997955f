"""What `monitor run` says when it is done."""

import pytest

from monitor.cli.run import _iter_lines
from monitor.schedule import BUSY, Summary


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (Summary(), ["Nothing is due."]),
        (Summary(problems=2), ["Nothing is due."]),
        (Summary(notes=(BUSY,)), []),
        (
            Summary(digests=2, sent=1, unsent=3),
            ["Nothing is due.", "Digests  2 composed; 1 message sent, 3 not sent"],
        ),
        (
            Summary(confirmed=1),
            ["Nothing is due.", "Changes  0 found, 1 confirmed, 0 kept quiet, 0 first looks"],
        ),
        (
            Summary(confirmed=1, held_hours_median=2.0),
            [
                "Nothing is due.",
                "Changes  0 found, 1 confirmed, 0 kept quiet, 0 first looks",
                "Held     2 hours until the second look (median)",
            ],
        ),
        (
            Summary(sources=1, fetched=1, snapshots=1, first=1),
            [
                "Asked    1 source, 1 address: 0 unchanged, 1 new, 0 failed",
                "Changes  0 found, 0 confirmed, 0 kept quiet, 1 first look",
                "Problems 0 open",
            ],
        ),
        (
            Summary(sources=2, fetched=3, unchanged=3),
            [
                "Asked    2 sources, 3 addresses: 3 unchanged, 0 new, 0 failed",
                "Changes  0 found, 0 confirmed, 0 kept quiet, 0 first looks",
                "Problems 0 open",
            ],
        ),
    ],
)
def test_only_counts_that_say_something_are_printed(summary, expected):
    assert list(_iter_lines(summary)) == expected
