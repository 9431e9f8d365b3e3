-- name: first_waits
-- The first wait of each conversation, by the day on which it began; what goes on is as long as it
-- has been so far.
with its as (
    select
        conversation_id,
        mailbox_id,
        replied_by_id,
        waiting_since,
        ended_at,
        state,
        wait_business_seconds
    from metric.turns
    where
        turn_no = 1
        and state <> 'void'
        and mailbox_id = any($mailboxes)
        and waiting_since >= $since
        and waiting_since < $until
        and (
            $tag::varchar is null
            or conversation_id in (
                select conversations.id
                from conversations
                where
                    list_contains(
                        string_split(coalesce(conversations.tags, ''), chr(10)), $tag
                    )
            )
        )
),

waiting as (
    select
        its.*,
        $now as until,
        versions.number
    from its
    asof left join metric.versions
        on
            its.mailbox_id = versions.mailbox_id
            and its.waiting_since >= versions.valid_from
    where its.ended_at is null
),

found as (
    select
        conversation_id,
        mailbox_id,
        replied_by_id,
        waiting_since,
        state,
        epoch(ended_at) - epoch(waiting_since) as seconds,
        wait_business_seconds as business_seconds
    from its
    where ended_at is not null
    union all
    select
        waiting.conversation_id,
        waiting.mailbox_id,
        waiting.replied_by_id,
        waiting.waiting_since,
        waiting.state,
        epoch(waiting.until) - epoch(waiting.waiting_since) as seconds,
        case
            when waiting.number is not null
                then
                    metric.open_seconds(
                        waiting.until, ends.starts_at, ends.ends_at, ends.seconds_before
                    )
                    - metric.open_seconds(
                        waiting.waiting_since,
                        begins.starts_at,
                        begins.ends_at,
                        begins.seconds_before
                    )
        end as business_seconds
    from waiting
    asof left join metric.segments as begins
        on
            waiting.number = begins.number
            and waiting.waiting_since >= begins.starts_at
    asof left join metric.segments as ends
        on
            waiting.number = ends.number
            and waiting.until >= ends.starts_at
)

select
    found.conversation_id,
    found.mailbox_id,
    found.replied_by_id as agent_id,
    found.waiting_since as began,
    found.state::enum('answered', 'closed_unanswered', 'waiting') as state,
    conversations.channel,
    conversations.tags,
    found.seconds,
    found.business_seconds
from found
inner join conversations
    on found.conversation_id = conversations.id
order by
    found.waiting_since,
    found.conversation_id;

-- name: still_waiting
-- Whoever waits now, whatever period is looked at.
select
    turns.conversation_id,
    turns.mailbox_id,
    turns.turn_no,
    turns.waiting_since as began,
    conversations.assignee_id,
    epoch($now) - epoch(turns.waiting_since) as seconds
from metric.turns
inner join conversations
    on turns.conversation_id = conversations.id
where
    turns.state = 'waiting'
    and turns.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    turns.waiting_since,
    turns.conversation_id;

-- name: behind
-- What stands behind a number: the conversations themselves.
select
    conversations.id as conversation_id,
    conversations.mailbox_id,
    conversations.subject,
    conversations.contact_name,
    conversations.contact_address,
    conversations.status,
    conversations.last_message_at
from conversations
where
    conversations.id in (select unnest($ids::bigint[]))
    and conversations.mailbox_id = any($mailboxes);

-- name: names
select
    agents.id,
    agents.name
from agents
inner join memberships
    on agents.id = memberships.agent_id
where memberships.mailbox_id = any($mailboxes)
group by
    agents.id,
    agents.name;
