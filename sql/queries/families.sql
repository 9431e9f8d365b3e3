-- name: of
-- The conversation that stands for this one, and what was merged into it.
with root as (
    select coalesce(merged_into, id) as id
    from conversations
    where id = $conversation_id
)

select conversations.id
from conversations
where
    conversations.id in (select root.id from root)
    or conversations.merged_into in (select root.id from root)
order by
    conversations.merged_into is not null,
    conversations.id;
