"""The soak of `benchmarks/soak.py` in short: no digest is missed, and what grows would be seen."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("replaceable")


def test_five_days_of_twenty_sources_tell_each_digest_on_its_day(benchmark, monkeypatch, capsys):
    soak = benchmark("soak")
    monkeypatch.setattr(soak, "SOPS", 5)
    assert soak.soak(days=5, sources=20, seed=1) == []
    assert "of 15 daily digests due 15 were composed and 15 told" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rss_mb", "cpu_s", "said"),
    [
        (104.9, 1.29, []),
        (106.0, 1.0, ["after 30 days the memory is 106.0 MB, after 10: 100.0"]),
        (94.0, 1.0, ["after 30 days the memory is 94.0 MB, after 10: 100.0"]),
        (100.0, 1.4, ["after 30 days a day takes 1.40 s of CPU, after 20: 1.00"]),
    ],
)
def test_memory_and_time_that_do_not_stay_what_they_were_are_named(benchmark, rss_mb, cpu_s, said):
    soak = benchmark("soak")
    measured = [(10, 100.0, 1.0, 2.0), (20, 100.0, 2.0, 1.0), (30, rss_mb, 3.0, cpu_s)]
    assert list(soak.find_misses([soak.Measurement(*each) for each in measured])) == said
