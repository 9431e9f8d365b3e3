"""Charts that are asked for again: whoever presses a mark gets the page anew, of the same numbers.

To draw one costs more than to ask for its numbers, so the last ones are kept, under all that they
are made of.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import ParamSpec

from inbox import words
from pages.parts.charts.look import Drawn

P = ParamSpec("P")
MOST = 64
_keeping = Lock()
_known: OrderedDict[bytes, Drawn] = OrderedDict()


def drawn_once(draw: Callable[P, Drawn]) -> Callable[P, Drawn]:
    """The chart of the same numbers in the same words, drawn once."""

    @wraps(draw)
    def chart(*args: P.args, **kwargs: P.kwargs) -> Drawn:
        made_of = (draw.__module__, words.language(), args, sorted(kwargs.items()))
        name = blake2b(pickle.dumps(made_of)).digest()
        found = _known.get(name) or draw(*args, **kwargs)
        with _keeping:
            _known[name] = found
            _known.move_to_end(name)
            while len(_known) > MOST:
                _known.popitem(last=False)
        return found

    return chart
