"""English words that say nothing about a subject: the ones that any rule and any procedure have.

Words of obligation (must, may, shall) are in the list: they make a change grave, which is the business of comparison,
but every procedure has them, so they do not tell one from another.

Does not do: stemming. The words stand here as they are written, in lower case.
"""

_WORDS = """
a about above after again against all also am an and any are aren't as at be because been before being below between
both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each either else etc
even every few following for from further had hadn't has hasn't have haven't having he her here hers him his how
however i i'm if in including into is isn't it it's its itself just least less like made make may me might more most
must my need neither no nor not now of off on once one only onto or other others our ours out over own per please
same shall she should shouldn't since so some such than that that's the their theirs them then there therefore
thereof these they this those through thus to too under unless until up upon us use used using very via was wasn't
we we're were weren't what when where whether which while who whom whose why will with within without won't would
yet you you're your yours
"""

STOPWORDS = frozenset(_WORDS.split())
