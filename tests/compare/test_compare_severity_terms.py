"""Spans of time: which of them bind, so that a shorter one is grave, and which are only told."""

import pytest

from compare.texts import policy
from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.severity.explain import explain
from monitor.compare.severity.scale import weigh
from monitor.compare.summary import summarise
from monitor.model import Passage, PassageOp, Severity


def reworded(sentence, number, other):
    after = sentence.replace(number, other)
    return (Passage(PassageOp.REWORDED, (), sentence, after),)


@pytest.mark.parametrize(
    "sentence",
    [
        "We answer each objection at the latest after 30 days.",
        "Deleted posts leave our backups after 30 days.",
        "Accounts are closed after 30 days of inactivity.",
        "We erase it 30 days after you close your account.",
        "Notify us 30 days before the sale.",
        "The guest book is kept for 30 days.",
        "Your account is locked for 30 days.",
        "If we removed your post, it is restored after 30 days.",
        "If you have broken our rules, your account is locked for 30 days.",
        "Strikes expire after 30 days.",
        "You have 30 days to object.",
        "We give you 30 days' notice.",
        "A 30-day period begins with the notice.",
        "The notice period is 30 days.",
        "Retention period: 30 days.",
        "We look at every entry again every 30 days.",
        "We keep 30 days of logs.",
        "At this time, the appointed readers have 30 days to reply.",
        "The link works for 30 days.",
        "Die Daten werden nach 30 Tagen gelöscht.",
        "Protokolle heben wir 30 Tage lang auf.",
        "Die Frist beträgt 30 Tage.",
        "Sie haben 30 Tage Zeit.",
        "Elles sont effacées après 30 jours.",
        "Votre compte est bloqué pendant 30 jours.",
        "Vous avez 30 jours pour répondre.",
        "Se borran después de 30 días.",
        "La cuenta se bloquea durante 30 días.",
        "Tiene 30 días para responder.",
        "São apagados após 30 dias.",
        "Guardamos os registros por 30 dias.",
        "Sono rimossi dopo 30 giorni.",
        "Il termine è di 30 giorni.",
        "Ze worden na 30 dagen gewist.",
        "U heeft 30 dagen om te antwoorden.",
        "We bewaren ze 30 maanden.",
        "Dopo 30 settimane sono rimossi.",
    ],
)
def test_another_term_is_grave_and_named(sentence):
    passages = reworded(sentence, "30", "7")
    assert weigh(passages)[0] is Severity.HIGH
    assert explain(passages).startswith("the time limit changed from 30")


@pytest.mark.parametrize(
    "years",
    [
        "We keep receipts for 12 years.",
        "Invoices are archived for 12 years.",
        "You have up to 12 years after your content was removed to appeal.",
        "An account is idle that has not been used for at least 12 years.",
    ],
)
def test_years_bind_where_they_are_a_limit_or_something_is_kept(years):
    assert weigh(reworded(years, "12", "6"))[0] is Severity.HIGH


@pytest.mark.parametrize(
    "sentence",
    [
        "For more than 20 years we have helped makers.",
        "For 20 years, Example has been a place for makers.",
        "Our team is back after 20 years.",
        "20 years ago we began.",
        "After 20 days of talks, ministers agreed on a text.",
        "After 20 days of talks, the parties are at peace.",
        "The strike ended after 20 days.",
        "The outage was fixed after 20 hours.",
        "We met for 20 days in Paris.",
        "Over the past 20 months we removed many posts.",
        "In the last 20 days, people are watching more.",
        "In 20 months we grew by half.",
        "A study over 20 months shows that people like it.",
        "Nach 20 Tagen Verhandlungen einigten sich alle.",
        "In den letzten 20 Monaten haben wir viel gelernt.",
        "Après 20 jours de négociations, un accord est trouvé.",
        "Durante 20 días hubo reuniones.",
        "Nos últimos 20 meses removemos muitas contas.",
        "Negli ultimi 20 mesi abbiamo tolto molto.",
        "In de afgelopen 20 maanden hebben we veel geleerd.",
    ],
)
def test_a_span_of_what_was_stays_low(sentence):
    passages = reworded(sentence, "20", "25")
    assert weigh(passages)[0] is Severity.LOW
    assert explain(passages).startswith("only wording changed")


@pytest.mark.parametrize("cue", ["at the latest after", "after", "within"])
@pytest.mark.parametrize(
    "text",
    [
        "# Deletion\nA note of the check hangs at the door.\nDrafts leave our backups {}.",
        "# Deletion\nDrafts leave our backups {}. A note of the check hangs at the door.",
        "# Deletion\nDrafts leave our backups {}.\n# Checks\nSellers must keep a note of the check.",
    ],
)
def test_a_term_is_summed_up_rather_than_text_that_was_added_beside_it(cue, text):
    before = f"# Deletion\nDrafts leave our backups {cue} 30 days."
    passages = find_passages(align(policy(before), policy(text.format(f"{cue} 7 days"))))
    assert f"{cue.split()[-1]} 7 days." in summarise(passages)
    assert "note" not in summarise(passages)
