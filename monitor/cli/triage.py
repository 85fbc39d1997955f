"""`monitor triage`: deciding about a change or one of its impacts, and what was decided.

With --json and a decision: {"change", "section", "verdict", "reason", "assignee", "due", "by", "at", "new", "effects":
[{"section", "effect"}]}, a line for each where --due alone is for several people. Without one: {"change", "verdict",
"assignee", "due", "snoozed_until", "sections": [{"section", "probability", "verdict", "assignee", "due",
"snoozed_until"}], "history": [{"id", "section", "verdict", "reason", "assignee", "due", "by", "at"}]}; a verdict of
null is open, a probability of null a section that a person added.

Does not do: deciding (`monitor.triage`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from digests.wording import likelihood
from monitor.cli import by_option, pass_config
from monitor.cli.output import console, say_time
from monitor.model import Verdict
from monitor.store import open_store, open_to_read, write_time
from monitor.triage import REASONS, decide, find_target, get_state, iter_effects, say_reason, set_due

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.config import Config
    from monitor.model import Decision
    from monitor.store.decisions import Standing
    from monitor.triage import Done, State

_SAID = {
    Verdict.CONFIRMED: "confirmed",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.ASSIGNED: "assigned",
    Verdict.SNOOZED: "snoozed",
    Verdict.UNDONE: "taken back",
}


@click.command(
    epilog="Reasons: " + "; ".join(f"{word} ({meaning})" for word, meaning in REASONS.items()) + "; or your own words."
)
@click.argument("what", metavar="CHANGE|IMPACT")
@click.option("--confirm", is_flag=True, help="It touches this section, or each section of this change that was shown.")
@click.option("--not-applicable", "reason", metavar="REASON", help="It does not, and why: a word from below, or yours.")
@click.option("--assign", "assignee", metavar="WHO", help="Who has it in hand.")
@click.option("--due", metavar="DATE", help="Until when, as in 2026-12-01. Alone: whoever has it keeps it.")
@click.option("--snooze", metavar="DATE", help="Put it off until this day, on which it comes back.")
@click.option("--undo", is_flag=True, help="Take the last decision back.")
@by_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def triage(
    config: Config,
    what: str,
    *,
    confirm: bool,
    reason: str | None,
    assignee: str | None,
    due: str | None,
    snooze: str | None,
    undo: bool,
    by: str,
    as_json: bool,
) -> None:
    """Decide about a change, or about one impact: CHANGE:SECTION, or CHANGE:N as `monitor show` lists them.

    About a change as a whole, it holds for the sections tagged with 30 % or more, which people were shown, and for
    those that were decided about by themselves before. Of the others it says nothing: name them one by one.

    Later matching learns from it at once. A section that was not tagged can be confirmed: it was missed. Without an
    option it shows what stands and what was decided before.

    \b
    Example: monitor triage 12
             monitor triage 12:age-checks#id-upload --confirm
             monitor triage 12:2 --not-applicable unrelated
             monitor triage 12 --assign mia --due 2026-12-01
             monitor triage 12 --snooze 2026-12-01
    """
    options = {
        Verdict.CONFIRMED: confirm,
        Verdict.NOT_APPLICABLE: reason is not None,
        Verdict.ASSIGNED: assignee is not None,
        Verdict.SNOOZED: snooze is not None,
        Verdict.UNDONE: undo,
    }
    verdict = _get_verdict(options)
    if verdict is None and due is None:
        db = open_to_read(config.db)
        _print_state(get_state(db, find_target(db, what)[0]), as_json=as_json)
        return
    if snooze is not None and due is not None:
        raise click.UsageError("one day at a time: --snooze or --due")
    db, now, day = open_store(config.db), config.now(), snooze or due
    target = find_target(db, what)
    if verdict:
        made = [decide(db, *target, verdict, reason=reason or "", assignee=assignee, due=day, by=by, now=now)]
    else:
        made = set_due(db, *target, day or "", by=by, now=now)
    for done in made:
        _print_done(done, list(iter_effects(db, done)), as_json=as_json)


def _get_verdict(options: Mapping[Verdict, bool]) -> Verdict | None:
    """The one that is asked for; None where none is."""
    asked = [verdict for verdict, is_set in options.items() if is_set]
    if len(asked) > 1:
        raise click.UsageError("one decision at a time: --confirm, --not-applicable, --assign, --snooze or --undo")
    return asked[0] if asked else None


def _print_done(done: Done, effects: list[tuple[str, str]], *, as_json: bool) -> None:
    if as_json:
        said = [{"section": section_id, "effect": effect} for section_id, effect in effects]
        facts = _decision_json(done.decision) | {"change": done.decision.change_id, "new": done.is_new, "effects": said}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    about = f"change {done.decision.change_id}"
    if done.decision.section_id:
        about += f", section {done.decision.section_id}"
    click.echo(f"{about}: {_say(done.decision)}{'' if done.is_new else ' (it was already)'}")
    for section_id, effect in effects:
        click.echo(f"  {effect}" if done.decision.section_id else f"  {section_id}: {effect}")


def _say(decision: Decision) -> str:
    """As in "assigned to mia until 2026-12-01, by otto"."""
    to = f" to {decision.assignee}" if decision.assignee else ""
    until = f" until {decision.due}" if decision.due else ""
    why = f" ({say_reason(decision.reason)})" if decision.reason else ""
    return f"{_SAID[decision.verdict]}{to}{until}{why}, by {decision.by}"


def _print_state(state: State, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_state_json(state), ensure_ascii=False))
        return
    out = console()
    table = Table("", "section", "tagged", "verdict", "in hand", "due", box=None)
    for number, each in enumerate(state.sections, 1):
        tagged = likelihood(each.impact.probability) if each.impact else "added"
        verdict = str(each.standing.verdict or "open")
        place = str(number) if each.impact else ""
        table.add_row(place, each.section_id, tagged, verdict, each.standing.assignee, each.standing.due)
    if state.sections:
        out.print(table)
    else:
        out.print(f"Change {state.change_id} touches no SOP section: {state.whole.verdict or 'open'}.", markup=False)
    for decision in state.history:
        about = decision.section_id or "the change as a whole"
        out.print(f"{say_time(decision.at)}  {about}: {_say(decision)}", markup=False)
    if not state.history:
        out.print("Nothing is decided yet.")


def _state_json(state: State) -> dict[str, Any]:
    sections = [
        {"section": each.section_id, "probability": round(each.impact.probability, 3) if each.impact else None}
        | _standing_json(each.standing)
        for each in state.sections
    ]
    history = [{"id": each.id} | _decision_json(each) for each in state.history]
    return {"change": state.change_id} | _standing_json(state.whole) | {"sections": sections, "history": history}


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "verdict": standing.verdict,
        "assignee": standing.assignee,
        "due": standing.due,
        "snoozed_until": standing.snoozed_until,
    }


def _decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "section": decision.section_id,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "assignee": decision.assignee,
        "due": decision.due,
        "by": decision.by,
        "at": write_time(decision.at),
    }
