"""How grave a change is and what it is about: what was added, removed or turned around.

    scale        severity and aspects from the findings
    findings     what each changed sentence does to a rule, with its points
    edits        passages as pairs of sentences
    lexicon, meanings, quantities, terms   the words and numbers that rules are made of (`lexicon.toml`)
    explain      the gravest finding in words

Does not do: deciding whether a change is told (`monitor.compare.noise`).
"""
