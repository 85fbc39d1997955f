"""Help desks, wikis and government sites: what surrounds their texts, and rules that are worded like it."""

import pytest

from monitor.compare.kinds import compare
from monitor.extract.markdown import read_markdown
from monitor.model import ChangeKind

POLICY = """
# Rules for sellers

These rules bind everybody who sells on our market.

## Goods

You must not sell:

* Weapons of any kind
* Medicines that need a prescription

## Complaints

{stretch}

We answer a complaint within 14 days. A second person looks at each appeal.
"""


def kind_of(before: str, after: str) -> ChangeKind:
    """The kind of change from one stretch of the same policy to another."""
    old, new = (read_markdown(POLICY.format(stretch=stretch)).blocks for stretch in (before, after))
    judgement = compare(old, new)
    assert judgement is not None
    return judgement.kind


SURROUNDINGS = [
    "[Submit a request](/new)",
    "Follow\n\nNot yet followed by anyone",
    "Article is closed for comments.",
    "0 comments\n\nPlease sign in to leave a comment.",
    "Powered by HelpDesk",
    "Copy page\n\nView as Markdown",
    "Save this page to your profile to get notifications on important updates.",
    "Stay organized with collections. Save and categorize content based on your preferences.",
    "This page was translated automatically. See the original in English",
    "In this guide\n\n* [Goods](#g)\n* [Complaints](#c)",
    "Is there anything wrong with this page?",
    "Subscribe to our newsletter",
    "Follow us on Mastodon and LinkedIn",
    "[Edit](/edit) | [History](/h) | [Watch](/w)",
    "Please enable JavaScript to view this page.",
    "Zurück zum Anfang",
    "Haben Sie Fragen? Anfrage einreichen",
    "Vous avez d'autres questions ? Envoyer une demande",
    "Imprimer cette page",
    "¿Fue útil este artículo?\n\nSí No",
    "Tem mais dúvidas? Enviar uma solicitação",
    "他にご質問がございますか?リクエストを送信",
    "ページトップへ戻る",
    "arrow_forward",
    "thumb_up thumb_down",
    "null",
    "s",
    "p.p1 {margin: 0.0px 0.0px 12.0px; font: 12.0px Times} .cls-1{fill:#fff}",
    "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}",
    "## AI-generated key takeaways\n\n* Sellers must not sell weapons.\n* Complaints are answered within 14 days.",
]


@pytest.mark.parametrize("aside", SURROUNDINGS)
def test_what_a_help_desk_or_converter_puts_around_a_text_is_boilerplate(aside):
    assert kind_of("", aside) is ChangeKind.BOILERPLATE
    assert kind_of(aside, "") is ChangeKind.BOILERPLATE


TICKS = [
    ("Followed by 12 people", "Followed by 13 people"),
    ("This page has been accessed 12,345 times.", "This page has been accessed 12,399 times."),
    ("Estimated reading time: 6 minutes", "Estimated reading time: 7 minutes"),
    ("Average rating: 4.2 out of 5 (120 ratings)", "Average rating: 4.3 out of 5 (125 ratings)"),
    ("Download this text as PDF (120 KB)", "Download this text as PDF (123 KB)"),
    ("Seite 2 von 9", "Seite 2 von 10"),
    ("Utilisateurs qui ont trouvé cela utile : 3 sur 9", "Utilisateurs qui ont trouvé cela utile : 4 sur 10"),
    ("9人中3人がこの記事が役に立ったと言っています", "10人中4人がこの記事が役に立ったと言っています"),
    ("Publicado el 3 de mayo de 2026", "Publicado el 4 de junio de 2026"),
    ("Next review due: 3 May 2029", "Next review due: 4 June 2029"),
    ("v. 2026-05-03", "v. 2026-06-04"),
    ("Written by Anna Berg. Updated 2 weeks ago", ""),
    ("© 2026 Example Market. All rights reserved.", ""),
]


@pytest.mark.parametrize(("before", "after"), TICKS)
def test_what_a_site_counts_or_stamps_is_a_tick(before, after):
    assert kind_of(before, after) is ChangeKind.DATE_TICK


RULES_LIKE_BUTTONS = [
    "Follow the law on child safety",
    "Have questions? You must write within 3 days.",
    "Submit a request within 30 days",
    "Powered by hydrogen cells must be declared",
    "Edit your offer within 24 hours",
    "Reading time limits apply",
    "Send the request as {name: x}",
    "Diese Seite teilen ist verboten",
    "Partager cette page est interdit",
    "印刷は禁止されています",
    "No.",
    "Nein",
    "Revised due date: 3 May 2026",
    "## Contents\n\nNo liquids",
    "## AI-generated images\n\n* Ban fakes",
    "## Permissions\n\n* Edit",
    "[privacy@example.org](mailto:privacy@example.org)",
]


@pytest.mark.parametrize("rule", RULES_LIKE_BUTTONS)
def test_a_rule_that_begins_like_a_button_is_substantive_when_it_comes_or_goes(rule):
    assert kind_of("", rule) is ChangeKind.SUBSTANTIVE
    assert kind_of(rule, "") is ChangeKind.SUBSTANTIVE


RULES_LIKE_TICKS = [
    ("### Can I sell knives?\n\nYes", "### Can I sell knives?\n\nNo"),
    ("### Puis-je vendre ?\n\nOui", "### Puis-je vendre ?\n\nNon"),
    ("| Yes | No |", "| No | Yes |"),
    ("Maximum number of comments: 5", "Maximum number of comments: 10"),
    ("Total number of partners allowed: 5", "Total number of partners allowed: 6"),
    ("Minimum votes: 10", "Minimum votes: 12"),
    ("Comments per day: 5", "Comments per day: 9"),
    ("Höchstzahl der Kommentare: 5", "Höchstzahl der Kommentare: 9"),
    ("Número máximo de comentarios: 5", "Número máximo de comentarios: 9"),
    ("Revised due date: 3 May 2026", "Revised due date: 9 May 2026"),
    (
        "Last updated: 3 May 2026. Sellers must reply within 3 days.",
        "Last updated: 4 June 2026. Sellers must reply within 2 days.",
    ),
    ("Last updated: 3 May 2026\nSellers pay 5 EUR.", "Last updated: 4 June 2026\nSellers pay 6 EUR."),
    ("Updated 3 May 2026. No knives.", "Updated 4 June 2026. Knives allowed."),
    ("© 2025 Example. You may copy this.", "© 2026 Example. You may not copy this."),
    ("You may not:\n\n* Follow\n* Like", "You may not:\n\n* Follow"),
    ("| Acme Hosting | Ireland |", "| Acme Hosting | Ireland |\n| Gamma AI | USA |"),
    ("### Sub-processors\n\nAcme Hosting", "### Sub-processors\n\nAcme Hosting\n\nGamma Pay"),
    ("### Länder\n\n* Österreich\n* Belgien", "### Länder\n\n* Österreich"),
    ("| _ga | Analytics | 2 years |", "| _ga | Analytics | 13 months |"),
    ("出品者は返品を受け付ける必要があります。", "出品者は返品を受け付ける必要がありません。"),
    ("Le vendeur doit répondre sous 14 jours.", "Le vendeur peut répondre sous 14 jours."),
    ("O comprador não pode cancelar.", "O comprador pode cancelar."),
    ("Status: in force", "Status: repealed"),
    ("The the fee is due", "The fee is not due"),
]


@pytest.mark.parametrize(("before", "after"), RULES_LIKE_TICKS)
def test_a_rule_that_changes_beside_or_like_a_stamp_or_answer_is_substantive(before, after):
    assert kind_of(before, after) is ChangeKind.SUBSTANTIVE
    assert kind_of(after, before) is ChangeKind.SUBSTANTIVE


def test_a_word_written_twice_is_editorial():
    after = "Fill out our form to complain."
    assert kind_of("Fill out our our form to complain.", after) is ChangeKind.EDITORIAL


RUNNING_TEXT = "We close a shop that breaks a rule, and we tell the seller why we closed it. " * 3


def test_a_title_typed_as_text_above_running_text_is_editorial():
    assert kind_of(RUNNING_TEXT, f"Penalties and Appeals\n\n{RUNNING_TEXT}") is ChangeKind.EDITORIAL


def kind_of_head(line: str) -> ChangeKind:
    policy = POLICY.format(stretch=RUNNING_TEXT)
    judgement = compare(read_markdown(policy).blocks, read_markdown(f"{line}\n{policy}").blocks)
    assert judgement is not None
    return judgement.kind


def test_the_title_of_the_page_with_its_publisher_is_boilerplate_where_a_heading_says_it():
    assert kind_of_head("Rules for sellers | Example Market\n") is ChangeKind.BOILERPLATE


def test_a_label_ahead_of_the_text_is_editorial():
    assert kind_of_head("Europe\n") is ChangeKind.EDITORIAL


def test_a_space_before_a_stop_is_white_space():
    assert kind_of("Write to the desk , please .", "Write to the desk, please.") is ChangeKind.WHITESPACE
