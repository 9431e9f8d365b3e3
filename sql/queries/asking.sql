-- name: withdrawn
-- What a snapshot of that moment may show to somebody who may not see it any more.
with touched as (
    select distinct conversation_id
    from events
    where
        recorded_at >= $since
        and conversation_id is not null
        and kind in ('moved', 'unmoved', 'split', 'hidden', 'erased', 'trashed', 'marked_spam')
)

select conversation_id
from touched
union
select conversations.merged_into as conversation_id
from conversations
inner join touched
    on conversations.id = touched.conversation_id
where conversations.merged_into is not null
order by conversation_id;
