-- name: begin
insert into conversations (
    mailbox_id, contact_name, contact_address, subject, snippet, status, created_at,
    last_message_at, closed_at, message_count, attachment_count, is_readable, begun_by
)
values (
    $mailbox_id, '', '', '', '', 'closed', $now, $now, $now, 0, 0, true, $agent_id
)
returning id;

-- name: begin_draft
insert into drafts (
    conversation_id, agent_id, kind, recipients, subject, body, answers_message_id,
    seen_event_id, revision, state, created_at, updated_at
)
values (
    $conversation_id, $agent_id, 'reply', $recipients, $subject, $body, null,
    0, $revision, 'open', $now, $now
)
returning id;

-- name: places
-- The agent's conversations that were begun and not sent, with their open drafts.
select
    conversations.id as conversation_id,
    conversations.mailbox_id,
    drafts.id as draft_id,
    drafts.recipients,
    drafts.subject,
    drafts.body,
    exists(
        select draft_attachments.id
        from draft_attachments
        where draft_attachments.draft_id = drafts.id
    ) as has_files,
    drafts.updated_at
from conversations
left join drafts
    on
        conversations.id = drafts.conversation_id
        and drafts.state = 'open'
        and drafts.agent_id = $agent_id
where
    conversations.begun_by = $agent_id
    and conversations.mailbox_id = any($mailboxes)
order by drafts.updated_at desc nulls last, conversations.id asc;

-- name: send
update conversations
set
    begun_by = null,
    status = 'open',
    closed_at = null,
    contact_id = $contact_id,
    contact_name = $contact_name,
    contact_address = $contact_address,
    subject = $subject,
    snippet = $snippet,
    created_at = $now,
    last_message_at = $now
where id = $conversation_id;

-- name: take_back
-- What was sent and undone is begun again, as long as nothing stands in it.
update conversations
set
    begun_by = $agent_id,
    status = 'closed',
    closed_at = $now,
    contact_id = null,
    contact_name = '',
    contact_address = '',
    subject = '',
    snippet = '',
    spam_at = null,
    trashed_at = null
where
    id = $conversation_id
    and message_count = 0
    and merged_into is null
    and begun_by is null
    and not exists (
        select 1
        from messages
        where messages.conversation_id = $conversation_id
    )
    and not exists (
        select 1
        from outbox
        where
            outbox.conversation_id = $conversation_id
            and outbox.state not in ('cancelled', 'failed')
    )
    and exists (
        select 1
        from events
        where
            events.conversation_id = $conversation_id
            and events.kind = 'written'
    );
