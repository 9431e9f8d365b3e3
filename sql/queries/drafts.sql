-- name: open_of
select
    drafts.id,
    drafts.conversation_id,
    conversations.mailbox_id,
    drafts.agent_id,
    drafts.kind,
    drafts.recipients,
    drafts.subject,
    drafts.body,
    drafts.answers_message_id,
    drafts.seen_event_id,
    drafts.revision,
    drafts.state,
    drafts.updated_at,
    coalesce(drafts.confirmed, '[]') as confirmed,
    drafts.effects,
    drafts.shared_at,
    drafts.reviewer_id,
    draft_attachments.id as attachment_id,
    draft_attachments.filename,
    draft_attachments.content_type,
    draft_attachments.size_bytes,
    draft_attachments.sha256
from drafts
left join conversations
    on drafts.conversation_id = conversations.id
left join draft_attachments
    on drafts.id = draft_attachments.draft_id
where
    drafts.conversation_id = any($family::bigint[])
    and drafts.state = 'open'
    and (
        drafts.agent_id = $agent_id
        or (drafts.shared_at is not null and drafts.kind = 'reply')
    )
order by drafts.updated_at desc, drafts.id desc, draft_attachments.id asc;

-- name: by_id
select
    drafts.id,
    drafts.conversation_id,
    conversations.mailbox_id,
    drafts.agent_id,
    drafts.kind,
    drafts.recipients,
    drafts.subject,
    drafts.body,
    drafts.answers_message_id,
    drafts.seen_event_id,
    drafts.revision,
    drafts.state,
    drafts.updated_at,
    coalesce(drafts.confirmed, '[]') as confirmed,
    drafts.effects,
    drafts.shared_at,
    drafts.reviewer_id,
    draft_attachments.id as attachment_id,
    draft_attachments.filename,
    draft_attachments.content_type,
    draft_attachments.size_bytes,
    draft_attachments.sha256
from drafts
left join conversations
    on drafts.conversation_id = conversations.id
left join draft_attachments
    on drafts.id = draft_attachments.draft_id
where drafts.id = $draft_id
order by draft_attachments.id;

-- name: start
-- Nobody can have seen what is not in the diary yet.
insert into drafts (
    conversation_id, agent_id, kind, recipients, subject, body, answers_message_id,
    seen_event_id, revision, state, created_at, updated_at
)
select
    $conversation_id,
    $agent_id,
    $kind,
    $recipients,
    $subject,
    '',
    $answers_message_id,
    least(coalesce($seen_event_id, max(events.event_id)), coalesce(max(events.event_id), 0)),
    0,
    'open',
    $now as created_at,
    $now as updated_at
from events
where events.conversation_id = any($family::bigint[])
returning id;

-- name: save
-- The revision is the lock: a text older than the stored one updates no row.
update drafts
set
    kind = $kind,
    recipients = $recipients,
    subject = $subject,
    body = $body,
    effects = $effects,
    revision = $revision + 1,
    updated_at = $now
where
    id = $draft_id
    and state = 'open'
    and revision = $revision;

-- name: acknowledge
-- Nobody can have seen what is not in the diary yet.
update drafts
set
    seen_event_id = greatest(
        seen_event_id,
        least(
            $seen_event_id,
            (
                select coalesce(max(events.event_id), 0)
                from events
                where events.conversation_id = any($family::bigint[])
            )
        )
    ),
    updated_at = $now
where
    id = $draft_id
    and state = 'open';

-- name: consume
update drafts
set state = $state
where
    id = $draft_id
    and state = 'open';

-- name: give_back
-- The next revision, so that the same text can be queued again.
update drafts
set
    state = 'open',
    revision = revision + 1,
    updated_at = $now
where
    id = $draft_id
    and state = 'sent';

-- name: restore
-- The next revision, as a page elsewhere may still hold the discarded one.
update drafts
set
    state = 'open',
    revision = revision + 1,
    updated_at = $now
where
    id = $draft_id
    and state = 'discarded';

-- name: share
update drafts
set
    shared_at = $shared_at,
    reviewer_id = $reviewer_id
where id = $draft_id;

-- name: attach
insert into draft_attachments (draft_id, filename, content_type, size_bytes, sha256)
values ($draft_id, $filename, $content_type, $size_bytes, $sha256)
returning id;

-- name: detach
delete from draft_attachments
where
    id = $attachment_id
    and draft_id = $draft_id;

-- name: touch
update drafts
set
    revision = revision + 1,
    updated_at = $now
where id = $draft_id;

-- name: answerable
-- What a reply may answer: the message asked for, else the newest a person wrote to us.
select
    messages.id,
    messages.direction,
    messages.from_name,
    messages.from_address,
    messages.recipients,
    messages.subject,
    messages.sent_at,
    case when messages.hidden_at is null then bodies.body_text else '' end as body_text
from messages
inner join bodies
    on messages.id = bodies.message_id
where
    messages.conversation_id = any($family::bigint[])
    and messages.direction <> 'note'
    and ($message_id is null or messages.id = $message_id)
order by
    messages.direction = 'in' and not messages.is_auto and not messages.is_bounce desc,
    messages.sent_at desc,
    messages.id desc
limit 1;
