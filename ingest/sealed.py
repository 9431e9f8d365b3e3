"""S/MIME and PGP: what is signed is read, what is encrypted is said to be; nothing is verified."""

from ingest import mime
from ingest.mime import Part

ENCRYPTED = (
    "This mail is encrypted and cannot be read here. "
    "Open the original with a mail program that has the key."
)
PKCS7 = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_BEGIN_SECRET, _END_SECRET = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"
_BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = "-----END PGP SIGNATURE-----"


def kind_of(part: Part) -> str:
    """`signed`, `encrypted` or "" for one part: by its type, for PKCS #7 also by its bytes."""
    if part.content_type == "multipart/signed":
        return "signed"
    if part.content_type == "multipart/encrypted":
        return "encrypted"
    if part.content_type not in PKCS7:
        return ""
    said = part.parameters.get("smime-type", "").lower()
    if said in ("enveloped-data", "authenveloped-data"):
        return "encrypted"
    if said in ("signed-data", "certs-only") or _SIGNED_DATA in part.content()[:40]:
        return "signed"
    return "encrypted"


def inside(part: Part) -> Part | None:
    """The mail inside an opaque S/MIME signature (RFC 5652, 5.1 and 5.2), cut into its parts."""
    content = _eaten(part.content())
    return mime.split(content) if content else None


def disarmed(text: str) -> tuple[str, str]:
    """(the words without PGP armour, what it did to them): a secret is replaced by a remark."""
    if "-----BEGIN PGP " not in text:
        return text, ""
    if _BEGIN_SECRET in text and _END_SECRET in text:
        shown = _without_secrets(text)
        return (shown, "encrypted") if shown is not None else (text, "")
    if text.lstrip().startswith(_BEGIN_SIGNED) and _BEGIN_SIGNATURE in text:
        return _unsigned(text), "signed"
    return text, ""


def _without_secrets(text: str) -> str | None:
    """The words with a remark in place of each secret, in one pass; None when there is none."""
    kept: list[str] = []
    begun: int | None = None
    found = False
    for line in text.split("\n"):
        plain = line.rstrip()
        if begun is not None and plain == _END_SECRET:
            kept[begun:] = [ENCRYPTED]
            begun, found = None, True
            continue
        if begun is None and plain == _BEGIN_SECRET:
            begun = len(kept)
        kept.append(line)
    return "\n".join(kept) if found else None


def _unsigned(text: str) -> str:
    """RFC 4880, 7: armour headers end at an empty line, and dashes are escaped."""
    whole = text.lstrip()[len(_BEGIN_SIGNED) :]
    words, _, rest = whole.partition(_BEGIN_SIGNATURE)
    after = rest.partition(_END_SIGNATURE)[2].strip()
    lines = words.lstrip("\n").split("\n")
    body = lines[lines.index("") + 1 :] if "" in lines[:10] else lines
    plain = "\n".join(line.removeprefix("- ") for line in body).strip()
    return f"{plain}\n\n{after}" if after else plain


def _eaten(data: bytes) -> bytes:
    """The octets of SignedData.encapContentInfo, or nothing where the BER is not as it should."""
    if _SIGNED_DATA not in data[:40]:
        return b""
    at = data.index(_SIGNED_DATA) + len(_SIGNED_DATA)
    for tag in (0xA0, 0x30):
        at = _inside(data, at, tag)
    at = _after(data, _after(data, at))
    at = _inside(data, at, 0x30)
    at = _inside(data, _after(data, at), 0xA0)
    return _octets(data, at) if at else b""


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where the contents begin, their length or -1 for an indefinite one)."""
    if at <= 0 or at + 2 > len(data):
        return 0, 0, 0
    tag, length = data[at], data[at + 1]
    if length < 0x80:
        return tag, at + 2, length
    count = length & 0x7F
    if count == 0:
        return tag, at + 2, -1
    size = int.from_bytes(data[at + 2 : at + 2 + min(count, 8)], "big")
    return tag, at + 2 + count, size


def _inside(data: bytes, at: int, tag: int) -> int:
    found, begin, _ = _head(data, at)
    return begin if found == tag else 0


def _after(data: bytes, at: int) -> int:
    _, begin, size = _head(data, at)
    return begin + size if begin and 0 <= size <= len(data) - begin else 0


def _octets(data: bytes, at: int) -> bytes:
    """An OCTET STRING, in one or in pieces."""
    tag, begin, size = _head(data, at)
    if tag == 0x04:
        return data[begin : begin + size] if size >= 0 else b""
    if tag != 0x24:
        return b""
    out = bytearray()
    end = len(data) if size < 0 else min(len(data), begin + size)
    while begin < end:
        piece, first, length = _head(data, begin)
        if piece != 0x04 or length < 0:
            break
        out += data[first : first + length]
        begin = first + length
    return bytes(out)
