-- Resolution time runs from the start of a conversation to its first close, and to its last.
create view report.resolution as
with closes as (
    select
        families.family_id as conversation_id,
        min(events.occurred_at) as first_closed_at,
        max(events.occurred_at) as last_closed_at
    from main.events
    inner join metric.families
        on events.conversation_id = families.conversation_id
    where events.kind = 'closed'
    group by families.family_id
),

told as (
    select
        closes.conversation_id,
        closes.first_closed_at,
        closes.last_closed_at,
        conversations.created_at as started_at,
        (
            select count(*)
            from metric.steps
            where
                steps.conversation_id = closes.conversation_id
                and steps.step = 'answered'
                and steps.happened_at <= closes.last_closed_at
        ) as replies
    from closes
    inner join main.conversations
        on closes.conversation_id = conversations.id
    where
        conversations.spam_at is null
        and conversations.trashed_at is null
)

select
    conversation_id,
    case when replies > 0 then 'resolved' else 'closed_without_reply' end as outcome,
    started_at,
    first_closed_at,
    last_closed_at,
    case when replies > 0 then epoch(first_closed_at) - epoch(started_at) end
        as first_resolution_seconds,
    case when replies > 0 then epoch(last_closed_at) - epoch(started_at) end
        as final_resolution_seconds,
    null::double as first_resolution_business_seconds,
    null::double as final_resolution_business_seconds
from told;
