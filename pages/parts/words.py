"""Screen texts through gettext: English is the source, catalogues lie in pages/locale."""

import gettext
from pathlib import Path

_CATALOGUE = gettext.translation(
    "delad", localedir=Path(__file__).parent.parent / "locale", fallback=True
)
_ = _CATALOGUE.gettext
plural = _CATALOGUE.ngettext
