"""A desk with one Source and one SOP of three sections, and a person who confirms which changes touch them.

office.publish([AGE, FEES])             # as the page says it on the first day
office.publish([AGE_18, FEES], day=1)
office.confirm("hosts#ages")            # that the last change touches this section
"""

from __future__ import annotations

from monitor.currency import get_ledger
from monitor.links import follow_links, lay_links, note_revisions
from monitor.sops import load_sops
from monitor.store import add_row, changes, links, transaction, write_time
from monitor.store.sops import declare_sops
from store.conftest import HOUR, NOON

AGE = "Hosts of a livestream must be at least 16 years old and prove it before their first livestream."
AGE_18 = AGE.replace("16", "18")
FEES = "Hosts pay a fee of 5 euros for each livestream, which is paid back when the livestream is cancelled."
GIFTS = "Viewers can send gifts to hosts, and hosts can turn the gifts of a month into money once."
KIND = "Be kind to everybody who watches, and do not answer insults with insults, whatever people say about you."
SOP = """---
id: hosts
title: Hosts
owner: desk
---
# Hosts

## Ages

{ages}

## Fees

The fee of a livestream is booked by finance on the same day and paid back within a week.

## Tone

Be calm and kind in every answer.
"""
AGES = "Ask every host for proof that they are 16 years old before the first livestream."


def day(number):
    return NOON + 24 * number * HOUR


class Office:
    def __init__(self, desk, folder):
        self.desk, self.db, self.folder = desk, desk.db, folder
        folder.mkdir()
        self.write(AGES)

    def write(self, ages, number=0):
        """The SOP as it is on that day, loaded as every run does."""
        (self.folder / "hosts.md").write_text(SOP.format(ages=ages))
        with transaction(self.db):
            sops = declare_sops(self.db, load_sops(self.folder).sops, day(number))
        note_revisions(self.db, day(number))
        return sops

    def publish(self, rules, number=0, heading="Rules"):
        """The page says so on that day, and still two hours later."""
        body = "".join(f"<p>{rule}</p>" for rule in rules)
        page = f"<main><h1>{heading}</h1>{body}</main>"
        for hour in (0, 2):
            self.desk.see(page, 24 * number + hour)
        return follow_links(self.db)

    @property
    def last_change(self):
        return max(each.id for each in changes.iter_changes(self.db, everything=True))

    def confirm(self, section_id, number=2, change_id=None):
        change_id = change_id or self.last_change
        at = day(number)
        with transaction(self.db):
            row = {"change_id": change_id, "section_id": section_id, "verdict": "confirmed", "reason": ""}
            decision_id = add_row(self.db, "decision", row | {"by": "mia", "at": write_time(at)})
            return lay_links(self.db, change_id, section_id, decision_id, at)

    @property
    def links(self):
        return links.get_links(self.db, "rules")

    @property
    def link(self):
        (only,) = self.links
        return only

    def currency(self, section_id="hosts#ages"):
        """How current the Section is with the only Document."""
        (found,) = [
            document
            for sop in get_ledger(self.db)
            for section in sop.sections
            for document in section.documents
            if section.section_id == section_id
        ]
        return found
