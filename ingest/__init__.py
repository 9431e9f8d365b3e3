"""The worker: mail in, mail out, and the clock."""
