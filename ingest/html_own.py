"""What of an HTML page stands outside history and signatures, gathered while the page is walked."""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from ingest import html_history, separators
from ingest.html_history import Mark

_PIECES = 30
_QUOTES = {Mark.WHOLE, Mark.OPEN, Mark.INDENT}


@dataclass(slots=True)
class Own:
    """The pieces a person wrote; a line `separators.PLACE` stands where a quote was left out.

    The walker tells of each element with `enter`, and with `leave` when one that hides is over.
    """

    pieces: list[str] = field(default_factory=list)
    has_mark: bool = False
    is_forward: bool = False
    is_hidden: bool = False
    is_over: bool = False
    is_intro: bool = False

    def write(self, piece: str) -> None:
        if not (self.is_hidden or self.is_over or self.is_intro):
            self.pieces.append(piece)

    def enter(self, node: LexborNode, tag: str) -> bool:
        """Whether the element hides all it holds."""
        if self.is_hidden or self.is_over:
            return False
        found = self._meant(html_history.mark(node, tag))
        if found is Mark.NONE:
            return False
        self.has_mark = True
        self._begin_line()
        if found in _QUOTES and not self.is_intro:
            self.pieces.append(separators.PLACE + "\n")
        self.is_over = found is Mark.END
        self.is_intro = found is Mark.OPEN or (self.is_intro and tag != "blockquote")
        self.is_hidden = found in {Mark.WHOLE, Mark.SIGNATURE}
        return self.is_hidden

    def leave(self) -> None:
        self.is_hidden = False

    def _meant(self, found: Mark) -> Mark:
        """The mark as what stands above it has it: an attribution, a forward or neither."""
        if found in _QUOTES:
            above = self._lines_above()
            self.is_forward = self.is_forward or separators.is_forward_mark(above[-1])
            if found is Mark.INDENT:
                is_quote = self.is_intro or separators.is_attributed(above, len(above))
                return Mark.WHOLE if is_quote else Mark.NONE
        self.is_forward = self.is_forward or found is Mark.FORWARD
        return Mark.NONE if found is Mark.FORWARD else found

    def _lines_above(self) -> list[str]:
        """The last three lines that are not empty, the last one last; at least one."""
        end = "".join(piece[-separators.LOOK :] for piece in self.pieces[-_PIECES:])
        lines = [said for line in end.split("\n") if (said := separators.plain(line))]
        return lines[-3:] or [""]

    def _begin_line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")
