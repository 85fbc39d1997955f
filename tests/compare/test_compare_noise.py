"""What people need not read, in many forms and languages, and beside it what looks like it and must be told."""

import pytest

from monitor.compare.kinds import compare
from monitor.extract.markdown import read_markdown
from monitor.model import TOLD_KINDS, ChangeKind, Severity

POLICY = """
# Rules for sellers

These rules bind everybody who sells on our market. {head}

## Goods

You must not sell:

* Weapons of any kind
* Medicines that need a prescription
{item}

## Complaints

{lead}

We answer a complaint within 14 days. A second person looks at each appeal.

{tail}
"""


def judged(before: dict[str, str], after: dict[str, str]):
    """The same policy with other stretches filled in; what is not named is left out."""
    old, new = (POLICY.format(**{"head": "", "item": "", "lead": "", "tail": ""} | each) for each in (before, after))
    return compare(read_markdown(old).blocks, read_markdown(new).blocks)


STAMPS = [
    ("Last updated: March 3, 2026", "Last updated: April 12, 2026"),
    ("Updated 3 days ago", "Updated 2 weeks ago"),
    ("_Last revised on 03/04/2026_", "_Last revised on 11/05/2026_"),
    ("Date of last revision: 3 March 2026", "Date of last revision: 1 June 2026"),
    ("This page was last edited on 3 March 2026, at 10:15.", "This page was last edited on 9 May 2026, at 08:00."),
    ("Stand: 03.03.2026", "Stand: 12.04.2026"),
    ("Zuletzt aktualisiert am 3. März 2026", "Zuletzt aktualisiert am 12. April 2026"),
    ("Letzte Aktualisierung vor 3 Tagen", "Letzte Aktualisierung vor 2 Wochen"),
    ("Dernière mise à jour : 3 mars 2026", "Dernière mise à jour : 12 avril 2026"),
    ("Mis à jour il y a 3 jours", "Mis à jour il y a 2 mois"),
    ("Última actualización: 3 de marzo de 2026", "Última actualización: 12 de abril de 2026"),
    ("Última atualização: 3 de março de 2026", "Última atualização: 12 de abril de 2026"),
    ("Ultimo aggiornamento: 3 marzo 2026", "Ultimo aggiornamento: 12 aprile 2026"),
    ("Laatst bijgewerkt op 3 maart 2026", "Laatst bijgewerkt op 12 april 2026"),
    ("Ostatnia aktualizacja: 3 marca 2026 r.", "Ostatnia aktualizacja: 12 kwietnia 2026 r."),
    ("Последнее обновление: 3 марта 2026", "Последнее обновление: 12 апреля 2026"),
    ("Senast uppdaterad 2026-03-03", "Senast uppdaterad 2026-04-12"),
    ("Son güncelleme: 3 Mart 2026", "Son güncelleme: 12 Nisan 2026"),
    ("最終更新日 2026年3月3日", "最終更新日 2026年4月12日"),
    ("最后更新 2026年3月3日", "最后更新 2026年4月12日"),
    ("최종 수정일: 2026년 3월 3일", "최종 수정일: 2026년 4월 12일"),
    ("© 2019-2025 Example Market Ltd. All rights reserved.", "© 2019-2026 Example Market Ltd. All rights reserved."),
    ("Copyright 2025 Example Market", "Copyright 2026 Example Market"),
    ("1.8M views", "1.9M views"),
    ("Views: 12,034", "Views: 12,190"),
    ("12 out of 30 found this helpful", "13 out of 32 found this helpful"),
    ("17 von 20 Personen fanden das hilfreich", "18 von 21 Personen fanden das hilfreich"),
    ("Comments (12)", "Comments (15)"),
    ("5 min read", "6 min read"),
    ("Number of vendors seeking consent: 591", "Number of vendors seeking consent: 588"),
    ("We and our 845 partners store data on your device.", "We and our 851 partners store data on your device."),
    ("Effective date: March 3rd, 2026", "Effective date: March 4th, 2026"),
    ("Effective date: 11-04-2026", "Effective date: 2026-11-04"),
    ("Version of 3 March 2026", "Version of 12 April 2026"),
    ("Published: 2026-03-03T10:00:00Z", "Published: 2026-03-04T10:00:00Z"),
    ("Reviewed March 2026", "Reviewed April 2026"),
    ("Page generated on 3 March 2026 at 10:15", "Page generated on 4 March 2026 at 11:20"),
]


@pytest.mark.parametrize(("before", "after"), STAMPS)
def test_a_stamp_clock_or_counter_is_a_tick(before, after):
    judgement = judged({"lead": before}, {"lead": after})
    assert judgement.kind is ChangeKind.DATE_TICK
    assert judgement.severity is Severity.LOW
    assert judgement.passages


@pytest.mark.parametrize("stamp", ["Last updated: March 3, 2026", "Stand: 03.03.2026", "Updated 3 days ago"])
def test_a_stamp_that_comes_or_goes_is_a_tick(stamp):
    assert judged({}, {"lead": stamp}).kind is ChangeKind.DATE_TICK
    assert judged({"lead": stamp}, {}).kind is ChangeKind.DATE_TICK


RULES_WITH_NUMBERS = [
    ("Effective date: March 3, 2026", "Effective date: May 3, 2026"),
    ("Effective date: March 3, 2026", "Effective date: February 1, 2026"),
    ("These rules take effect on March 3, 2026.", "These rules take effect on March 4, 2026."),
    ("These rules apply from 3 March 2026.", "These rules apply from 5 March 2026."),
    ("Channels with at least 1,000 views may apply.", "Channels with at least 2,000 views may apply."),
    ("We remove videos that were uploaded 2 years ago.", "We remove videos that were uploaded 3 years ago."),
    ("Videos published before 3 March 2024 are exempt", "Videos published before 9 March 2025 are exempt"),
    ("At most 5 comments a day", "At most 6 comments a day"),
    ("You need 10 votes.", "You need 12 votes."),
    ("You must be 13 or older.", "You must be 16 or older."),
    ("The fee is 2.5% of the price.", "The fee is 25% of the price."),
    ("The fee is $5.00.", "The fee is $500."),
    ("Write to desk@example.org.", "Write to appeals@example.org."),
    ("Call +1 555 0100.", "Call +1 555 0199."),
    (
        "Directive 95/46/EC, as last amended on 5 June 2019, applies.",
        "Directive 95/46/EC, as last amended on 5 June 2024, applies.",
    ),
    ("Our agent is Anna Berg.", "Our agent is Carl Dahl."),
    ("Sellers may appeal.", "Sellers may not appeal."),
    ("As of 3 March 2026 sellers must pay", "As of 3 April 2026 sellers must pay"),
    ("Changes on 3 March 2026: fees rise", "Changes on 5 June 2026: fees rise"),
    ("It is now allowed.", "It is not allowed."),
    ("It is legal to sell knives.", "It is illegal to sell knives."),
    ("Buyers and sellers must agree.", "Buyers or sellers must agree."),
    ("Import is allowed.", "Export is allowed."),
    ("Sellers must reply.", "Sellers should reply."),
    ("Wir antworten binnen 14 Tagen.", "Wir antworten binnen 30 Tagen."),
    ("Der Verkauf ist erlaubt.", "Der Verkauf ist nicht erlaubt."),
    ("La vente est autorisée.", "La vente n'est pas autorisée."),
    ("販売は許可されています。", "販売は許可されていません。"),
    ("允许销售。", "不允许销售。"),
    ("Purchases are refunded except tickets.", "Purchases are refunded including tickets."),
]


@pytest.mark.parametrize(("before", "after"), RULES_WITH_NUMBERS)
def test_one_number_date_name_or_word_of_a_rule_is_substantive(before, after):
    assert judged({"lead": before}, {"lead": after}).kind is ChangeKind.SUBSTANTIVE


LITTLE_ENTRIES = [
    ("item", "* Fireworks"),
    ("item", "* Alcohol"),
    ("item", "* Follow"),
    ("item", "* Share"),
    ("item", "* [Tobacco](/tobacco)"),
    ("item", "* What looks like a weapon"),
    ("lead", "| Acme Hosting | Dublin |"),
    ("lead", "| session_id | 2 years |"),
    ("tail", "* Marta99, since 3 December 2025"),
    ("lead", "No refunds."),
    ("lead", "Not for minors"),
    ("tail", "Our new rules take effect on 16 February 2026. [View the current rules](/current)"),
    ("tail", "Was this decision wrong? You can appeal within 30 days."),
    ("tail", "We share data with these partners."),
]


@pytest.mark.parametrize(("place", "entry"), LITTLE_ENTRIES)
def test_one_entry_that_comes_or_goes_is_substantive(place, entry):
    assert judged({}, {place: entry}).kind is ChangeKind.SUBSTANTIVE
    assert judged({place: entry}, {}).kind is ChangeKind.SUBSTANTIVE


ASIDES = [
    "Was this helpful?\n\nYes No",
    "Was this article helpful? Yes / No",
    "### Was this page helpful?\n\nYes\n\nNo",
    "Did you find what you were looking for?",
    "War dieser Artikel hilfreich?\n\nJa\n\nNein",
    "Cet article vous a-t-il été utile ?",
    "¿Te ha resultado útil este artículo?",
    "Este artigo foi útil?",
    "この記事は役に立ちましたか",
    "### Have a minute?\n\nTell us what you think\n\nStart survey",
    "Share\n\nPrint\n\nCopy link",
    "[Share](/s) [Print](/p)",
    "close",
    "[Deutsch](/de)\n\n[Français](/fr)\n\n[日本語](/ja)",
    "Back to top",
    "Skip to main content",
    "[← Previous: Delivery](/d)\n\n[Next: Refunds →](/r)",
    "Prev [Delivery](/d) Next [Refunds](/r)",
    "## Related articles\n\n* [How to open a shop](/open)\n* [Fees for sellers](/fees)",
    "## See also\n\n[Delivery](/d)\n\n[Refunds](/r)",
    "## Verwandte Themen\n\n* [Lieferung](/d)",
    "## Articles associés\n\n[Livraison](/d)",
    "## Artículos relacionados\n\n[Envíos](/d)",
    "## 関連記事\n\n[配送について](/d)",
    "[Home](/) › [Help](/help) › Rules for sellers",
    "1. [Help Center](/help)\n2. [Selling](/selling)\n3. Rules for sellers",
    "How do I open a shop?\n\nWhy was my offer removed?\n\nI can't sign in\n\nI have a different question",
    "Wie eröffne ich einen Laden?\n\nWarum wurde mein Angebot entfernt?\n\nIch habe eine andere Frage?",
    "Table of contents\n\n[Rules for sellers](#1)\n\n[Goods](#2)\n\n[Complaints](#3)",
    "On this page\n\n* [Goods](#2)\n* [Complaints](#3)\n* [Rules for sellers](#1)",
    "Click here to view our current seller rules",
    "[View previous versions](/archive)",
    "We use cookies to improve your visit. By continuing you accept them.",
    "Accept all cookies",
    "Sign in",
    "Seller SchoolHomeVideosArticlesGet startedOpen a ShopFirst stepsHow to sellWho buysYour first offerPackingSending",
    "Select your language: English",
    "Thanks for your feedback!",
    'Retrieved from "https://wiki.example.org/index.php?title=Rules&oldid=77"',
]


@pytest.mark.parametrize("aside", ASIDES)
def test_what_surrounds_the_text_is_boilerplate_when_it_comes_or_goes(aside):
    for judgement in (judged({}, {"tail": aside}), judged({"tail": aside}, {})):
        assert judgement.kind is ChangeKind.BOILERPLATE
        assert judgement.passages


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "## Related articles\n\n[Delivery](/d)\n\n[Refunds](/r)",
            "## Related articles\n\n[Gift cards](/g)\n\n[Tax](/t)",
        ),
        (
            "Why can't I sell?\n\nWhat is a shop?\n\nHow do I pay?",
            "What is a shop?\n\nMy shop was closed\n\nHow do I pay?",
        ),
        ("Prev [Delivery](/d) Next [Refunds](/r)", "Prev [Gifts](/g) Next [Tax](/t)"),
    ],
)
def test_other_links_and_questions_around_the_text_are_boilerplate(before, after):
    assert judged({"tail": before}, {"tail": after}).kind is ChangeKind.BOILERPLATE


FORMS = [
    ("**You** may sell gifts.", "You may sell *gifts*."),
    ("You may sell gifts.", "* You may sell gifts."),
    ("You may sell “gifts” – today.", 'You may sell "gifts" - today.'),
    ("You may sell gifts [today].", "You may sell gifts (today)."),
    ("● You may sell gifts", "•You may sell gifts"),
    ("You may sell gifts.\n\nAnd cards.", "You may sell gifts. And cards."),
    ("### Gifts\n\nYou may sell them.", "**Gifts**\n\nYou may sell them."),
    ("You may sell `gifts`.", "You may sell <b>gifts</b>.<br>"),
    ("You may sell gifts......... today", "You may sell gifts………… today"),
    ("You may sell gifts\\_and cards", "You may sell gifts_and cards"),
    ("You may sell gifts&nbsp;today", "You may sell gifts today"),
    ("- - -\n\nYou may sell gifts.", "You may sell gifts."),
    ("Gift CardsAnd Vouchers", "Gift Cards\n\nAnd Vouchers"),
    ("Third-party gifts", "Third party gifts"),
    ("GIFT CARDS", "Gift cards"),
    ("You may sell gifts).", "You may sell gifts."),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_another_form_of_the_same_words_is_white_space(before, after):
    judgement = judged({"lead": before}, {"lead": after})
    assert judgement is None or judgement.kind is ChangeKind.WHITESPACE


ADDRESSES = [
    (
        "Write to [desk@example.org](mailto:desk@example.org) first.",
        "Write to [\\[email protected\\]](/cdn-cgi/l/email-protection) first.",
    ),
    ("Write to desk@example.org first.", "Write to desk [at] example.org first."),
    ("Write to desk@example.org first.", "Write to desk(at)example(dot)org first."),
    ("See https://example.org/a first.", "See https://example.org/b?x=1 first."),
    ("See http://example.org/a first.", "See https://www.example.org/a first."),
    ("See [the form](/form) first.", "See the form first."),
    ("See [the form](/form) first.", "See [the form](/form.html) first."),
    ("See [the form](/form) first.", "See {{ site.form }} first."),
    ("See [the form](/form) first.", "See [the form](add link) first."),
    ("![A shop](/a.png) See the form.", "![The shop](https://img.example/b.png?sig=9) See the form."),
]


@pytest.mark.parametrize(("before", "after"), ADDRESSES)
def test_addresses_written_otherwise_are_links(before, after):
    assert judged({"lead": before}, {"lead": after}).kind is ChangeKind.LINKS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Sellers recieve a notice.", "Sellers receive a notice."),
        ("Sellers get the notice, too.", "Sellers get the notice too."),
        ("Each seller gets a notice.", "Each seller gets notice."),
        ("Use the App Store to pay.", "Use the app store to pay."),
        ("### Payments\n\nPay now.", "### Paying\n\nPay now."),
        ("[Advertising rules](/ads)", ""),
    ],
)
def test_wording_that_changes_no_rule_is_editorial(before, after):
    judgement = judged({"lead": before}, {"lead": after})
    assert judgement.kind in TOLD_KINDS
    assert judgement.kind is ChangeKind.EDITORIAL
    assert judgement.severity is not Severity.HIGH


def test_a_counter_at_the_head_of_a_long_text_that_a_converter_ran_together_is_a_tick():
    text = (
        "1.8M viewsLast updated: Mar 3, 2026It is our aim to keep this market safe. "
        + "Each seller keeps all rules. " * 300
    )
    assert judged({"lead": text}, {"lead": text.replace("1.8M", "2M")}).kind is ChangeKind.DATE_TICK
