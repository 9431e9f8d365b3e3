-- name: told
-- How many promises began on each day, of each kind and state; of what was late also on which day
-- it was due. Days begin at `edges`; what has ended before its time is up is ahead.
with edges as (
    select
        unnest($edges::timestamp[]) as begins,
        generate_subscripts($edges::timestamp[], 1) - 1 as number
),

its as (
    select
        promises.mailbox_id,
        promises.kind,
        promises.started_at,
        case
            when promises.due_at < $now::timestamp then promises.state
            when promises.ended_at is null then 'running'
            else 'ahead'
        end as state,
        case when promises.state = 'breached' then promises.due_at end as late_from
    from metric.targets_between($since::timestamp, $until::timestamp, $now::timestamp) as promises
    inner join conversations
        on promises.conversation_id = conversations.id
    where
        promises.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
)

select
    begun.number as day,
    due.number as due_day,
    its.mailbox_id,
    its.kind,
    its.state,
    count(*) as n
from its
asof inner join edges as begun
    on its.started_at >= begun.begins
asof left join edges as due
    on its.late_from >= due.begins
group by
    begun.number,
    due.number,
    its.mailbox_id,
    its.kind,
    its.state
order by
    begun.number,
    its.kind;

-- name: pressing
-- What has not ended: due next in front, and of what is late the latest; so many of each, with how
-- many are late and at risk in all.
select
    promises.conversation_id,
    promises.kind,
    promises.due_at,
    promises.state,
    promises.left_seconds,
    conversations.subject,
    conversations.contact_name,
    conversations.contact_address,
    coalesce(agents.name, '') as assignee,
    count(*) filter (where promises.state = 'breached') over () as late,
    count(*) filter (where promises.state = 'at_risk') over () as at_risk
from metric.targets_between($ever::timestamp, $never::timestamp, $now::timestamp) as promises
inner join conversations
    on promises.conversation_id = conversations.id
left join agents
    on conversations.assignee_id = agents.id
where
    promises.ended_at is null
    and promises.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
qualify
    row_number() over (
        partition by promises.state = 'breached'
        order by
            case
                when promises.state = 'breached' then -epoch(promises.due_at)
                else epoch(promises.due_at)
            end,
            promises.conversation_id,
            promises.kind
    ) <= $most
order by
    promises.state = 'breached',
    case
        when promises.state = 'breached' then -epoch(promises.due_at)
        else epoch(promises.due_at)
    end,
    promises.conversation_id,
    promises.kind;

-- name: behind
-- The conversations of promises that began in a period, those that were late first; of these, with
-- `due_from`, only who was due then.
select promises.conversation_id
from metric.targets_between($since::timestamp, $until::timestamp, $now::timestamp) as promises
inner join conversations
    on promises.conversation_id = conversations.id
where
    promises.kind = $kind
    and promises.state = any($states)
    and promises.due_at < $now::timestamp
    and promises.due_at >= $due_from::timestamp
    and promises.due_at < $due_until::timestamp
    and promises.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
group by promises.conversation_id
order by
    bool_or(promises.state = 'breached') desc,
    max(promises.due_at) desc,
    promises.conversation_id;

-- name: versions
select
    mailbox_id,
    kind,
    seconds,
    calendar,
    valid_from
from target_versions
where mailbox_id = any($mailboxes)
order by
    mailbox_id,
    valid_from,
    event_id;

-- name: hours
select
    id,
    calendar
from mailboxes
where id = any($mailboxes);

-- name: usual
-- How it went without a target: who waits still is in no median, and within nothing.
with its as (
    select
        turns.mailbox_id,
        case turns.turn_no when 1 then 'first_reply' else 'next_reply' end as kind,
        case
            when turns.state <> 'answered' then null
            when mailboxes.calendar is not null then turns.wait_business_seconds
            else epoch(turns.ended_at) - epoch(turns.waiting_since)
        end as seconds
    from metric.turns
    inner join mailboxes
        on turns.mailbox_id = mailboxes.id
    where
        turns.state in ('answered', 'waiting')
        and turns.mailbox_id = any($mailboxes)
        and turns.waiting_since >= $since
    union all
    select
        turns.mailbox_id,
        'resolution' as kind,
        case
            when mailboxes.calendar is not null then resolution.first_resolution_business_seconds
            else resolution.first_resolution_seconds
        end as seconds
    from metric.turns
    inner join mailboxes
        on turns.mailbox_id = mailboxes.id
    left join report.resolution
        on turns.conversation_id = resolution.conversation_id
    where
        turns.turn_no = 1
        and turns.state in ('answered', 'waiting')
        and turns.mailbox_id = any($mailboxes)
        and turns.waiting_since >= $since
),

steps as (
    select unnest($steps::bigint[]) as step
)

select
    its.mailbox_id,
    its.kind,
    steps.step,
    count(*) as n,
    count(*) filter (where its.seconds <= steps.step) as inside,
    percentile_cont(0.5) within group (order by its.seconds) as median
from its
cross join steps
group by
    its.mailbox_id,
    its.kind,
    steps.step
having count(its.seconds) > 0
order by
    its.mailbox_id,
    its.kind,
    steps.step;
