"""What the interfaces of publishers say: envelopes of answers → Entries with identity, text, dates and withdrawals.

One module for each kind, with one function `read_KIND`: the Answers of one conversation in, its Entries out. The same
answers always give the same Entries. Each is read as the interface means it: a day in the publisher's time zone, the
fields that are for programs left out, a correction without dates.

What holds for all of them:

* No hits are no fault. What fell out of the window of a query is not deleted.
* Whoever gives less than he says there is (`check_total`), or answers with an error, is not believed: a Problem.

Does not do: asking (`spiders`), deciding what a new, changed or missing Entry means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.envelope import unpack
from monitor.errors import ExtractionError
from monitor.model import ProblemKind
from monitor.publishers.cellar import read_cellar
from monitor.publishers.congress import read_congress
from monitor.publishers.ecfr import read_ecfr
from monitor.publishers.federal_register import read_federal_register
from monitor.publishers.govinfo import read_govinfo
from monitor.publishers.govuk import read_govuk
from monitor.publishers.have_your_say import read_have_your_say
from monitor.publishers.legiscan import read_legiscan
from monitor.publishers.legisinfo import read_legisinfo
from monitor.publishers.legislation_gov_au import read_legislation_gov_au
from monitor.publishers.legislation_gov_uk import read_legislation_gov_uk
from monitor.publishers.oireachtas import read_oireachtas
from monitor.publishers.regulations_gov import read_regulations_gov

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.envelope import Answer
    from monitor.model import Entry

READERS: Mapping[str, Callable[[Sequence[Answer]], tuple[Entry, ...]]] = {
    "cellar": read_cellar,
    "congress": read_congress,
    "ecfr": read_ecfr,
    "federal-register": read_federal_register,
    "govinfo": read_govinfo,
    "govuk": read_govuk,
    "have-your-say": read_have_your_say,
    "legiscan": read_legiscan,
    "legisinfo": read_legisinfo,
    "legislation-gov-au": read_legislation_gov_au,
    "legislation-gov-uk": read_legislation_gov_uk,
    "oireachtas": read_oireachtas,
    "regulations-gov": read_regulations_gov,
}
"""By kind of Source."""


def read_envelope(kind: str, envelope: bytes) -> tuple[Entry, ...]:
    """The Entries in the answers of an interface.

    Raises ExtractionError: UNREADABLE where they are not what this interface gives, INCOMPLETE where it gave less than
    it says there is.
    """
    try:
        answers = unpack(envelope)
    except ValueError as error:
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"this is no envelope of answers ({error})",
            f"It was asked for as another kind than {kind}; the next crawl of the source will mend it.",
        ) from error
    return READERS[kind](answers)
