"""Which conversation a mail belongs to, always inside one mailbox.

In this order, and the reason is stored with the message:

* `signed`: it answers one of our Message-IDs. Only whoever got that mail (or was shown it) knows
  the id, and nobody can make one, so it joins whoever sends it. An id of our shape whose seal
  does not verify is a forgery: it is neither followed nor remembered.
* `plus_address`: it came to `support+token@…` with a token of ours.
* `reference`: In-Reply-To or References name an id this mailbox knows, be it only from other
  mails' References; newest first. Or its own Message-ID was named before it came (a late
  parent). The case of letters does not count: some programs answer in another. An id that
  several conversations know leads to the one in which its writer or its readers took part.
* `reference_stranger`: the same, from an address that took no part so far. Message-IDs of other
  people's mail are not secret: they stand in every copy and archive, and some are guessable. But
  a colleague who answers for the customer is an everyday case, and a mail set apart is a mail
  answered twice. So it joins and is marked: the page warns before anyone answers it, it never
  changes the conversation's contact, and an answer goes to whoever is shown as its recipient.
* `subject`: a reply prefix, the same bare subject, and a sender who took part within 30 days; of
  several such conversations the one the mail quotes. A mail that quotes or names something else
  answers something else.
* `late_parent`: it was named before it came, and names mails of another conversation itself: the
  two are one. They are merged, if the mail is to be believed (see ingest.company). If not, it is
  placed by what it names, marked like a stranger's, and both conversations get a hint.
* `new`: none of these.

A mail that names mails of several conversations joins these too, under the same condition. So one
thread becomes one conversation in whatever order its mails come. It does not where nothing proves
that it is one (nobody took part on both sides yet), where only the subject tells, and where an
agent has taken it apart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import message_ids
from ingest import company, quoted, quotes
from ingest.atlas import Atlas, addresses, references, token
from ingest.parse import Parsed

SUBJECT_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`conversation_id` is None for a new conversation. `related` are others that the mail names
    and that nothing proves to be one with it."""

    conversation_id: int | None
    reason: str
    related: tuple[int, ...] = ()


def place(atlas: Atlas, mail: Parsed, *, is_sent: bool, sent_at: datetime) -> Place:
    """Where the mail belongs; `is_sent` for one from our own Sent folder."""
    named = _named(atlas, mail, is_sent=is_sent)
    parent_of = _parent_of(atlas, mail, sent_at, is_sent=is_sent)
    if not named and parent_of is None:
        return _by_subject(atlas, mail, is_sent, sent_at) or Place(
            conversation_id=None, reason="new"
        )
    joined, reason = named[0] if named else (parent_of or 0, "reference")
    if reason == "reference" and not is_sent:
        took_part = mail.from_.address in atlas.company(joined).everybody
        reason = "reference" if took_part else "reference_stranger"
    own_id = (mail.rfc_message_id or "").lower()
    if mail.is_bounce or (not is_sent and message_ids.looks_like_ours(own_id)):
        # A stranger may give his mail the very Message-ID of one of ours.
        return Place(conversation_id=joined, reason=reason)
    return _with_others(atlas, mail, joined, reason, named, parent_of, is_sent=is_sent)


def _named(atlas: Atlas, mail: Parsed, *, is_sent: bool) -> list[tuple[int, str]]:
    """The conversations that a mail names, each once, with what decides for it; the first counts.
    One that is named by our own signature or token counts more than any other."""
    known = references(atlas.keys, mail)
    ours = [message_ids.read(atlas.keys, rfc_id.lower()) for rfc_id in known]
    signed = [atlas.split_off.get(our[1], our[0]) for our in ours if our]
    plus = token(atlas.keys, mail)
    found = [(c, "signed") for c in signed if c in atlas.here]
    found += [(plus, "plus_address")] if plus is not None and plus in atlas.here else []
    for rfc_id in known:
        likeliest = _knows(atlas, mail, rfc_id, is_sent=is_sent)
        found += [(likeliest, "reference")] if likeliest is not None else []
    reasons: dict[int, str] = {}
    for conversation_id, reason in found:
        reasons.setdefault(atlas.now(conversation_id), reason)
    return list(reasons.items())


def _knows(atlas: Atlas, mail: Parsed, rfc_id: str, *, is_sent: bool) -> int | None:
    """The conversation that knows the id; of several the one whose people write here, or are
    written to. An id that several mails carry leads to nobody else."""
    known = list(dict.fromkeys(atlas.now(one) for one in atlas.ids.get(rfc_id.lower(), ())))
    is_shared = len(atlas.carried.get(rfc_id.lower(), ())) > 1
    if len(known) < 2 and not is_shared:
        return next(iter(known), None)
    others = addresses(mail) - {mail.from_.address} - atlas.mailbox.addresses
    sides = (others, {mail.from_.address}) if is_sent else ({mail.from_.address}, others)
    for side in sides:
        took_part = [c for c in known if side & atlas.company(c).everybody]
        if is_shared and not took_part and side is sides[0]:
            return None
        known = took_part or known
    return known[-1]


def _parent_of(atlas: Atlas, mail: Parsed, sent_at: datetime, *, is_sent: bool) -> int | None:
    """The conversation that named this mail before it came.

    Where a message carries its id already it is another mail (the same one is never filed twice):
    a copy through a list, sent at the same moment and naming people of the first, or one of a form
    that gives every mail the same id, and then of another customer.
    """
    own = (mail.rfc_message_id or "").lower()
    found = _knows(atlas, mail, own, is_sent=is_sent) if own else None
    if found is None or own not in atlas.carried:
        return found
    is_copy = sent_at in atlas.carried[own] and addresses(mail) & atlas.company(found).everybody
    return found if is_copy else None


def _with_others(
    atlas: Atlas,
    mail: Parsed,
    joined: int,
    reason: str,
    named: list[tuple[int, str]],
    parent_of: int | None,
    *,
    is_sent: bool,
) -> Place:
    """Join the other conversations a mail names, as far as it is to be believed."""
    others = dict.fromkeys([c for c, why in named if why != "plus_address"])
    if parent_of is not None:
        others.setdefault(parent_of)
    recipients = addresses(mail)
    related = []
    for other in others:
        if (here := atlas.now(joined)) == (there := atlas.now(other)):
            continue
        sound = company.are_one(
            atlas.company(here),
            atlas.company(there),
            mail.from_.address,
            recipients,
            is_sent=is_sent,
        )
        if sound and not atlas.is_kept_apart(here, there):
            joined = atlas.join(here, there)
            reason = "late_parent" if other == parent_of else reason
        else:
            related.append(there)
            reason = "reference_stranger" if other == parent_of else reason
    return Place(conversation_id=atlas.now(joined), reason=reason, related=tuple(related))


def _by_subject(atlas: Atlas, mail: Parsed, is_sent: bool, sent_at: datetime) -> Place | None:
    """Of conversations that only their subject tells apart, the one that is quoted; where nothing
    is quoted and nothing named, the only one there is."""
    if mail.is_auto or not quotes.has_reply_prefix(mail.subject):
        return None
    if not quotes.bare_subject(mail.subject):
        return None
    others = {a.address for a in mail.to} if is_sent else {mail.from_.address}
    alike = atlas.alike(others - atlas.mailbox.addresses, mail.subject)
    near = [c for c, last in alike.items() if abs(sent_at - last) <= SUBJECT_DAYS]
    found = quoted.source(mail.text, {c: atlas.words.get(c, ()) for c in near})
    if found is None and len(near) == 1 and not mail.known_ids:
        found = None if quotes.has_history(mail.text) else near[0]
    return None if found is None else Place(conversation_id=found, reason="subject")
