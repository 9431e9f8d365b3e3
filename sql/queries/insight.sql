-- name: first_waits
-- The first wait of each conversation, by the day on which it began; what goes on is as long as it
-- has been so far.
with its as (
    select
        turns.conversation_id,
        turns.mailbox_id,
        turns.replied_by_id,
        turns.waiting_since,
        turns.state,
        turns.wait_business_seconds,
        conversations.channel,
        conversations.tags,
        coalesce(turns.ended_at, $now) as until
    from metric.turns
    inner join conversations
        on turns.conversation_id = conversations.id
    where
        turns.turn_no = 1
        and turns.state <> 'void'
        and turns.mailbox_id = any($mailboxes)
        and turns.waiting_since >= $since
        and turns.waiting_since < $until
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
),

in_force as (
    select
        its.*,
        versions.number
    from its
    asof left join metric.versions
        on
            its.mailbox_id = versions.mailbox_id
            and its.waiting_since >= versions.valid_from
)

select
    in_force.conversation_id,
    in_force.mailbox_id,
    in_force.replied_by_id as agent_id,
    in_force.waiting_since as began,
    in_force.state,
    in_force.channel,
    in_force.tags,
    epoch(in_force.until) - epoch(in_force.waiting_since) as seconds,
    case
        when in_force.number is null then null
        when in_force.state <> 'waiting' then in_force.wait_business_seconds
        else
            metric.open_seconds(
                in_force.until, ends.starts_at, ends.ends_at, ends.seconds_before
            )
            - metric.open_seconds(
                in_force.waiting_since, begins.starts_at, begins.ends_at, begins.seconds_before
            )
    end as business_seconds
from in_force
asof left join metric.segments as begins
    on
        in_force.number = begins.number
        and in_force.waiting_since >= begins.starts_at
asof left join metric.segments as ends
    on
        in_force.number = ends.number
        and in_force.until >= ends.starts_at
order by
    in_force.waiting_since,
    in_force.conversation_id;

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
