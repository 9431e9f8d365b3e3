-- name: ask
update messages
set is_question = true
where id = $message_id;

-- name: of
-- A note that asks, in which conversation, and whether somebody has answered.
select
    conversation_id,
    agent_id,
    coalesce(is_question, false) as is_question,
    answered_at
from messages
where
    id = $message_id
    and direction = 'note';

-- name: answer
update messages
set
    answered_by = $agent_id,
    answered_at = $now
where
    id in (select unnest($ids::bigint[]))
    and is_question
    and answered_at is null;

-- name: reopen
update messages
set
    answered_by = null,
    answered_at = null
where id = $message_id;

-- name: open_in
-- The open questions of these conversations, and who asks.
select
    id,
    agent_id
from messages
where
    conversation_id = any($family::bigint[])
    and is_question
    and answered_at is null
    and hidden_at is null
order by id;

-- name: count
update conversations
set
    open_questions = (
        select count(*)
        from messages
        where
            messages.conversation_id = any($family::bigint[])
            and messages.is_question
            and messages.answered_at is null
            and messages.hidden_at is null
    )
where id = $conversation_id;
