"""What a feed says of its own end: "This feed has ended", "Unser RSS-Feed ist umgezogen".

Platforms write about feeds all the time ("Our feed ranking has moved", "This channel policy was retired"), so a notice
is only what is beyond doubt: it speaks in its first words of this feed, or of the RSS or Atom feed of its publisher,
and says right after these words that it ends. In doubt a title is an entry like others.

Does not do: deciding whether the notice is the last word of the feed.
"""

from __future__ import annotations

import re

from monitor.patterns import LatePattern

MAX_WORDS = 20
"""A notice is a line; a longer title is about something else."""

_FORM = r"(?:rss|atom|xml|json)"
_WORD = r"(?:(?:news|web)?feeds?|channels?|flux|fils?|canal(?:es)?|kan(?:al|ał)\w{0,2}|flöde[nt]?|fuentes?)"
_NAMED = rf"(?:{_FORM}(?: news| web)?[ -]?{_WORD}|{_WORD} {_FORM}|syndication feeds?)"
"""A "channel" alone may be one of creators, "our feed" the one that a platform shows, "RSS" and "Atom" other bodies."""
_PLAIN = r"(?:(?:news|web)[ -]?)?(?:feeds?|flux)"
_THE = r"(?:the|der|die|das|le|les|el|los|il|lo|de|het|o|os) "
_THIS = r"(?:this|these|dies(?:er|e|es)|ce|ces|est[ea]s?|questo|questi|deze|dit|ten|den här|det här|detta|denne)"
_OUR = r"(?:our|unsere?|notre|nos|nuestros?|il nostro|onze|o nosso|nosso|vår[at]?|nasz)"
_OF = r"(?: (?:of|for|from|für|von|de|du|des|di|per|van|voor|för|dla)(?: [\w'\u2019.&-]+){1,4}?| d['\u2019]\w+)?"

_GONE = (
    r"(?:discontinued|retired|deprecated|replaced|superseded|removed|relocated|migrated|moved|archived|closed|withdrawn"
    r"|terminated|decommissioned|switched off|turned off|shut down)"
)
_ENDED = (
    rf"(?:(?:has|have) (?:now |since )?been|is|are|was|were|will(?: soon)? be) (?:(?:now|being|permanently) )*"
    rf"(?:{_GONE}|obsolete|inactive|defunct|at a new (?:address|location|url))"
    r"|(?:has|have) (?:now )?(?:ended|moved|closed|expired|migrated|relocated|shut down)"
    r"|(?:has|have) (?:now )?(?:a new (?:address|home|location|url)|ceased)"
    r"|will (?:soon )?(?:end|close|move|cease|expire|shut down)|(?:is|are) (?:ending|closing|moving to)"
    r"|(?:(?:is|are|will) )?no longer (?:be )?(?:being )?(?:updated|maintained|available|active|supported|in use"
    r"|in service|published|provided|offered|produced|valid|exists?|works?)"
    # German
    r"|(?:wurden?|wird|werden|ist|sind) (?:\w+ )?(?:eingestellt|umgezogen|beendet|abgeschaltet|ersetzt|geschlossen)"
    r"|(?:wird|werden|ist|sind|steht|stehen) (?:\w+ )?nicht (?:mehr|länger) (?:\w+ )?"
    r"(?:aktualisiert|gepflegt|verfügbar|angeboten|unterstützt|weitergeführt|betrieben|zur Verfügung|aktiv)"
    # French
    r"|(?:a|ont) (?:\w+ )?(?:été )?(?:\w+ )?(?:déménagé|supprimé|remplacé|fermé|arrêté|déplacé)s?"
    r"|(?:est|sera) (?:\w+ )?(?:supprimé|remplacé|fermé|arrêté|terminé|abandonné)"
    r"|(?:n['\u2019]est|ne sera|ne sont) plus (?:mis à jour|disponibles?|alimenté|actif|maintenu|actualisé)"
    # Spanish
    r"|ya no (?:está|se|estará) (?:disponible|activo|actualiza|actualizará|mantiene|publica|ofrece|en servicio)"
    r"|(?:ha sido|ha|fue|será) (?:finalizado|terminado|trasladado|cerrado|eliminado|sustituido|reemplazado"
    r"|descontinuado|movido)|se ha (?:trasladado|cerrado|movido|mudado)"
    # Italian
    r"|non (?:è|sarà|viene) più (?:disponibile|attivo|aggiornato|supportato|mantenuto)"
    r"|(?:è|sarà) stat[oi] (?:chius|spostat|trasferit|sostituit|dismess|eliminat)[oi]|si è (?:spostato|trasferito)"
    # Dutch
    r"|(?:wordt|is|zijn|worden) (?:\w+ )?niet (?:meer|langer) (?:bijgewerkt|beschikbaar|actief|onderhouden|ondersteund)"
    r"|(?:is|zijn|wordt|werd) (?:\w+ )?(?:beëindigd|verhuisd|gestopt|vervangen|opgeheven|stopgezet|verplaatst)"
    # Portuguese
    r"|(?:não (?:está|é|será) mais|já não (?:está|é)) (?:disponível|ativo|atualizado|mantido|suportado)"
    r"|foi (?:descontinuado|encerrado|movido|substituído|desativado|removido)|mudou de endereço"
    # Polish, Swedish
    r"|nie jest już (?:aktualizowany|dostępny|aktywny|wspierany)|został (?:zamknięty|przeniesiony|wyłączony|usunięty)"
    r"|(?:uppdateras|underhålls|finns) inte längre|har (?:\w+ )?(?:flyttat|flyttats|avslutats|upphört|stängts)"
)
_OWN = (
    rf"(?:{_THIS} (?:rss|(?:[\w-]+ )?{_NAMED})|{_OUR} (?:[\w-]+ )?{_NAMED})\b{_OF} (?:{_ENDED})\b"
    rf"|we(?:['\u2019]ve| have) (?:moved|discontinued|retired|closed) (?:this feed|(?:this|our) (?:\w+ )?{_NAMED})\b"
    r"|please update your (?:(?:rss|atom) (?:subscription|reader|feed)|feed (?:subscription|reader))s?\b"
)
_DAY = (
    r" (?:on|from|after|since|by|until|ab|zum|am|seit|le|depuis|à partir du|el|desde|a partir del|dal|il|op|vanaf|per"
    r"|em|från|den)(?: \w+)? \d"
)
_NEW_PLACE = (
    r" (?:to|at|à|vers|a|auf|zu|su|naar|para) (?:an?|the|our|une?|una|einen?|einer|een|uma?)"
    r" (?:new|neu|nouvel|nuev|nuov|nieuw|nov)"
)
_END = rf"(?=\W*$|[.!,;(]| [\u2013-] | and | as of |{_DAY}|{_NEW_PLACE})"
_ANY = rf"(?:{_THIS} {_PLAIN}{_OF} (?:{_ENDED})|(?:{_THE})?{_NAMED}{_OF} (?:{_ENDED}|{_GONE}|eingestellt))\b{_END}"
"""What could be another feed may only be said to end, when and where to: "RSS feeds are no longer supported by the
browser" and "This feed is no longer available to minors" are news."""
_EAST_ASIAN = (
    r"(?:(?:この|本|当|当サイトの)RSS|RSS(?=フィード|配信|の配信))(?:フィード|サービス|の?配信|の?更新|の?提供){0,3}[はをが]?"
    r"(?:終了|停止|廃止|移転|移行)(?:しました|します|いたしました|いたします|のお知らせ|について)?\W*$"
    r"|(?:本站?|此|该|該)RSS(?:订阅|訂閱|频道|頻道|服务|服務|源){0,2}(?:[现現将將]?已?)(?:停止|终止|終止|关闭|關閉|停用)"
    r"(?:更新|服务|服務|提供)?\W*$"
    r"|(?:(?:이|본|당사) ?RSS|RSS(?= ?(?:피드|서비스)))(?: ?(?:피드|서비스|제공)){0,2}[가이는은를을]?"
    r" ?(?:종료|중단|이전)(?:되었습니다|됩니다|합니다|했습니다| ?안내| ?공지)?\W*$"
)
_OPENING = r"\W*(?:(?:important|notice|attention|please note(?: that)?|achtung|hinweis|avis|aviso|avviso|info)\b\W*)*"
_NOTICE = LatePattern(rf"{_OPENING}(?:{_OWN}|{_ANY}|{_EAST_ASIAN})", re.IGNORECASE)


def is_notice(title: str) -> bool:
    """Whether this title says beyond doubt that the feed which holds it has ended or moved, or will."""
    return len(title.split()) <= MAX_WORDS and _NOTICE.match(title) is not None
