"""What the files of `deploy/` say, as tests read it.

Does not do: starting anything of it; there is no engine for that where the tests run.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from monitor.settings import find_secret, find_setting

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UID = "10001"
PORT = 8420


def read_unit(name):
    """Section → key → its values, in order."""
    found = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return found


def read_dockerfile():
    """Each instruction with its argument, in order; continued lines as one."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def read_yaml(name):
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def uncommented(name):
    """The file with what stands in comments as an example, put into force."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return re.sub(r"^(\s*)# ?(?=(?:[A-Z_]+|secrets|ports|  [A-Z_]+): ?)", r"\1", text, flags=re.MULTILINE)


def name_unknown(names):
    """Those of these variables that nothing would read."""
    return {each for each in names if not find_setting(each) and not (each.endswith("_FILE") and find_secret(each))}
