-- name: known_ids
-- Of the mailbox's conversations and of those that have left it. The rows of messages themselves
-- come last, the oldest conversation at the very end.
select
    rfc_message_id,
    conversation_id
from message_references
where
    (
        mailbox_id = $mailbox_id
        or conversation_id in (
            select moves.conversation_id
            from moves
            where
                moves.from_id = $mailbox_id
                and moves.undone_at is null
        )
    )
    and rfc_message_id in (select unnest($ids::varchar[]))
order by is_message asc, conversation_id desc;

-- name: split_off
-- Where those of these messages stand that were split from the conversation they were written in.
select
    id,
    conversation_id
from messages
where
    id in (select unnest($message_ids::bigint[]))
    and conversation_id in (select splits.conversation_id from splits);

-- name: here
-- Those of these that are conversations of this mailbox or have left it, the one each is in now,
-- since when that has been going on, and its mailbox.
select
    members.id,
    conversations.id as family_id,
    conversations.created_at,
    conversations.spam_at is not null as is_spam,
    conversations.mailbox_id
from conversations as members
inner join conversations
    on coalesce(members.merged_into, members.id) = conversations.id
where
    (
        members.mailbox_id = $mailbox_id
        or members.id in (
            select moves.conversation_id
            from moves
            where
                moves.from_id = $mailbox_id
                and moves.undone_at is null
        )
    )
    and members.id in (select unnest($conversation_ids::bigint[]));

-- name: participants
-- Of these conversations and of what was merged into them, in the order in which mails came. A
-- report from a mail system speaks for nobody.
select
    coalesce(conversations.merged_into, conversations.id) as conversation_id,
    messages.from_address,
    messages.recipients,
    case when messages.is_bounce then 'reference_stranger' else messages.thread_reason end
        as reason,
    messages.direction = 'out' as is_sent,
    messages.rfc_message_id,
    messages.sent_at
from messages
inner join conversations
    on messages.conversation_id = conversations.id
where
    coalesce(conversations.merged_into, conversations.id)
    in (select unnest($conversation_ids::bigint[]))
    and messages.direction <> 'note'
order by messages.id;

-- name: subjects
select
    messages.from_address as address,
    coalesce(conversations.merged_into, conversations.id) as id,
    conversations.subject,
    conversations.last_message_at
from messages
inner join conversations
    on messages.conversation_id = conversations.id
where
    (
        messages.mailbox_id = $mailbox_id
        or messages.conversation_id in (
            select moves.conversation_id
            from moves
            where
                moves.from_id = $mailbox_id
                and moves.undone_at is null
        )
    )
    and messages.from_address in (select unnest($addresses::varchar[]))
union
select
    contact_address as address,
    coalesce(merged_into, id) as id,
    subject,
    last_message_at
from conversations
where
    mailbox_id = $mailbox_id
    and contact_address in (select unnest($addresses::varchar[]))
order by last_message_at, id;

-- name: words
-- What the newest messages of these conversations say, of those merged into them too.
select
    told.conversation_id,
    told.body_text
from (
    select
        coalesce(conversations.merged_into, conversations.id) as conversation_id,
        left(bodies.body_text, $longest) as body_text,
        row_number() over (
            partition by coalesce(conversations.merged_into, conversations.id)
            order by messages.id desc
        ) as place
    from messages
    inner join conversations
        on messages.conversation_id = conversations.id
    inner join bodies
        on messages.id = bodies.message_id
    where
        coalesce(conversations.merged_into, conversations.id)
        in (select unnest($conversation_ids::bigint[]))
        and messages.direction <> 'note'
) as told
where told.place <= $most;
