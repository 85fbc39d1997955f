"""Files that come with the program are found where it is installed, and in a checkout."""

import pytest

from monitor.cli.shipped import find_shipped
from monitor.errors import NotFoundError


@pytest.mark.parametrize("name", ["demo", "slack-app.yaml"])
def test_a_checkout_has_it_beside_the_package(name):
    assert find_shipped(name).exists()


def test_an_installed_package_has_it_inside(tmp_path, monkeypatch):
    installed = tmp_path / "monitor"
    (installed / "demo").mkdir(parents=True)
    monkeypatch.setattr("monitor.cli.shipped.__file__", str(installed / "cli" / "shipped.py"))
    assert find_shipped("demo") == installed / "demo"


def test_what_is_in_neither_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.cli.shipped.__file__", str(tmp_path / "monitor" / "cli" / "shipped.py"))
    with pytest.raises(NotFoundError, match=r"^demo is neither in .*Reinstall policy-monitor"):
        find_shipped("demo")
