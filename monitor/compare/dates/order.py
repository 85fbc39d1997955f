"""Whether 03/04/2026 is in March or in April.

The text's own dates that leave no doubt decide ("14/08/2025", "14 August 2025"); then the language, where it is not
English; then the region of the publisher; then the countries that the text names, as addresses do. English without any
of this is read with the month first: of six such dates in a sample of policies five were meant so.

Does not do: anything with dates in dotted form, which have the day first wherever they are used (`written`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.dates.words import AMERICAN, ELSEWHERE
from monitor.compare.dates.written import find_written

if TYPE_CHECKING:
    from monitor.model import Origin

_MONTH_FIRST_REGIONS = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW"})
"""CLDR's territories whose English or only short form begins with the month."""
_UNDECIDED_REGIONS = frozenset({"", "CA", "GLOBAL"})
"""Canada writes all three orders."""


def puts_day_first(text: str, origin: Origin) -> bool | None:
    """Whether an ambiguous date of the text begins with the day; None where nothing tells."""
    own = [each.shows_day_first for each in find_written(text, origin.language) if each.shows_day_first is not None]
    if own and (days := sum(own)) * 2 != len(own):
        return days * 2 > len(own)
    language, _, variant = origin.language.replace("_", "-").partition("-")
    if language not in {"", "en"}:
        return True
    for region in (variant.upper(), origin.region.partition("-")[0].upper()):
        if region not in _UNDECIDED_REGIONS:
            return region not in _MONTH_FIRST_REGIONS
    if AMERICAN.search(text):
        return False
    return True if ELSEWHERE.search(text) else None
