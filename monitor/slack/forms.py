"""What each form asks for, what is wrong with an answer, and the decision that it becomes.

Limits of options (10, of 75 characters): https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element

Does not do: opening forms and taking answers (`monitor.slack.modals`), deciding (`monitor.triage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

from digests import kit
from digests.escape import plain
from digests.kit import plain_text
from digests.wording import likelihood, section_name
from monitor.errors import ConfigurationError
from monitor.impact import WORTH_SHOWING
from monitor.model import Verdict
from monitor.triage import REASONS, check, decide, get_state, propose_due, set_due

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from digests.kit import Block
    from monitor.slack.answering import Target, Visit
    from monitor.triage import Judged

Values: TypeAlias = "dict[str, Any]"
"""What was filled in, by the block's id."""

Mistakes: TypeAlias = dict[str, str]
"""What is wrong with an answer, by the id of the block that is to say it; empty where nothing is."""

SNOOZE = timedelta(days=7)

_OTHER = "other"
_LEAVE = "leave"

_MOST_OPTIONS = 10
_OPTION = 75
_WORDS = 500
_HINT = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """One form. Without an `input` block it has nothing to submit."""

    title: str
    """At most 24 characters: https://docs.slack.dev/reference/views"""
    submit: str
    build: Callable[[Visit, Sequence[Target]], list[Block]]
    find_mistakes: Callable[[Values, date], Mistakes]
    """Given today in UTC. Without looking anywhere: Slack waits."""
    decide: Callable[[Visit, Target, Values], object]


def _ask_reason(_: Visit, __: Sequence[Target]) -> list[Block]:
    options = [_option(word, meaning.capitalize()) for word, meaning in REASONS.items()]
    reason = {"type": "radio_buttons", "options": [*options, _option(_OTHER, "Another reason")]}
    words = {"type": "plain_text_input", "multiline": True, "max_length": _WORDS}
    return [
        _input("reason", "Why does it not apply?", reason, hint="Matching learns from the reason."),
        _input("words", "Another reason, in your words", words, optional=True),
    ]


def _find_wordless(values: Values, _: date) -> Mistakes:
    if values["reason"] == _OTHER and not (values["words"] or "").strip():
        return {"words": "Say why, in your own words."}
    if values["reason"] != _OTHER and values["words"]:
        return {"words": "These words go with “Another reason”: choose that above, or clear them."}
    return {}


def _reject(visit: Visit, target: Target, values: Values) -> None:
    reason = plain(values["words"]) if values["reason"] == _OTHER else values["reason"]
    decide(visit.db, *target, Verdict.NOT_APPLICABLE, reason=reason, by=visit.name, now=visit.now)


def _ask_who(visit: Visit, targets: Sequence[Target]) -> list[Block]:
    who = {"type": "users_select", "initial_user": visit.event.member}
    return [
        _input("who", "Who has it in hand?", who),
        _input("due", "Until when?", _days(_propose_day(visit, targets)), optional=True),
    ]


def _assign(visit: Visit, target: Target, values: Values) -> None:
    who = visit.directory.name(values["who"])
    decide(visit.db, *target, Verdict.ASSIGNED, assignee=who, due=values["due"] or None, by=visit.name, now=visit.now)


def _ask_due(visit: Visit, targets: Sequence[Target]) -> list[Block]:
    states = [get_state(visit.db, change_id) for change_id, _ in targets]
    hands = {each.standing.assignee: None for state in states for each in state.sections}
    hands |= {state.whole.assignee: None for state in states}
    names = ", ".join(visit.directory.name(each) for each in hands if each)
    hint = f"In hand: {names}." if names else "Nobody has it in hand, so it will be in yours."
    return [_input("due", "Until when?", _days(_propose_day(visit, targets)), hint=hint)]


def _find_late_day(values: Values, today: date) -> Mistakes:
    return _try_day("due", Verdict.ASSIGNED, values, today, assignee="anybody")


def _set_due(visit: Visit, target: Target, values: Values) -> None:
    set_due(visit.db, *target, values["due"], by=visit.name, now=visit.now)


def _ask_until(visit: Visit, _: Sequence[Target]) -> list[Block]:
    hint = "It comes back on that day, or when somebody decides. What is due stays due."
    return [_input("until", "Until when?", _days((visit.today + SNOOZE).isoformat()), hint=hint)]


def _find_no_later_day(values: Values, today: date) -> Mistakes:
    return _try_day("until", Verdict.SNOOZED, values, today)


def _snooze(visit: Visit, target: Target, values: Values) -> None:
    decide(visit.db, *target, Verdict.SNOOZED, due=values["until"], by=visit.name, now=visit.now)


def _ask_sections(visit: Visit, targets: Sequence[Target]) -> list[Block]:
    """The likeliest sections, ticked where they are confirmed or likely enough to be shown."""
    judged = _get_judged(visit, targets)
    if not judged:
        return [kit.context("No section of your procedures was matched with it, so decide about it as a whole.")]
    options = {each.section_id: _section_option(each) for each in judged[:_MOST_OPTIONS]}
    ticked = [options[each.section_id] for each in judged[:_MOST_OPTIONS] if _is_ticked(each)]
    sections = {"type": "checkboxes", "options": list(options.values())}
    others = [_option(_LEAVE, "Leave them as they are")]
    others += [_option(word, f"Not applicable: {meaning}") for word, meaning in REASONS.items()]
    more = len(judged) - _MOST_OPTIONS
    return [
        _input(
            "sections",
            "Which sections does it touch?",
            sections | ({"initial_options": ticked} if ticked else {}),
            hint=f"{more} less likely sections are not listed and stay as they are." if more > 0 else "",
            optional=True,
        ),
        _input(
            "others",
            "And those without a tick?",
            {"type": "radio_buttons", "options": others, "initial_option": others[0]},
        ),
    ]


def _get_judged(visit: Visit, targets: Sequence[Target]) -> list[Judged]:
    """What is known of each Section, the likeliest first; what people added comes before."""
    found: dict[str, Judged] = {}
    for change_id, _ in targets:
        for each in get_state(visit.db, change_id).sections:
            found.setdefault(each.section_id, each)
    return sorted(found.values(), key=_unlikelihood)


def _unlikelihood(judged: Judged) -> float:
    return -judged.impact.probability if judged.impact else -1


def _is_ticked(judged: Judged) -> bool:
    if judged.standing.verdict is None:
        return judged.impact is None or judged.impact.probability >= WORTH_SHOWING
    return judged.standing.is_confirmed


def _section_option(judged: Judged) -> Block:
    name = section_name(judged.impact) if judged.impact else judged.section_id
    said = likelihood(judged.impact.probability) if judged.impact else "added by a person"
    stands = f" · {judged.standing.verdict}" if judged.standing.verdict else ""
    return _option(_key(judged.section_id), name) | {"description": plain_text(said + stands)}


def _key(section_id: str) -> str:
    """A Section's id may be longer than the 150 characters of an option's value."""
    return blake2b(section_id.encode(), digest_size=8).hexdigest()


def _find_nothing_said(values: Values, _: date) -> Mistakes:
    if values["sections"] or values["others"] != _LEAVE:
        return {}
    return {"sections": "Tick what is touched, or say below that the others are not."}


def _decide_sections(visit: Visit, target: Target, values: Values) -> None:
    """Only what stands otherwise is decided about."""
    for each in get_state(visit.db, target[0]).sections:
        key, verdict, reason = _key(each.section_id), Verdict.CONFIRMED, ""
        if key not in values["offered"] or (key not in values["sections"] and values["others"] == _LEAVE):
            continue
        if key not in values["sections"]:
            verdict, reason = Verdict.NOT_APPLICABLE, values["others"]
        if each.standing.verdict is not verdict:
            decide(visit.db, target[0], each.section_id, verdict, reason=reason, by=visit.name, now=visit.now)


def _propose_day(visit: Visit, targets: Sequence[Target]) -> str:
    return propose_due(visit.db, [change_id for change_id, _ in targets], visit.today)


def _try_day(block_id: str, verdict: Verdict, values: Values, today: date, assignee: str | None = None) -> Mistakes:
    if values[block_id]:
        try:
            check(verdict, assignee=assignee, due=values[block_id], today=today)
        except ConfigurationError as error:
            return {block_id: str(error)}
    return {}


def _days(initial: str) -> Block:
    return {"type": "datepicker"} | ({"initial_date": initial} if initial else {})


def _option(value: str, words: str) -> Block:
    return {"text": plain_text(plain(words, _OPTION)), "value": value}


def _input(block_id: str, label: str, element: Mapping[str, Any], *, hint: str = "", optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "element": {**element, "action_id": "value"},
        "optional": optional,
        **({"hint": plain_text(plain(hint, _HINT))} if hint else {}),
    }


FORMS = {
    "reject": Form("Not applicable", "Does not apply", _ask_reason, _find_wordless, _reject),
    "assign": Form("Assign", "Assign", _ask_who, _find_late_day, _assign),
    "due": Form("Due date", "Set", _ask_due, _find_late_day, _set_due),
    "snooze": Form("Snooze", "Snooze", _ask_until, _find_no_later_day, _snooze),
    "sections": Form("Decide per section", "Decide", _ask_sections, _find_nothing_said, _decide_sections),
}
"""By their `callback_id`, which is also what the button or option is called."""
