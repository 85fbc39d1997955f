"""What a feed says of its own end: "This feed has ended", "Unser RSS-Feed ist umgezogen".

Platforms write about feeds all the time ("the chronological feed has been retired"), so a notice has to speak of this
feed, or of the RSS of its publisher, in its first words.

Does not do: deciding whether the notice is the last word of the feed.
"""

from __future__ import annotations

import re

MAX_WORDS = 20
"""A notice is a line; a longer title is about something else."""

_FEED = r"(?:(?:rss|atom|xml|json|news|web|syndication)[ -]?){0,2}(?:feed|channel|flux|fil|canal|kanal|newsfeed)"
_OWN = (
    rf"(?:(?:this|our|these|dieser|unser|ce|notre|este|esta|nuestro|questo|il nostro|deze|onze|o nosso|ten|den här)"
    rf" (?:\w+ )?(?:{_FEED}|rss)s?\b|(?:the )?(?:rss|atom)[ -]?(?:feed|kanal|flux)?\b)"
)
_ENDED = (
    r"(?:has|have|is|was|will be|been|are) (?:now |been |also |permanently |now been )*"
    r"(?:ended|moved|moving|closed|discontinued|retired|deprecated|replaced|removed|relocated|migrated|archived|obsolete"
    r"|inactive|defunct|decommissioned|withdrawn|switched off|shut down|no longer)"
    r"|no longer|is at a new|will (?:end|close|move|cease)|(?:discontinued|retired)$"
    r"|nicht mehr|(?:wurde|wird|ist) (?:\w+ )?(?:eingestellt|umgezogen|beendet|abgeschaltet|ersetzt)"
    r"|n['\u2019]est plus|(?:a|est) (?:\w+ )?(?:déménagé|supprimé|remplacé|fermé|arrêté|terminé)"
    r"|ya no|ha (?:sido )?(?:finalizado|terminado|trasladado|cerrado|eliminado|sustituido|movido)|se ha trasladado"
    r"|non è più|è stato (?:chius|spostat|sostituit|dismess)o"
    r"|niet meer|is (?:\w+ )?(?:beëindigd|verhuisd|gestopt|vervangen|opgeheven)"
    r"|não (?:está|é) mais|já não|foi (?:descontinuado|encerrado|movido|substituído)"
    r"|nie jest już|został (?:zamknięty|przeniesiony)|(?:är|har) (?:\w+ )?(?:flyttat|avslutat|nedlagt|stängt)"
)
_NOTICE = re.compile(
    rf"\W*(?:{_OWN}.{{0,40}}?\b(?:{_ENDED})"
    r"|(?:we(?:'ve| have) (?:moved|discontinued|retired|closed) (?:this|our) (?:\w+ )?feed)"
    r"|please update your (?:rss |feed )?(?:subscription|reader|feed)"
    r"|.{0,12}RSS.{0,12}(?:終了|停止|廃止|移転|종료|중단|已停止|停止更新|已终止|已終止))",
    re.IGNORECASE,
)


def is_notice(title: str) -> bool:
    """Whether this title says that the feed which holds it has ended or moved."""
    return len(title.split()) <= MAX_WORDS and _NOTICE.match(title) is not None
