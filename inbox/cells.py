"""Strangers' words in files that spreadsheets open."""


def harmless(text: str) -> str:
    """The text as a cell that is no formula. Spreadsheets look past blanks, and take a tab or a
    line end at the beginning for one."""
    return f"'{text}" if text.lstrip()[:1] in {*"=+-@|%"} or text[:1] in {*"\t\r\n"} else text
