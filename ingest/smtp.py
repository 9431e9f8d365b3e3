"""The one door to SMTP servers."""

import aiosmtplib as aiosmtplib
