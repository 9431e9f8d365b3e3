"""The one door to IMAP servers."""

import imapclient as imapclient
