"""Sizes as people say them."""


def said(size_bytes: int) -> str:
    """“812 B”, “4.2 MB”, “118 GB”: powers of a thousand, as disks are sold."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 100 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
