"""The day's work: the inbox and one's own account."""
