-- name: is_pair
-- Whether these two are a pair of this conversation's.
select count(*) > 0
from metric.pairs
where
    conversation_id = $conversation_id
    and first_message_id = $first_message_id
    and second_message_id = $second_message_id;

-- name: is_of
-- Whether both are messages of these conversations.
select count(*) = 2
from messages
where
    id in ($first_message_id, $second_message_id)
    and conversation_id = any($family::bigint[]);

-- name: is_intended
select count(*) > 0
from intended_pairs
where
    first_message_id = $first_message_id
    and second_message_id = $second_message_id;

-- name: intend
insert into intended_pairs (first_message_id, second_message_id, agent_id, marked_at)
values ($first_message_id, $second_message_id, $agent_id, $now);

-- name: unintend
delete from intended_pairs
where
    first_message_id = $first_message_id
    and second_message_id = $second_message_id;
