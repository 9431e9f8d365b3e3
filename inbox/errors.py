"""
Everything the house refuses to do, in words an agent can read:

* InboxError
  - AlreadyClaimed      a colleague was first
  - NotAllowed          the ability is missing in that mailbox
  - NotFound            no such thing, or not for this viewer (the same answer on purpose)
  - Invalid             what was typed cannot be used; names the field
  - Stale               the conversation moved on while the reply was written
  - TooLate             the undo window has closed
  - SignInRefused       wrong name or password, or too many guesses
  - LinkVoid            a one-time link was used, has expired or never was
  - StoreBusy           another process holds the database file
  - StoreStuck          the disk does not take what is to be written; it may pass
  - StoreDamaged        the database file, its migrations or its keys do not fit together
    - StoreUnreadable   the database file itself is damaged or gone: it can be rescued
  - Superseded          this thread hung, and another has taken its place
  - MailboxUnreachable  the IMAP server cannot be reached or refuses us
  - DeliveryFailed      the SMTP server cannot be reached or refuses a message
  - OutsideRefused      an address the house does not call, or an answer it does not take
"""


class InboxError(Exception):
    """A refusal: `text` with its `values` in place. Pages show it, in the language of whoever reads
    (inbox.words); anything else is a bug and surfaces as one."""

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values


class AlreadyClaimed(InboxError):
    def __init__(self, winner: str) -> None:
        super().__init__("{winner} has this conversation.", winner=winner)
        self.winner = winner


class NotAllowed(InboxError):
    def __init__(self, ability: str) -> None:
        super().__init__(f"Your role here does not include “{ability}”.")


class NotFound(InboxError):
    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what} for you here.")


class Invalid(InboxError):
    def __init__(self, field: str, why: str, /, **values: object) -> None:
        super().__init__(why, **values)
        self.field = field


class Stale(InboxError):
    """Carries the newer events, so that the agent can see what came in between."""

    def __init__(self, message: str, newer: tuple[int, ...]) -> None:
        super().__init__(message)
        self.newer = newer


class TooLate(InboxError):
    pass


class SignInRefused(InboxError):
    pass


class LinkVoid(InboxError):
    pass


class StoreBusy(InboxError):
    pass


class StoreStuck(InboxError):
    """The same may go well when there is room."""


class StoreDamaged(InboxError):
    pass


class StoreUnreadable(StoreDamaged):
    pass


class Superseded(InboxError):
    def __init__(self) -> None:
        super().__init__("This hung for too long; another took its place.")


class MailboxUnreachable(InboxError):
    """`kind` is one of address, network, tls, login, folder, refused, protocol: `refused` may
    go well later, `protocol` is an answer that nobody can read."""

    def __init__(self, kind: str, message: str, /, **values: object) -> None:
        super().__init__(message, **values)
        self.kind = kind


class DeliveryFailed(InboxError):
    """`permanent` tells a definite 5xx refusal from a trouble that may pass."""

    def __init__(self, message: str, /, *, permanent: bool, **values: object) -> None:
        super().__init__(message, **values)
        self.permanent = permanent


class OutsideRefused(InboxError):
    pass
