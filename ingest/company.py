"""Who took part in a conversation, and whose part in it is to be believed.

Everybody can name everybody as sender or recipient of a mail, and Message-IDs are no secret. So
that a stranger cannot join two conversations by a mail that names both, it is told apart who
merely stands in a conversation's mails, and who is known to belong to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Company:
    """The people of one conversation, without the mailbox's own addresses.

    `everybody` stands in one of its mails. `trusted` are those, but for strangers who wrote
    themselves into it and whom they brought. `voices` are the trusted who wrote, or to whom we did.
    `group` are those to whom every mail that came in was addressed, None before the first: the
    list or group on which it all goes on.
    """

    everybody: set[str] = field(default_factory=set)
    trusted: set[str] = field(default_factory=set)
    voices: set[str] = field(default_factory=set)
    group: set[str] | None = None

    def add(
        self,
        sender: str,
        recipients: Iterable[str],
        reason: str,
        ours: frozenset[str],
        *,
        is_sent: bool,
    ) -> None:
        """One more mail; `is_sent` for one of ours, `reason` says why it stands here."""
        named = set(recipients) - ours - {""}
        if not is_sent:
            addressed = named - {sender}
            self.group = addressed if self.group is None else self.group & addressed
        writer = {sender} - ours - {""}
        is_vouched = is_sent or reason != "reference_stranger"
        if is_vouched and not is_sent and reason == "reference":
            is_vouched = not self.everybody or sender in self.trusted
        self.everybody |= named | writer
        if is_vouched:
            self.trusted |= named | writer
            self.voices |= named if is_sent else writer

    def merge(self, other: "Company") -> None:
        """The two turned out to be one."""
        self.everybody |= other.everybody
        self.trusted |= other.trusted
        self.voices |= other.voices
        groups = [g for g in (self.group, other.group) if g is not None]
        self.group = set.intersection(*groups) if groups else None


def are_one(
    one: Company, other: Company, sender: str, recipients: set[str], *, is_sent: bool
) -> bool:
    """Whether a mail that names both conversations is to be believed: somebody spoke in both, its
    sender is known to belong to both, or both go on in one group and it is addressed there: who
    reads one there reads the other. A mail of our own need only go to people of both."""
    if one.voices & other.voices or recipients & (one.group or set()) & (other.group or set()):
        return True
    if is_sent:
        return bool(recipients & one.trusted and recipients & other.trusted)
    return sender in one.trusted and sender in other.trusted
