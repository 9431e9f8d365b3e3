"""Text that is not quite plain: flowed, enriched, rich as of 1992, or with a file inside it."""

import binascii
import re

_COMMAND = re.compile(r"<(/?[A-Za-z0-9-]{1,60})>")
_BEGIN = re.compile(r"begin [0-7]{3,4} (\S[^\n]{0,200})")
_LONGEST_LINE = 62


def unflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676: lines that end in a blank go on; stuffed blanks are taken away. With `delsp` the
    blank at the end is not part of the words."""
    out: list[str] = []
    is_open = False
    for line in text.split("\n"):
        plain = line[1:] if line.startswith(" ") else line
        is_quote = plain.startswith(">")
        if is_open and out and not is_quote and plain != "-- ":
            out[-1] = (out[-1][:-1] if delsp else out[-1]) + plain
        else:
            out.append(plain)
        is_open = plain.endswith(" ") and plain != "-- " and not is_quote
    return "\n".join(out)


def enriched(text: str) -> str:
    """The words of text/enriched (RFC 1896): one line end is a blank, each further one a line."""
    text = re.sub(r"\n+", lambda ends: "\n" * (len(ends[0]) - 1) or " ", text.strip("\n"))
    return _without_commands(text.replace("<<", "\0"), "param").replace("\0", "<")


def richtext(text: str) -> str:
    """The words of text/richtext (RFC 1341, 7.1.3): line ends are blanks, `<nl>` ends a line."""
    text = re.sub(r"\s*<nl>\s*", "<nl>", " ".join(text.split("\n")), flags=re.IGNORECASE)
    text = re.sub(r"<nl>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"<lt>", "\0", text, flags=re.IGNORECASE)
    return _without_commands(text, "comment").replace("\0", "<").strip()


def _without_commands(text: str, unseen: str) -> str:
    out: list[str] = []
    depth = at = 0
    for command in _COMMAND.finditer(text):
        if not depth:
            out.append(text[at : command.start()])
        at = command.end()
        name = command[1].lower()
        depth += (name == unseen) - (name == f"/{unseen}" and depth > 0)
    return "".join(out) + ("" if depth else text[at:])


def without_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """(the words, the files uuencoded among them as name and bytes); what only looks like one,
    or has no end, stays in the text."""
    if "begin " not in text:
        return text, []
    lines = text.split("\n")
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    while at < len(lines):
        begin = _BEGIN.fullmatch(lines[at].rstrip())
        found = _file(lines, at + 1) if begin else None
        if begin and found:
            content, at = found
            files.append((begin[1], content))
            if kept and not kept[-1].strip() and at < len(lines) and not lines[at].strip():
                at += 1
        else:
            kept.append(lines[at])
            at += 1
    return "\n".join(kept), files


def _file(lines: list[str], at: int) -> tuple[bytes, int] | None:
    """(the bytes, the line after `end`); a data line tells its own length, so words are none."""
    out = bytearray()
    while at < len(lines):
        line = lines[at].rstrip("\r")
        at += 1
        if line.strip() == "end":
            return bytes(out), at
        if line.strip(" `") == "":
            continue
        size = (ord(line[0]) - 32) & 63
        length = 1 + (size + 2) // 3 * 4
        if not line.isascii() or len(line) > min(length + 1, _LONGEST_LINE):
            return None
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            return None
    return None
