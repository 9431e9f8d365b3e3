-- name: rows_of
-- How these conversations stand, as their rows tell.
select
    id,
    mailbox_id,
    status,
    assignee_id,
    created_at,
    waiting_since,
    closed_at,
    spam_at,
    trashed_at,
    snoozed_until,
    last_message_at,
    last_reply_at,
    snippet,
    alert
from conversations
where id in (select unnest($ids::bigint[]))
order by id;

-- name: told_by
-- What the messages of these conversations say of them together.
select
    count(*) as message_count,
    coalesce(sum(attachment_count), 0)::integer as attachment_count,
    coalesce(bool_and(is_readable), true) as is_readable,
    min(sent_at) as first_at,
    max(sent_at) filter (where direction <> 'note') as last_at,
    max(sent_at) filter (where direction = 'out') as last_reply_at,
    max(id) as last_message_id,
    (
        select replies.agent_id
        from messages as replies
        where
            replies.conversation_id = any($family::bigint[])
            and replies.direction = 'out'
        order by
            replies.sent_at desc,
            replies.id desc
        limit 1
    ) as last_reply_agent_id,
    count(*) filter (
        where
        is_question
        and answered_at is null
        and hidden_at is null
    ) as open_questions
from messages
where conversation_id = any($family::bigint[]);

-- name: newest_words
select bodies.reply_text
from messages
inner join bodies
    on messages.id = bodies.message_id
where
    messages.conversation_id = any($family::bigint[])
    and messages.direction <> 'note'
    and messages.hidden_at is null
order by messages.sent_at desc, messages.id desc
limit 1;

-- name: customer_times
-- When the customers of these conversations wrote, and when that was heard of here. What was
-- imported tells when it was written alone.
select
    sent_at,
    case when via = 'import' then sent_at else greatest(sent_at, received_at) end as heard_at
from messages
where
    conversation_id = any($family::bigint[])
    and direction = 'in'
    and not is_auto
    and not is_bounce;

-- name: last_closed
select max(occurred_at)
from events
where
    conversation_id = any($family::bigint[])
    and kind = 'closed';

-- name: write
update conversations
set
    status = $status,
    assignee_id = $assignee_id,
    created_at = $created_at,
    waiting_since = $waiting_since,
    closed_at = $closed_at,
    spam_at = $spam_at,
    trashed_at = $trashed_at,
    snoozed_until = $snoozed_until,
    last_message_at = $last_message_at,
    last_reply_at = $last_reply_at,
    snippet = $snippet,
    message_count = $message_count,
    attachment_count = $attachment_count,
    is_readable = $is_readable,
    alert = $alert,
    last_message_id = $last_message_id,
    last_reply_agent_id = $last_reply_agent_id,
    open_questions = $open_questions
where id = $id;
