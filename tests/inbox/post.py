"""What the tests of outgoing mail share: a mailbox that can send, a draft, and Send."""

from inbox import drafts, newcomers, outbox
from inbox.messages import Address, Recipients
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT

MARIA = Address(name="Maria Holm", address="maria@customer.test")


def connect(house, smtp_url="smtp://127.0.0.1:1", mailbox_id=SUPPORT, **columns):
    """Give a mailbox of the test house its servers, with plain SQL."""
    with house.store.export() as cursor:
        for name, value in {"smtp_url": smtp_url, **columns}.items():
            cursor.execute(
                f"update mailboxes set {name} = $value where id = $mailbox_id",
                {"value": value, "mailbox_id": mailbox_id},
            )


def written(house, agent, body="Thank you.", conversation_id=INVOICE, now=NOON, **changes):
    """The agent's saved draft of a reply."""
    with house.store.write() as db:
        draft = drafts.start(db, agent, conversation_id, "reply", now=now)
        given = {
            "body": body,
            "recipients": draft.recipients,
            "subject": draft.subject,
            "kind": "reply",
        }
        return drafts.save(db, agent, draft.id, draft.revision, **(given | changes), now=now)


def send(house, agent, draft, now=NOON, is_sure=True, **options):
    """Press Send; who `is_sure` has confirmed every recipient before."""
    with house.store.write() as db:
        if is_sure and drafts.own(db, agent, draft.id).state == "open":
            asked = newcomers.of_draft(db, agent, drafts.own(db, agent, draft.id))
            newcomers.confirm(db, agent, draft.id, [one.address for one in asked], now=now)
        return outbox.send(
            db,
            agent,
            draft.id,
            draft.revision,
            keys=house.keys,
            raw=house.raw,
            files=house.files,
            settings=house.settings,
            now=now,
            how=outbox.How(**options),
        )


def to(*addresses, **kinds):
    return Recipients(to=tuple(Address(name="", address=a) for a in addresses), **kinds)


def one(house, sql, **params):
    with house.store.export() as cursor:
        return cursor.execute(sql, params or None).fetchone()


def every(house, sql, **params):
    with house.store.export() as cursor:
        return cursor.execute(sql, params or None).fetchall()


def kinds(house, conversation_id=INVOICE):
    return [
        kind
        for (kind,) in every(
            house,
            "select kind from events where conversation_id = $id order by event_id",
            id=conversation_id,
        )
    ]
