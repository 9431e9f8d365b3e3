"""Files in a draft: added and taken out while it is written, sent or noted with its text."""

from datetime import datetime

from inbox import drafts
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.drafts import Draft
from inbox.errors import Invalid
from inbox.recipients import cleaned
from inbox.store import Session

LONGEST_FILENAME = 200
MOST_BYTES = 25_000_000


def attach(
    db: Session,
    agent: Agent,
    files: Files,
    draft_id: int,
    filename: str,
    content_type: str,
    content: bytes,
    *,
    now: datetime,
) -> Draft:
    """Add a file to the draft; answer the draft with its next revision and the file as its last.

    Raises Invalid when all files together would be too big to mail.
    """
    draft = drafts.writable(db, agent, draft_id)
    drafts.must_be_open(draft)
    if len(content) + sum(a.size_bytes for a in draft.attachments) > MOST_BYTES:
        raise too_big()
    sha256 = files.put(content)
    name = cleaned(filename.replace("\\", "/").rsplit("/", 1)[-1])[-LONGEST_FILENAME:]
    db.value(
        "drafts.attach",
        draft_id=draft_id,
        filename=name or "file",
        content_type=cleaned(content_type)[:100] or "application/octet-stream",
        size_bytes=len(content),
        sha256=sha256,
    )
    db.change("drafts.touch", draft_id=draft_id, now=now)
    return drafts.own(db, agent, draft_id)


def detach(db: Session, agent: Agent, draft_id: int, attachment_id: int, *, now: datetime) -> Draft:
    """Take a file out of the draft; answer the draft. Taking it out twice changes nothing."""
    drafts.must_be_open(drafts.writable(db, agent, draft_id))
    if db.change("drafts.detach", draft_id=draft_id, attachment_id=attachment_id):
        db.change("drafts.touch", draft_id=draft_id, now=now)
    return drafts.own(db, agent, draft_id)


def too_big() -> Invalid:
    return Invalid(
        "attachment", "A mail carries at most {most} MB of files.", most=MOST_BYTES // 1_000_000
    )
