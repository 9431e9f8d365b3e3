"""The HTTP doors beside the pages: sign-in, live push, attachments, health."""
