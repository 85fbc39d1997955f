"""The dates that a text states, and what happens on them.

    written    where dates stand                    meaning    what the words around a date make of it
    relative   "30 days after publication"          words      those words, in some twenty languages (words.toml)
    order      whether 03/04 is in March or April   changed    which dates a change states newly

A date that states nothing about the text or a deadline (a birthday, a case, "signed up before 4 March") is left out.

Does not do: legal references (`monitor.compare.citations`).
"""
