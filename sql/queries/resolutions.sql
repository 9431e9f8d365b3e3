-- name: begun
-- Each conversation that began in the period, with its first and its last close; what is open, or
-- open again, is as old as it is now.
with its as (
    select
        conversations.id as conversation_id,
        conversations.mailbox_id,
        conversations.created_at as began,
        coalesce(resolution.outcome, 'open') as outcome,
        conversations.status = 'open' as is_open,
        coalesce(resolution.first_closed_at, $now::timestamp) as first_until,
        case
            when conversations.status = 'open' or resolution.outcome is null then $now::timestamp
            else resolution.last_closed_at
        end as last_until
    from conversations
    left join report.resolution
        on conversations.id = resolution.conversation_id
    where
        conversations.merged_into is null
        and conversations.begun_by is null
        and conversations.spam_at is null
        and conversations.trashed_at is null
        and conversations.mailbox_id = any($mailboxes)
        and conversations.created_at >= $since
        and conversations.created_at < $until
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
        -- What came closed, from history, says nothing of when.
        and (conversations.status = 'open' or resolution.outcome is not null)
),

in_force as (
    select
        its.*,
        versions.number
    from its
    asof left join metric.versions
        on
            its.mailbox_id = versions.mailbox_id
            and its.began >= versions.valid_from
)

select
    in_force.conversation_id,
    in_force.mailbox_id,
    in_force.began,
    in_force.outcome,
    in_force.is_open,
    epoch(in_force.first_until) - epoch(in_force.began) as first_seconds,
    epoch(in_force.last_until) - epoch(in_force.began) as last_seconds,
    case
        when in_force.number is not null
            then
                metric.open_seconds(
                    in_force.first_until, first.starts_at, first.ends_at, first.seconds_before
                )
                - metric.open_seconds(
                    in_force.began, begins.starts_at, begins.ends_at, begins.seconds_before
                )
    end as first_business_seconds,
    case
        when in_force.number is not null
            then
                metric.open_seconds(
                    in_force.last_until, last.starts_at, last.ends_at, last.seconds_before
                )
                - metric.open_seconds(
                    in_force.began, begins.starts_at, begins.ends_at, begins.seconds_before
                )
    end as last_business_seconds
from in_force
asof left join metric.segments as begins
    on
        in_force.number = begins.number
        and in_force.began >= begins.starts_at
asof left join metric.segments as first
    on
        in_force.number = first.number
        and in_force.first_until >= first.starts_at
asof left join metric.segments as last
    on
        in_force.number = last.number
        and in_force.last_until >= last.starts_at
order by
    in_force.began,
    in_force.conversation_id;

-- name: closed
-- Each close of the period, and whether it held for a week; of the last one of a conversation also
-- how many replies it took. Closes of the last week have not shown yet whether they hold.
with again as (
    select
        conversation_id,
        closed_at,
        bool_or(is_within_7_days) as is_reopened
    from report.reopens
    where closed_at >= $since
    group by
        conversation_id,
        closed_at
)

select
    steps.conversation_id,
    conversations.mailbox_id,
    steps.happened_at as closed_at,
    coalesce(again.is_reopened, false) as is_reopened,
    steps.happened_at < $now::timestamp - interval 7 day as is_settled,
    touches.replies,
    touches.is_one_touch
from metric.steps
inner join conversations
    on steps.conversation_id = conversations.id
left join again
    on
        steps.conversation_id = again.conversation_id
        and steps.happened_at = again.closed_at
left join report.touches
    on
        steps.conversation_id = touches.conversation_id
        and steps.happened_at = touches.last_closed_at
where
    steps.step = 'closed_unanswered'
    and steps.id > 0
    and steps.happened_at >= $since
    and steps.happened_at < $until
    and conversations.spam_at is null
    and conversations.trashed_at is null
    and conversations.mailbox_id = any($mailboxes)
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    steps.happened_at,
    steps.conversation_id;
