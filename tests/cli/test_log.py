"""What reaches the log when something fails that nobody expected."""

import structlog

from monitor.cli.log import set_up_log


def fail(token):
    raise RuntimeError(len(token))


def test_a_traceback_shows_no_local_variables(capsys):
    set_up_log(verbose=False)
    token = "xoxb-" + "secret"
    try:
        fail(token)
    except RuntimeError:
        structlog.get_logger().exception("delivery failed")
    printed = capsys.readouterr().err
    assert "RuntimeError: 11" in printed
    assert "xoxb-secret" not in printed
