-- name: mails
-- The messages of a family in the order in which they are read, narrow.
select
    id,
    conversation_id,
    direction,
    sent_at,
    from_name,
    from_address,
    recipients,
    subject,
    rfc_message_id
from messages
where conversation_id = any($family::bigint[])
order by sent_at, id;

-- name: begin
-- A new conversation beside the one it comes from, as that one stands.
insert into conversations (
    id, mailbox_id, contact_id, contact_name, contact_address, subject, snippet, status,
    assignee_id, created_at, last_message_at, waiting_since, closed_at, message_count,
    attachment_count, is_readable, snoozed_until, snooze_stays, channel, is_vip
)
select
    $id,
    mailbox_id,
    $contact_id,
    $contact_name,
    $contact_address,
    $subject,
    snippet,
    status,
    assignee_id,
    created_at,
    last_message_at,
    waiting_since,
    closed_at,
    0,
    0,
    true,
    snoozed_until,
    snooze_stays,
    channel,
    $is_vip
from conversations
where id = $from_id;

-- name: move_messages
update messages
set conversation_id = $into_id
where id in (select unnest($ids::bigint[]));

-- name: move_bodies
update bodies
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_search_keys
update search_keys
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_attachments
update attachments
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_bounces
update bounces
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_outbox
update outbox
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_drafts
-- An answer that is being written goes with what it answers.
update drafts
set conversation_id = $into_id
where
    state = 'open'
    and answers_message_id in (select unnest($ids::bigint[]));

-- name: move_notifications
update notifications
set conversation_id = $into_id
where message_id in (select unnest($ids::bigint[]));

-- name: move_references
-- The ids that are these messages' own; what only names them stays where it is.
update message_references
set conversation_id = $into_id
where
    is_message
    and conversation_id = any($family::bigint[])
    and rfc_message_id in (select unnest($rfc_ids::varchar[]));

-- name: share_reads
-- Whoever has seen the one has seen what comes from it.
insert into reads (conversation_id, mailbox_id, agent_id, seen_message_id, seen_at)
select
    $into_id,
    mailbox_id,
    agent_id,
    seen_message_id,
    seen_at
from reads
where
    conversation_id = $from_id
    and seen_message_id > 0;

-- name: share_follows
insert into follows (conversation_id, mailbox_id, agent_id, followed_at)
select
    $into_id,
    mailbox_id,
    agent_id,
    min(followed_at)
from follows
where conversation_id = any($family::bigint[])
group by mailbox_id, agent_id;

-- name: note
insert into splits (conversation_id, from_id, event_id, split_at)
values ($conversation_id, $from_id, $event_id, $now);

-- name: of
-- Where this conversation was split from, and by which event.
select
    from_id,
    event_id
from splits
where conversation_id = $conversation_id;

-- name: are_apart
-- Whether somebody has split one of these from another of these.
select count(*) > 0
from splits
where
    conversation_id in (select unnest($ids::bigint[]))
    and from_id in (select unnest($ids::bigint[]));

-- name: mailbox_of_message
select
    messages.conversation_id,
    messages.mailbox_id
from messages
where messages.id = $message_id;
