"""Mailboxes of which the truth is known, read by the real poll from a real server: nothing lost,
doubled, wrongly merged or garbled, and nothing split that ids tie together."""

import re
from datetime import datetime, timedelta

import pytest

from inbox.house import House
from ingest import poll
from tests.ingest.conftest import connect, rows
from tests.servers import MailServer
from tests.truth import customers, mailing_list
from tests.truth.plan import Account, Plan, account, tellable

LATER = datetime(2026, 6, 1, 12)
AT_A_TIME = 250
ON_THE_WAY = timedelta(seconds=4)
COUNT = 2_000
SHOWN = "select conversation_id, subject, body_text from report.messages where message_id > 2"
OWN = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.M)
NAMED = re.compile(rb"^(?:In-Reply-To|References):((?:[^\r\n]|\r\n[ \t])*)", re.M)


@pytest.mark.parametrize("seed", [11, 12])
def test_a_support_mailbox_stands_as_it_was_written(home: House, dovecot: MailServer, seed: int):
    found = filed(home, dovecot, customers.plan(seed, COUNT))

    assert found.lost == []
    assert found.doubled == []
    assert found.merged_wrongly == []
    assert found.garbled == []
    assert found.split == []


@pytest.mark.parametrize("seed", [21, 22])
def test_long_threads_of_a_mailing_list_stay_whole(home: House, dovecot: MailServer, seed: int):
    found = filed(home, dovecot, mailing_list.plan(seed, COUNT))

    assert (found.lost, found.doubled, found.merged_wrongly) == ([], [], [])
    assert found.garbled == []
    assert found.split == []


def filed(home: House, server: MailServer, plan: Plan) -> Account:
    """Post the plan's mails as they arrive, with a poll after each few hundred."""
    mailbox = connect(home, server.url)
    for start in range(0, len(plan.posts), AT_A_TIME):
        some = plan.posts[start : start + AT_A_TIME]
        with server.client() as client:
            for post in some:
                client.append(post.folder, post.raw, (), post.letter.sent_at + ON_THE_WAY)
        poll.poll(home, mailbox, now=LATER + timedelta(minutes=start))
    shown = []
    for conversation_id, subject, words in rows(home, SHOWN):
        letter = plan.letters[int(re.search(r"\((\d+)\)", words)[1])]
        is_right = (subject, _flat(words)) == (letter.subject, _flat(letter.words))
        shown.append((letter.number, conversation_id, is_right))
    return account(plan, tellable(_ids(plan)), shown)


def _flat(words: str) -> str:
    return " ".join(words.split())


def _ids(plan: Plan) -> dict[int, tuple[str | None, tuple[str, ...]]]:
    """Letter → its Message-ID and those it names, read off the bytes without any parser of ours."""
    found = {}
    for post in plan.posts:
        head = post.raw.split(b"\r\n\r\n")[0]
        own = OWN.search(head)
        named = re.findall(rb"<([^>]+)>", b" ".join(NAMED.findall(head)))
        found[post.letter.number] = (
            own[1].decode() if own else None,
            tuple(one.decode() for one in named),
        )
    return found
