"""What a reader of an evidence file opens first: the comparison as a page and as plain text, and what all of it is.

The page has styles of its own, no script, and loads nothing.

Does not do: choosing facts (`monitor.views.change`), packing (`monitor.evidence.bundle`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from digests import words
from digests.escape import plain
from digests.wording import deadline, written_date
from monitor import __version__
from monitor.compare.alignment.words import SegmentOp
from monitor.evidence.contents import BEGINNINGS
from monitor.triage import say_reason
from monitor.views.deciding import say_decision, say_standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.store.evidence import Telling
    from monitor.views.change import Dossier, Proof
    from monitor.views.comparison import Line, Piece, Stretch

_MARKS = {SegmentOp.ADDED: "{{+{}+}}", SegmentOp.REMOVED: "[-{}-]"}
_README = """\
EVIDENCE OF CHANGE {change}
{name}
{url}

Policy Monitor asks publishers for their texts, keeps each answer as it was received, and notes what changed. This file
shows one change, with all that proves it: open change.html in any browser, or change.txt.

  change.html, change.txt   what changed, how it was read, what was decided, who was told: drawn for you, not sealed
  snapshots/                the publisher's answers, byte for byte, with their headers; where an answer repeated the key
                            that an interface gave the monitor, [key] stands in its place
  texts/                    the text before and after, as it was read from those answers
  fetches.tsv               the attempts around it: when the publisher was asked, and what it answered
  rows/                     the entries of the monitor's database, each as it was hashed
  manifest.json             the facts once more, the Seal of each entry, and the SHA-256 of each file here

HOW TO CHECK IT

1. With the program: pip install policy-monitor, then
       monitor verify {file}
   It says whether the file is whole in itself, and its SHA-256. That alone proves little: whoever edits a file can
   compute all hashes in it anew. Compare the SHA-256 with the one in the letter that came with the file, or see 4.

2. Without it: sha256sum (Linux), shasum -a 256 (macOS) or Get-FileHash (Windows) of any file here is what manifest.json
   says under "files". That of a file in rows/ is also the "row_sha256" of its Seal. That of a file in snapshots/ is the
   sha256 that its row names; that of a JSON file in texts/ is the "text_sha256" of its version.

3. Each Seal is chained to the one before: its "chain_sha256" is the SHA-256 of one line of text without a line break,
       BEFORE PLACE NOUN KEY FORM ROW
   where BEFORE is "before_sha256", PLACE "seal", and ROW "row_sha256".

4. Whoever runs the monitor can show with its database that these Seals stand in its chain, and that none is left out:
       monitor --db monitor.db verify {file}

Rows are sealed, and with them snapshots/, texts/ and fetches.tsv, which follow from them. This README, change.html,
change.txt and the facts in manifest.json beside "head", "seals" and "files" are for people. They name what is not
sealed, such as procedures. That they are as they were made is shown only by the SHA-256 of the file.

WHAT IT PROVES

When this file was made, on {made}, the chain had {seals:,} Seals and the head
       {head}
The daily messages of the monitor carry the head of their day, as in "Evidence 12,345 · 9f3a77c1a2b4". Where such a
message lies outside of the monitor's reach, such as in Slack or in a mailbox, nothing that was sealed before it can
have been edited since without the chain having another head at that number.

It does not prove that the publisher's server sent these bytes: no third party has signed them. It does not prove the
clock of the machine, other than by the headers of the answers, in which publishers state theirs.
"""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.evidence"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_untrick,
    )  # fmt: skip
    environment.filters |= {"count": words.count, "moment": _say_moment, "path": words.path, "thousands": "{:,}".format}
    environment.globals |= {
        "deadline": deadline,
        "say_decision": say_decision,
        "say_reason": say_reason,
        "say_standing": say_standing,
        "version": __version__,
        "written_date": written_date,
    }
    return environment


def draw(dossier: Dossier, tellings: Sequence[Telling], now: datetime) -> str:
    """The page."""
    return _environment().get_template("change.html").render(dossier=dossier, tellings=tellings, now=now)


def write(dossier: Dossier, tellings: Sequence[Telling], now: datetime) -> str:
    """The same as plain text; what came is between {+ and +}, what went between [- and -]."""
    change, judgement = dossier.change, dossier.change.judgement
    told = [f"{each.digest_id}  {each.channel}  {each.state}  {_say_sent(each)}".rstrip() for each in tellings]
    parts = [
        [f"Change {change.id}: {judgement.summary or judgement.reason}", judgement.reason],
        [f"{dossier.source.publisher} › {dossier.source.name} › {dossier.name}", change.url],
        [f"{judgement.kind}, {judgement.severity}, {change.status}", f"seen {_say_moment(change.detected_at)}"],
        ["WHAT CHANGED", *(line for each in dossier.stretches for line in _write_stretch(each))],
        ["HOW IT WAS READ", *_list_readings(dossier.proof)],
        ["PROCEDURES THAT IT TOUCHES", *(_list_touched(dossier) or ["none that would have been shown"])],
        ["WHAT WAS DECIDED", *(_list_decisions(dossier) or ["nothing"])],
        ["WHO WAS TOLD", *(told or ["nobody"])],
        [f"Made {_say_moment(now)} by Policy Monitor {__version__}. Drawn for people and not sealed: see README.txt."],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def explain(dossier: Dossier, head: tuple[int, bytes], now: datetime) -> str:
    """What the file is and how to check it, for somebody who gets it a year later."""
    change = dossier.change
    return _README.format(
        change=change.id,
        name=f"{dossier.source.publisher}: {dossier.name}",
        url=change.url,
        file=f"change-{change.id}.zip",
        made=_say_moment(now),
        seals=head[0],
        head=head[1].hex(),
    )


def _write_stretch(stretch: Stretch) -> Iterator[str]:
    yield ""
    if stretch.is_folded:
        yield f"    … {words.count(stretch.words, 'word')} unchanged …"
        return
    if stretch.op:
        yield " · ".join(filter(None, [stretch.op.upper(), words.path(stretch.place)]))
    yield from map(_write_line, stretch.lines)


def _write_line(line: Line) -> str:
    return BEGINNINGS.get(line.kind, "").lstrip("\n") + "".join(map(_mark, line.pieces))


def _mark(piece: Piece) -> str:
    """The white space at both ends stands outside of the mark."""
    words = piece.text.strip()
    if piece.op is SegmentOp.SAME or not words:
        return piece.text
    before, after = piece.text.split(words, 1)
    return before + _MARKS[piece.op].format(words) + after


def _list_readings(proof: Proof) -> list[str]:
    return [
        f"{each.text_sha256}  observed {_say_moment(each.observed_at)}, read by {each.recipe} from\n"
        + "\n".join(
            f"    {kept.sha256}  snapshot {kept.id}, {kept.length:,} bytes, {_say_moment(kept.received_at)}, {kept.url}"
            for kept in each.snapshots
        )
        for each in proof.readings
    ]


def _list_touched(dossier: Dossier) -> list[str]:
    return [
        "\n    ".join(filter(None, [f"{each.sop.id} {each.name}  {each.likelihood}", *each.reasons]))
        for each in dossier.beside
    ]


def _list_decisions(dossier: Dossier) -> list[str]:
    return [
        f"{_say_moment(each.at)}  {each.by}: {say_decision(each)}"
        + (f" ({each.section_id})" if each.section_id else "")
        + (f". {say_reason(each.reason)}" if each.reason else "")
        for each in dossier.state.history
    ]


def _untrick(value: object) -> object:
    """Every string that is shown, without signs that reverse it or hide in it."""
    return plain(value) if type(value) is str else value


def _say_sent(telling: Telling) -> str:
    return _say_moment(telling.sent_at) if telling.sent_at else ""


def _say_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
