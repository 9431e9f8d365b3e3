-- name: depth
-- How much more or less was open, or waited, from one moment to the next. Who had it is told only
-- where colleagues may be compared: 0 is nobody, -1 a colleague.
with held as (
    select
        depth.kind,
        depth.enters,
        depth.leaves,
        case
            when depth.assignee_id is null then 0
            when conversations.mailbox_id = any($comparing) then depth.assignee_id
            else -1
        end as agent_id
    from
        metric.depth_between($since::timestamp, $until::timestamp, $step::double) as depth
    inner join conversations
        on depth.conversation_id = conversations.id
    where
        conversations.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
),

changes as (
    select
        kind,
        agent_id,
        enters as place,
        1 as change
    from held
    union all
    select
        kind,
        agent_id,
        leaves as place,
        -1 as change
    from held
    where leaves is not null
)

select
    kind,
    agent_id,
    place::bigint as place,
    sum(change)::bigint as change
from changes
group by
    kind,
    agent_id,
    place
order by
    kind,
    agent_id,
    place;

-- name: handled
-- By colleague and by the day that it was where the mailbox is; a row without a colleague is of
-- all of them, and who may not be compared has none.
with work as (
    select
        steps.conversation_id,
        case
            when conversations.mailbox_id = any($comparing) then steps.agent_id
            else -1
        end as agent_id,
        timezone(places.time_zone, timezone('UTC', steps.happened_at))::date as day
    from metric.steps
    inner join conversations
        on steps.conversation_id = conversations.id
    inner join metric.places
        on conversations.mailbox_id = places.mailbox_id
    where
        steps.agent_id is not null
        and steps.step in ('answered', 'closed_unanswered')
        and steps.happened_at >= $since
        and steps.happened_at < $until
        and conversations.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
)

select
    day::timestamp as day,
    agent_id,
    count(distinct conversation_id) as handled
from work
group by
    grouping sets ((day, agent_id), (day))
having agent_id is distinct from -1
order by
    day,
    agent_id;

-- name: handled_then
-- What a colleague handled, or all of them, from one day to another.
select distinct steps.conversation_id
from metric.steps
inner join conversations
    on steps.conversation_id = conversations.id
inner join metric.places
    on conversations.mailbox_id = places.mailbox_id
where
    steps.step in ('answered', 'closed_unanswered')
    and steps.agent_id is not null
    and steps.happened_at >= $since
    and steps.happened_at < $until
    and ($agent_id::bigint is null or steps.agent_id = $agent_id::bigint)
    and timezone(places.time_zone, timezone('UTC', steps.happened_at))::date >= $first::date
    and timezone(places.time_zone, timezone('UTC', steps.happened_at))::date <= $last::date
    and conversations.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by steps.conversation_id;

-- name: loads
-- How much each colleague had open, on average and in the busiest tenth of the time: of all of it,
-- or of the hours in which one of the mailboxes is open.
with held as (
    select
        stands.assignee_id as agent_id,
        greatest(stands.starts_at, $since) as starts_at,
        least(stands.ends_at, $until) as ends_at
    from metric.stands
    inner join conversations
        on stands.conversation_id = conversations.id
    where
        stands.is_open
        and stands.is_here
        and stands.assignee_id is not null
        and stands.starts_at < $until
        and coalesce(stands.ends_at > $since, true)
        and conversations.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
),

spans as (
    select
        spans.starts_at,
        spans.ends_at
    from metric.spans_between($since::timestamp, $until::timestamp) as spans
    where
        $is_business::boolean
        and spans.mailbox_id = any($mailboxes)
    union all
    select
        $since::timestamp as starts_at,
        $until::timestamp as ends_at
    where not $is_business::boolean
),

firsts as (
    select
        agent_id,
        min(starts_at) as starts_at
    from held
    group by agent_id
),

opens as (
    select
        firsts.agent_id,
        greatest(spans.starts_at, firsts.starts_at) as starts_at,
        least(spans.ends_at, $until::timestamp) as ends_at
    from firsts
    inner join spans
        on firsts.starts_at < spans.ends_at
    where least(spans.ends_at, $until::timestamp) > greatest(spans.starts_at, firsts.starts_at)
),

changes as (
    select
        agent_id,
        starts_at as happened_at,
        1 as change,
        0 as opens
    from held
    union all
    select
        agent_id,
        ends_at as happened_at,
        -1 as change,
        0 as opens
    from held
    where ends_at is not null
    union all
    select
        agent_id,
        starts_at as happened_at,
        0 as change,
        1 as opens
    from opens
    union all
    select
        agent_id,
        ends_at as happened_at,
        0 as change,
        -1 as opens
    from opens
),

moments as (
    select
        agent_id,
        happened_at,
        sum(change) as change,
        sum(opens) as opens
    from changes
    group by
        agent_id,
        happened_at
),

levels as (
    select
        agent_id,
        sum(change) over w as conversations,
        sum(opens) over w as opens,
        epoch(lead(happened_at) over w) - epoch(happened_at) as seconds
    from moments
    window w as (partition by agent_id order by happened_at)
),

spent as (
    select
        agent_id,
        conversations,
        sum(seconds) as seconds
    from levels
    where
        opens > 0
        and seconds > 0
    group by
        agent_id,
        conversations
),

pieces as (
    select
        *,
        sum(seconds) over (partition by agent_id order by conversations) as seconds_up_to,
        sum(seconds) over (partition by agent_id) as seconds_of_all
    from spent
)

select
    agent_id,
    sum(conversations * seconds) / sum(seconds) as mean,
    (min(conversations) filter (where seconds_up_to >= 0.9 * seconds_of_all))::bigint as p90
from pieces
group by agent_id
order by agent_id;

-- name: shift_ends
-- What nobody had whenever a mailbox closed; an end at which all had somebody is there as well.
select
    idle.mailbox_id,
    idle.shift_ended_at,
    count(conversations.id) as unassigned,
    avg(idle.unassigned_seconds) filter (where conversations.id is not null) as mean_seconds,
    max(idle.unassigned_seconds) filter (where conversations.id is not null) as longest_seconds
from metric.unassigned_between($since::timestamp, $until::timestamp) as idle
left join conversations
    on
        idle.conversation_id = conversations.id
        and conversations.mailbox_id = any($mailboxes)
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
where idle.mailbox_id = any($mailboxes)
group by
    idle.mailbox_id,
    idle.shift_ended_at
order by
    idle.shift_ended_at,
    idle.mailbox_id;

-- name: open_then
-- What was open at a moment, whoever had it (null: anybody; 0: nobody), longest first.
select stands.conversation_id
from metric.stands
inner join conversations
    on stands.conversation_id = conversations.id
where
    stands.starts_at <= $at
    and coalesce(stands.ends_at > $at, true)
    and stands.is_open
    and stands.is_here
    and ($agent_id::bigint is null or coalesce(stands.assignee_id, 0) = $agent_id::bigint)
    and ($stood_in::bigint[] is null or stands.mailbox_id = any($stood_in::bigint[]))
    and conversations.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    stands.starts_at,
    stands.conversation_id;

-- name: waiting_then
select turns.conversation_id
from metric.turns
inner join conversations
    on turns.conversation_id = conversations.id
where
    turns.state <> 'void'
    and turns.waiting_since <= $at
    and coalesce(turns.ended_at > $at, true)
    and conversations.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    turns.waiting_since,
    turns.conversation_id;
