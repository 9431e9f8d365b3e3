-- name: queue
-- What was open at a moment, in the mailboxes that these are now.
select
    stands.conversation_id as id,
    conversations.mailbox_id,
    stands.mailbox_id as stood_in,
    conversations.subject,
    conversations.contact_name,
    stands.assignee_id,
    agents.name as assignee_name,
    stands.starts_at as since,
    coalesce(stands.snoozed_until > $at, false) as is_asleep
from metric.stands
inner join conversations
    on stands.conversation_id = conversations.id
left join agents
    on stands.assignee_id = agents.id
where
    stands.starts_at <= $at
    and coalesce(stands.ends_at > $at, true)
    and stands.is_open
    and stands.is_here
    and conversations.mailbox_id = any($mailboxes)
order by stands.conversation_id;

-- name: compared
-- What was open at a moment, and what is open now, beside each other; 0 is nobody.
with held as (
    select
        stands.conversation_id,
        stands.starts_at,
        coalesce(stands.assignee_id, 0) as agent_id,
        stands.snoozed_until,
        stands.starts_at <= $at and coalesce(stands.ends_at > $at, true) as is_then,
        stands.starts_at <= $now and coalesce(stands.ends_at > $now, true) as is_now
    from metric.stands
    inner join conversations
        on stands.conversation_id = conversations.id
    where
        stands.is_open
        and stands.is_here
        and stands.starts_at <= $now
        and coalesce(stands.ends_at > $at, true)
        and conversations.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
)

select
    conversation_id,
    max(agent_id) filter (where is_then) as then_agent_id,
    max(coalesce(snoozed_until > $at, false)) filter (where is_then) as was_asleep,
    max(epoch($at) - epoch(starts_at)) filter (where is_then) as stood_seconds,
    max(agent_id) filter (where is_now) as now_agent_id,
    max(coalesce(snoozed_until > $now, false)) filter (where is_now) as is_asleep
from held
where
    is_then
    or is_now
group by conversation_id
order by
    stood_seconds desc nulls last,
    conversation_id asc;

-- name: begun
-- Since when the diary knows how things stood in these mailboxes.
select min(stands.starts_at)
from metric.stands
inner join conversations
    on stands.conversation_id = conversations.id
where conversations.mailbox_id = any($mailboxes);
