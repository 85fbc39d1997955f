"""Topics that a title or an address names."""

from __future__ import annotations

import pytest

from monitor.discovery.topics import guess_topics

USED = {
    "terms",
    "privacy",
    "child-safety",
    "age-assurance",
    "ads",
    "developer-terms",
    "csam",
    "sexual-content",
    "ponds",
}


@pytest.mark.parametrize(
    ("title", "path", "topics"),
    [
        ("Privacy policy", "", ("privacy",)),
        ("Datenschutzerklärung", "", ("privacy",)),
        ("Politique de confidentialité", "", ("privacy",)),
        ("利用規約", "", ("terms",)),
        ("Terms of service", "", ("terms",)),
        ("Developer terms", "", ("developer-terms",)),
        ("Protecting children: age verification", "", ("child-safety", "age-assurance")),
        ("Child sexual abuse material", "", ("child-safety", "csam")),
        ("Policies", "legal/privacy-policy", ("privacy",)),
        ("Policies", "legal/Datenschutz%20heute", ("privacy",)),
        ("Deep ponds", "", ("ponds",)),
        ("Advertising of privacy for kids and their terms: age checks", "", ("ads", "privacy", "child-safety")),
        ("Loads of shades", "", ()),
        ("Community guidelines", "", ()),
    ],
)
def test_a_topic_is_known_by_its_words_if_the_file_uses_it(title, path, topics):
    assert guess_topics(title, f"https://fen.example/{path}", USED) == topics
