-- name: texts
-- The text of these messages and the names of their files, but nothing of what is hidden or kept
-- from some.
select
    'body' as kind,
    messages.id as message_id,
    bodies.body_text as words
from messages
inner join bodies
    on messages.id = bodies.message_id
where
    messages.id in (select unnest($ids::bigint[]))
    and bodies.message_id in (select unnest($ids::bigint[]))
    and messages.mailbox_id = any($mailboxes)
    and messages.hidden_at is null
union all
select
    'file' as kind,
    messages.id as message_id,
    attachments.filename as words
from messages
inner join attachments
    on messages.id = attachments.message_id
where
    messages.id in (select unnest($ids::bigint[]))
    and attachments.message_id in (select unnest($ids::bigint[]))
    and messages.mailbox_id = any($mailboxes)
    and messages.hidden_at is null
    and attachments.restricted_by is null;

-- name: followed
select coalesce(members.merged_into, members.id) as id
from follows
inner join conversations as members
    on follows.conversation_id = members.id
where
    follows.agent_id = $agent_id
    and members.mailbox_id = any($mailboxes);

-- name: unseen
select conversations.id
from conversations
left join reads
    on
        conversations.id = reads.conversation_id
        and reads.agent_id = $agent_id
where
    conversations.mailbox_id = any($mailboxes)
    and (
        coalesce(reads.seen_message_id = 0, false) or (
            conversations.status = 'open'
            and coalesce(conversations.last_message_id, 0) > coalesce(reads.seen_message_id, 0)
        )
    );

-- name: unwanted
-- The conversations with a message that holds what must not be there.
select distinct coalesce(members.merged_into, members.id) as id
from search_keys
inner join conversations as members
    on search_keys.conversation_id = members.id
where
    search_keys.mailbox_id = any($mailboxes)
    and (
        search_keys.in_order like $without_1
        or search_keys.in_order like $without_2
        or search_keys.in_order like $without_3
        or search_keys.sender like $without_from_1
        or search_keys.recipients like $without_to_1
        or search_keys.subject like $without_subject_1
    );
