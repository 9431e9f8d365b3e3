"""
Everything the house refuses to do, in words an agent can read:

* InboxError
  - AlreadyClaimed      a colleague was first
  - NotAllowed          the ability is missing in that mailbox
  - NotFound            no such thing, or not for this viewer (the same answer on purpose)
  - Invalid             what was typed cannot be used; names the field
  - Stale               the conversation moved on while the reply was written
  - Unconfirmed         a recipient deserves a second look first
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
    """A refusal. Pages show its message; anything else is a bug and surfaces as one."""


class AlreadyClaimed(InboxError):
    def __init__(self, winner: str) -> None:
        super().__init__(f"{winner} has this conversation.")
        self.winner = winner


class NotAllowed(InboxError):
    def __init__(self, ability: str) -> None:
        super().__init__(f"Your role here does not include “{ability}”.")


class NotFound(InboxError):
    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what} for you here.")


class Invalid(InboxError):
    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


class Stale(InboxError):
    """Carries the newer events, so that the agent can see what came in between."""

    def __init__(self, message: str, newer: tuple[int, ...]) -> None:
        super().__init__(message)
        self.newer = newer


class Unconfirmed(InboxError):
    """Carries who: (name, address, why) of each."""

    def __init__(self, people: list[tuple[str, str, str]]) -> None:
        super().__init__(
            "Somebody in To or Cc is new to this conversation, or one of us. Nothing was sent; "
            "say first that they are meant."
        )
        self.people = people


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

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class DeliveryFailed(InboxError):
    """`permanent` tells a definite 5xx refusal from a trouble that may pass."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class OutsideRefused(InboxError):
    pass
