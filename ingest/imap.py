"""The one door to IMAP servers."""

import imapclient  # noqa: F401
