"""The one door to SMTP servers."""

import aiosmtplib  # noqa: F401
