"""What JSON may look like: small checks that are put together to larger ones, and say where a value is wrong.

A check takes a value and its JSON pointer and yields complaints in Slack's words, none where the value is fine.

Does not do: any knowledge of Slack (`blocks`, `limits`).
"""

from datetime import date


def complaint(text, pointer):
    return f"{text} [json-pointer:{pointer}]"


def string(most, least=1):
    def check(value, pointer):
        if not isinstance(value, str):
            yield complaint("must be a string", pointer)
        elif len(value) > most:
            yield complaint(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield complaint(f"must be more than {least - 1} characters", pointer)

    return check


def web_address(most):
    """An address that opens in a browser and nothing else."""

    def check(value, pointer):
        wrong = list(string(most)(value, pointer))
        yield from wrong
        if not wrong and not value.startswith(("http://", "https://")):
            yield complaint("must be a valid URL", pointer)

    return check


def just(*values):
    def check(value, pointer):
        if not isinstance(value, str) or value not in values:
            yield complaint(f"must be a valid enum value: {', '.join(values)}", pointer)

    return check


def boolean(value, pointer):
    if not isinstance(value, bool):
        yield complaint("must be a boolean", pointer)


def integer(least, most):
    def check(value, pointer):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield complaint(f"must be an integer from {least} to {most}", pointer)

    return check


def iso_date(value, pointer):
    """YYYY-MM-DD."""
    try:
        date.fromisoformat(value)
        wrong = value[4:5] != "-"
    except (TypeError, ValueError):
        wrong = True
    if wrong:
        yield complaint("invalid date", pointer)


def many(check_one, *, most, least=1):
    def check(value, pointer):
        if not isinstance(value, list):
            yield complaint("must be an array", pointer)
            return
        if len(value) > most:
            yield complaint(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield complaint(f"no fewer than {least} items allowed", pointer)
        for index, each in enumerate(value):
            yield from check_one(each, f"{pointer}/{index}")

    return check


def fields(needs, may=None):
    """An object with every key of `needs`, perhaps some of `may`, and no other."""
    known = needs | (may or {})

    def check(value, pointer):
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
            return
        yield from (complaint(f"missing required field: {key}", pointer) for key in needs if key not in value)
        for key, each in value.items():
            if key in known:
                yield from known[key](each, f"{pointer}/{key}")
            else:
                yield complaint(f"invalid additional property: {key}", pointer)

    return check


def one_of(checks):
    """An object whose `type` names its check."""

    def check(value, pointer):
        if not isinstance(value, dict):
            yield complaint("must be an object", pointer)
            return
        name = value.get("type")
        chosen = checks.get(name) if isinstance(name, str) else None
        if chosen is None:
            yield complaint(f"unsupported type: {name}", f"{pointer}/type")
        else:
            yield from chosen(value, pointer)

    return check


def both(*checks):
    def check(value, pointer):
        for each in checks:
            yield from each(value, pointer)

    return check


def exactly_one_key(*keys):
    def check(value, pointer):
        if isinstance(value, dict) and sum(key in value for key in keys) != 1:
            yield complaint(f"exactly one of these is required: {', '.join(keys)}", pointer)

    return check


def any_key(*keys):
    def check(value, pointer):
        if isinstance(value, dict) and not any(key in value for key in keys):
            yield complaint(f"one of these is required: {', '.join(keys)}", pointer)

    return check


def unique(key):
    """No two objects of an array have the same value there."""

    def check(value, pointer):
        seen = set()
        for index, each in enumerate(value if isinstance(value, list) else []):
            name = each.get(key) if isinstance(each, dict) else None
            if isinstance(name, str) and name in seen:
                yield complaint(f'`{key}` "{name}" already exists', f"{pointer}/{index}/{key}")
            seen.add(name if isinstance(name, str) else None)

    return check
