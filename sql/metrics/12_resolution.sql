-- Resolution time runs from the start of a conversation to its first close, and to its last.
create view report.resolution as
with closes as (
    select
        conversation_id,
        min(happened_at) as first_closed_at,
        max(happened_at) as last_closed_at
    from metric.steps
    where
        step = 'closed_unanswered'
        and id > 0
    group by conversation_id
),

answers as (
    select
        conversation_id,
        min(happened_at) as answered_at
    from metric.steps
    where step = 'answered'
    group by conversation_id
),

told as (
    select
        closes.conversation_id,
        closes.first_closed_at,
        closes.last_closed_at,
        conversations.created_at as started_at,
        conversations.mailbox_id,
        coalesce(answers.answered_at <= closes.last_closed_at, false) as is_answered
    from closes
    inner join main.conversations
        on closes.conversation_id = conversations.id
    left join answers
        on closes.conversation_id = answers.conversation_id
    where
        conversations.spam_at is null
        and conversations.trashed_at is null
),

in_force as (
    select
        told.*,
        versions.number
    from told
    asof left join metric.versions
        on
            told.mailbox_id = versions.mailbox_id
            and told.started_at >= versions.valid_from
),

opened as (
    select
        in_force.*,
        mailboxes.address as mailbox,
        case when in_force.number is not null then metric.open_seconds(
            in_force.started_at, begun.starts_at, begun.ends_at, begun.seconds_before
        ) end as open_at_start,
        metric.open_seconds(
            in_force.first_closed_at, first.starts_at, first.ends_at, first.seconds_before
        ) as open_at_first,
        metric.open_seconds(
            in_force.last_closed_at, last.starts_at, last.ends_at, last.seconds_before
        ) as open_at_last
    from in_force
    inner join main.mailboxes
        on in_force.mailbox_id = mailboxes.id
    asof left join metric.segments as begun
        on
            in_force.number = begun.number
            and in_force.started_at >= begun.starts_at
    asof left join metric.segments as first
        on
            in_force.number = first.number
            and in_force.first_closed_at >= first.starts_at
    asof left join metric.segments as last
        on
            in_force.number = last.number
            and in_force.last_closed_at >= last.starts_at
)

select
    conversation_id,
    case when is_answered then 'resolved' else 'closed_without_reply' end as outcome,
    started_at,
    first_closed_at,
    last_closed_at,
    case when is_answered then epoch(first_closed_at) - epoch(started_at) end
        as first_resolution_seconds,
    case when is_answered then epoch(last_closed_at) - epoch(started_at) end
        as final_resolution_seconds,
    case when is_answered then open_at_first - open_at_start end
        as first_resolution_business_seconds,
    case when is_answered then open_at_last - open_at_start end
        as final_resolution_business_seconds,
    mailbox
from opened;
