"""What there is to see, for the desk's pages and its API alike: frozen dataclasses, made from the store.

Does not do: drawing, HTTP, SQL, deciding.
"""
