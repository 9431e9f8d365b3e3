"""Conversations that a mail shows to be one: in whatever order it comes, and only on good proof."""

import itertools
import random

import pytest

from inbox import conversations, merging, message_ids, messages, verify
from tests import furniture
from tests.conftest import NOON
from tests.ingest.conftest import deliver, mail, rows

MARIA = "Maria Holm <maria@customer.test>"
NILS = "Nils Berg <nils@customer.test>"
BOB = "Bob <bob@customer.test>"
MALLORY = "Mallory <mallory@elsewhere.test>"


def one(name, *answers, sender=NILS, references=(), **about):
    """A mail called `name`; it answers the first of `answers` in In-Reply-To."""
    more = f"In-Reply-To: <{answers[0]}@x.test>" if answers else ""
    if references:
        more += "\nReferences: " + " ".join(f"<{r}@x.test>" for r in references)
    given = {"subject": f"About {name}", "message_id": f"{name}@x.test", **about}
    return mail(f"I am {name}", sender=sender, more=more, **given)


def families(home):
    """{name of the mail: the conversation it stands in now}."""
    return dict(
        rows(
            home,
            "select replace(rfc_message_id, '@x.test', ''), coalesce(merged_into, c.id) "
            "from messages m join conversations c on m.conversation_id = c.id where m.id > 2",
        )
    )


def partition(home):
    found = {}
    for name, conversation in families(home).items():
        found.setdefault(conversation, set()).add(name)
    return sorted(sorted(names) for names in found.values())


def reason(home, name):
    return rows(
        home, "select thread_reason from messages where rfc_message_id = $i", i=f"{name}@x.test"
    )[0][0]


def kinds(home):
    return [k for (k,) in rows(home, "select kind from events order by event_id")]


def is_whole(home):
    found = verify.verify(home.store)
    return [
        f for f in found if f.subject != "raw_messages_and_messages" or "message 1 " not in f.fault
    ]


def apart(home, **about):
    """Two conversations of a thread whose middle is missing: its root, and an answer to `b`."""
    deliver(home, one("a", **about))
    deliver(home, one("c", "b", **about))
    assert partition(home) == [["a"], ["c"]]


def test_a_late_parent_makes_two_conversations_one(home, bo):
    apart(home)
    deliver(home, one("b", "a"))

    assert partition(home) == [["a", "b", "c"]]
    assert reason(home, "b") == "late_parent"
    assert kinds(home)[-2:] == ["merged", "merged"]
    (into,) = set(families(home).values())
    with home.store.read() as db:
        found = conversations.by_id(db, bo, into)
        told = messages.in_conversation(db, bo, into, found.family)
        assert [m.body_text.strip() for m in told] == ["I am a", "I am c", "I am b"]
        assert (found.message_count, found.waiting_since is None) == (3, False)
    linking = rows(home, "select message_id from events where kind = 'merged'")
    assert linking == rows(home, "select id from messages where rfc_message_id = 'b@x.test'") * 2


def test_what_comes_after_goes_to_the_one_that_stays(home):
    apart(home)
    deliver(home, one("b", "a"))
    stays = families(home)["b"]
    merged = rows(home, "select id from conversations where merged_into is not null")[0][0]
    signed = message_ids.make(home.keys, merged, 99, "example.com")
    token = message_ids.token(home.keys, merged)

    found = deliver(
        home,
        one("d", "c"),
        mail("e", message_id="e@x.test", more=f"In-Reply-To: <{signed}>"),
        mail("f", message_id="f@x.test", to=f"support+{token}@example.com"),
        mail("g", message_id="g@x.test", subject="Re: About c"),
    )

    assert [c for c, _ in found] == [stays] * 4
    assert [r for _, r in found] == ["reference", "signed", "plus_address", "subject"]
    assert is_whole(home) == []


def test_a_mail_that_names_mails_of_both_makes_them_one(home):
    apart(home)
    deliver(home, one("d", "c", references=["a"]))

    assert partition(home) == [["a", "c", "d"]]
    assert reason(home, "d") == "reference"


def test_inside_one_batch_no_second_conversation_is_left(home):
    deliver(home, one("a"), one("c", "b"), one("b", "a"))

    assert partition(home) == [["a", "b", "c"]]
    assert "merged" not in kinds(home)
    assert rows(home, "select count(*) from conversations where mailbox_id = 1") == [(2,)]
    assert is_whole(home) == []


def test_a_reply_of_ours_from_another_program_is_the_late_parent(home):
    deliver(home, one("a"))
    deliver(home, one("c", "b"))
    ours = one("b", "a", sender="Support <support@example.com>", to="nils@customer.test")
    deliver(home, ours, sent=True)

    assert partition(home) == [["a", "b", "c"]]
    assert is_whole(home) == []


@pytest.mark.parametrize("order", list(itertools.permutations("abcd")), ids="".join)
def test_a_chain_is_one_conversation_in_every_order(home, order):
    thread = {n: one(n, *before) for n, before in zip("abcd", ["", "a", "b", "c"], strict=True)}
    for name in order:
        deliver(home, thread[name])

    assert partition(home) == [["a", "b", "c", "d"]]
    if order in {tuple("dcba"), tuple("acdb"), tuple("dbac")}:
        assert is_whole(home) == []


def test_cycles_and_a_mail_that_names_itself_are_harmless(home):
    deliver(home, one("a", "a", references=["a", "b"]))
    deliver(home, one("b", "c", references=["b"]))
    deliver(home, one("c", "a", references=["c", "b", "a"]))

    assert partition(home) == [["a", "b", "c"]]
    assert is_whole(home) == []


def test_never_across_mailboxes(home):
    deliver(home, one("a"), mailbox_id=furniture.SALES)
    deliver(home, one("c", "b"))
    deliver(home, one("b", "a"))

    assert partition(home) == [["a"], ["b", "c"]]


def test_a_forged_id_of_our_shape_joins_nothing(home):
    deliver(home, one("a"))
    right = message_ids.make(home.keys, furniture.INVOICE, 5, "example.com")
    forged = right.replace(right.split(".")[2].split("@")[0], "0" * 32)
    deliver(home, mail("x", message_id=forged, more="In-Reply-To: <a@x.test>"))
    deliver(home, mail("y", message_id="y@x.test", more=f"References: <{forged}> <a@x.test>"))

    assert "merged" not in kinds(home)
    assert len(set(families(home).values())) == 1


def test_the_id_of_a_mail_of_ours_as_a_mails_own_joins_nothing(home):
    ours = message_ids.make(home.keys, furniture.INVOICE, 5, "example.com")
    deliver(home, one("a", sender=MARIA))
    deliver(home, mail("y", message_id="y@x.test", sender=MARIA, more=f"In-Reply-To: <{ours}>"))
    deliver(home, mail("z", message_id=ours, sender=MALLORY, more="In-Reply-To: <a@x.test>"))

    assert families(home)["y"] == furniture.INVOICE
    assert "merged" not in kinds(home)


def two_of_strangers(home):
    deliver(home, one("a", sender=MARIA))
    deliver(home, one("c", "b", sender=BOB))


def test_a_stranger_cannot_join_two_conversations(home):
    two_of_strangers(home)
    deliver(
        home,
        one(
            "b",
            "a",
            sender=MALLORY,
            to="support@example.com, maria@customer.test, bob@customer.test",
        ),
    )

    assert partition(home) == [["a", "b"], ["c"]]
    assert reason(home, "b") == "reference_stranger"
    assert kinds(home).count("looks_related") == 2
    deliver(home, one("d", "b", sender=MALLORY, references=["a", "c"]))
    assert partition(home) == [["a", "b", "d"], ["c"]]
    assert kinds(home).count("looks_related") == 2, "said once"


def test_nor_in_two_steps_by_writing_himself_into_both(home):
    two_of_strangers(home)
    everybody = "support@example.com, maria@customer.test, bob@customer.test"
    deliver(home, one("m1", "a", sender=MALLORY, to=everybody))
    deliver(home, one("m2", "c", sender=MALLORY, to=everybody))
    deliver(home, one("m3", "m1", sender=MALLORY, to=everybody))
    deliver(home, one("m4", "m2", sender=MALLORY, to=everybody))
    deliver(home, one("m5", "m4", sender=MALLORY, references=["a"], to=everybody))

    assert "merged" not in kinds(home)
    assert partition(home) == [["a", "m1", "m3"], ["c", "m2", "m4", "m5"]]


def test_nor_by_naming_the_victim_in_a_conversation_of_his_own(home):
    deliver(home, one("c", "b", sender=BOB))
    deliver(home, one("m1", sender=MALLORY, to="support@example.com, bob@customer.test"))
    deliver(home, one("m2", "m1", sender=MALLORY, references=["c"]))

    assert "merged" not in kinds(home)


def test_a_colleague_copied_in_both_is_proof(home):
    copied = "support@example.com, nils@customer.test"
    deliver(home, one("a", sender=MARIA, to=copied))
    deliver(home, one("c", "b", sender=BOB, to=copied))
    deliver(home, one("b", "a", sender=NILS))

    assert partition(home) == [["a", "b", "c"]]
    assert reason(home, "b") == "late_parent"


def test_an_answer_of_ours_to_people_of_both_is_proof(home):
    two_of_strangers(home)
    ours = one(
        "b",
        "a",
        sender="Support <support@example.com>",
        to="maria@customer.test, bob@customer.test",
    )
    deliver(home, ours, sent=True)

    assert partition(home) == [["a", "b", "c"]]


def test_what_mail_systems_report_joins_nothing(home):
    for name in "ac":
        deliver(home, one(name, sender=MARIA if name == "a" else BOB))
    daemon = "MAILER-DAEMON <mailer-daemon@mx.test>"
    deliver(home, one("r1", "a", sender=daemon), one("r2", "c", sender=daemon))
    deliver(home, one("r3", "a", sender=daemon, references=["c"]))

    assert "merged" not in kinds(home)


def test_what_an_agent_took_apart_stays_apart(home, bo):
    apart(home)
    deliver(home, one("b", "a"))
    (merged,) = rows(home, "select id from conversations where merged_into is not null")
    with home.store.write() as db:
        merging.unmerge(db, bo, merged[0], now=NOON)
    deliver(home, one("d", "c", references=["a"]))
    deliver(home, one("e", "d", references=["a", "c"]))

    assert partition(home) == [["a", "b"], ["c", "d", "e"]]
    assert kinds(home).count("looks_related") == 2
    assert is_whole(home) == []


def test_a_mail_without_a_date_takes_its_place_by_its_arrival(home):
    apart(home)
    undated = one("b", "a").replace(b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n", b"")
    deliver(home, undated)

    assert partition(home) == [["a", "b", "c"]]
    sent = rows(home, "select sent_at from messages where rfc_message_id = 'b@x.test'")
    assert sent == [(NOON,)]
    assert (
        rows(home, "select last_message_at from conversations where id = $i", i=families(home)["b"])
        == sent
    )


def test_two_mails_with_neither_date_nor_id_are_two_unless_they_are_the_same_bytes(home):
    bare = [
        mail(words, message_id=None, subject="Hm").replace(
            b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n", b""
        )
        for words in ("one", "two")
    ]
    found = deliver(home, *bare) + deliver(home, *bare)

    assert len(found) == 2
    assert len({c for c, _ in found}) == 2


def threads_of(seed, count):
    """Mails of one customer and us, in threads of one to nine; (mails, the threads as they are)."""
    chance = random.Random(seed)
    mails, expected = [], []
    while len(mails) < count:
        size = min(chance.randint(1, 9), count - len(mails))
        names = [f"t{len(expected)}m{n}" for n in range(size)]
        for n, name in enumerate(names):
            before = [names[chance.randrange(n)]] if n else []
            full = chance.random() < 0.3
            references = names[:n] if full else ()
            mails.append(one(name, *before, references=references))
        expected.append(sorted(names))
    return mails, sorted(expected)


@pytest.mark.parametrize("seed", range(12))
def test_small_batches_in_any_order_give_the_same_conversations(home, seed):
    mails, expected = threads_of(seed, 40)
    random.Random(seed).shuffle(mails)
    chance = random.Random(seed)
    while mails:
        size = chance.randint(1, 5)
        deliver(home, *mails[:size])
        mails = mails[size:]

    assert partition(home) == expected
    assert is_whole(home) == []


@pytest.mark.parametrize("way", ["reverse", "random"])
def test_two_thousand_mails_in_a_strange_order(home, way):
    mails, expected = threads_of(7, 2000)
    mails.reverse() if way == "reverse" else random.Random(7).shuffle(mails)
    for start in range(0, len(mails), 200):
        deliver(home, *mails[start : start + 200])

    assert partition(home) == expected
    assert is_whole(home) == []
