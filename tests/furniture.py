"""What stands in the test house: written with plain SQL, so that no verb under test builds it."""

from dataclasses import asdict
from datetime import datetime

from inbox import search
from inbox.house import House

ADA, BO, CY, EVE = 1, 2, 3, 4
SUPPORT, SALES = 1, 2
INVOICE = 1
QUOTE = 2


def _key(subject: str) -> dict[str, str]:
    sender = ("Maria Holm", "maria@customer.test")
    found = asdict(search.key(subject=subject, body="Hello", sender=sender))
    return {name: words for name, words in found.items() if name != "tokens"}


def furnish(house: House, *, now: datetime) -> None:
    with house.store.export() as cursor:
        for name, is_admin in (
            ("Ada Lind", True),
            ("Bo Ek", False),
            ("Cy Dahl", False),
            ("Eve Holm", False),
        ):
            cursor.execute(
                "insert into agents (email, name, is_admin, is_active, signature, created_at) "
                "values ($email, $name, $is_admin, true, '', $now)",
                {
                    "email": f"{name.split()[0].lower()}@example.com",
                    "name": name,
                    "is_admin": is_admin,
                    "now": now,
                },
            )
        for local in ("support", "sales"):
            cursor.execute(
                "insert into mailboxes (address, name, auth, signature, save_sent, folders, "
                "poll_seconds, is_active, created_at) values ($address, $name, 'password', '', "
                "'auto', '[]', 60, true, $now)",
                {"address": f"{local}@example.com", "name": local.title(), "now": now},
            )
        for mailbox_id, agent_id, role in (
            (SUPPORT, ADA, "manager"),
            (SUPPORT, BO, "agent"),
            (SUPPORT, CY, "reader"),
            (SALES, EVE, "agent"),
        ):
            cursor.execute(
                "insert into memberships values ($mailbox_id, $agent_id, $role, 'as')",
                {"mailbox_id": mailbox_id, "agent_id": agent_id, "role": role},
            )
        for mailbox_id, subject in ((SUPPORT, "Invoice 12"), (SALES, "Quote for 40 units")):
            cursor.execute(
                "insert into conversations (mailbox_id, contact_name, contact_address, subject, "
                "snippet, status, created_at, last_message_at, waiting_since, message_count, "
                "attachment_count, is_readable) values ($mailbox_id, 'Maria Holm', "
                "'maria@customer.test', $subject, 'Hello', 'open', $now, $now, $now, 1, 0, true)",
                {"mailbox_id": mailbox_id, "subject": subject, "now": now},
            )
            cursor.execute(
                "insert into messages (conversation_id, mailbox_id, direction, via, sent_at, "
                "received_at, from_name, from_address, recipients, subject, rfc_message_id, "
                "is_auto, is_bounce, is_readable, attachment_count, thread_reason) values "
                "($mailbox_id, $mailbox_id, 'in', 'imap', $now, $now, 'Maria Holm', "
                "'maria@customer.test', '{}', $subject, 'm' || $mailbox_id || '@customer.test', "
                "false, false, true, 0, 'new')",
                {"mailbox_id": mailbox_id, "subject": subject, "now": now},
            )
            cursor.execute(
                "insert into bodies values ($mailbox_id, $mailbox_id, 'Hello', null, 'Hello')",
                {"mailbox_id": mailbox_id},
            )
            cursor.execute(
                "insert into search_keys values ($mailbox_id, $mailbox_id, $mailbox_id, $words, "
                "$now, $text, $sender, $recipients, $subject)",
                {"mailbox_id": mailbox_id, "now": now, **_key(subject)},
            )
