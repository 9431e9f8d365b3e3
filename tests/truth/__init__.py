"""Invented mailboxes of which the truth is known: who wrote what, in which conversation."""
