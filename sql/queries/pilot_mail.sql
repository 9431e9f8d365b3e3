-- name: waits
-- The first wait of each conversation by mail alone: until the first reply, whoever closed it
-- before, as nothing was ever closed in imported history. What is after `$now` has not happened.
with firsts as (
    select
        conversation_id,
        mailbox_id,
        waiting_since as began,
        customer_message_id as message_id,
        state = 'void' as is_void
    from metric.turns
    where
        turn_no = 1
        and mailbox_id = any($mailboxes::bigint[])
        and waiting_since >= $before
        and waiting_since < $until
),

answers as (
    select
        conversation_id,
        happened_at
    from metric.steps
    where
        step = 'answered'
        and happened_at >= $before
        and happened_at <= $now
),

ended as (
    select
        firsts.*,
        answers.happened_at as answered_at
    from firsts
    asof left join answers
        on
            firsts.conversation_id = answers.conversation_id
            and firsts.began <= answers.happened_at
),

in_force as (
    select
        ended.*,
        coalesce(ended.answered_at, $now) as until,
        versions.number
    from ended
    asof left join metric.versions
        on
            ended.mailbox_id = versions.mailbox_id
            and ended.began >= versions.valid_from
)

select
    in_force.conversation_id,
    in_force.mailbox_id,
    in_force.message_id,
    in_force.began,
    timezone($zone, timezone('UTC', in_force.began))::date as day,
    in_force.began >= $since as is_pilot,
    in_force.answered_at is not null as is_answered,
    in_force.is_void,
    epoch(in_force.until) - epoch(in_force.began) as seconds,
    case
        when in_force.number is not null
            then
                metric.open_seconds(
                    in_force.until, ends.starts_at, ends.ends_at, ends.seconds_before
                )
                - metric.open_seconds(
                    in_force.began, begins.starts_at, begins.ends_at, begins.seconds_before
                )
    end as business_seconds
from in_force
asof left join metric.segments as begins
    on
        in_force.number = begins.number
        and in_force.began >= begins.starts_at
asof left join metric.segments as ends
    on
        in_force.number = ends.number
        and in_force.until >= ends.starts_at
order by
    in_force.began,
    in_force.conversation_id;

-- name: turns
-- Answered turns of both periods, and those with a pair of replies that nobody meant.
with doubled as (
    select distinct
        conversation_id,
        turn_no
    from report.duplicate_replies
    where not is_intended
)

select
    turns.waiting_since >= $since as is_pilot,
    count(*) as turns,
    count(doubled.conversation_id) as doubled,
    list(doubled.conversation_id order by turns.waiting_since desc) as conversations
from metric.turns
left join doubled
    on
        turns.conversation_id = doubled.conversation_id
        and turns.turn_no = doubled.turn_no
where
    turns.state = 'answered'
    and turns.mailbox_id = any($mailboxes::bigint[])
    and turns.waiting_since >= $before
    and turns.waiting_since < $until
    and turns.ended_at <= $now
group by is_pilot;

-- name: depth
-- By how many the queue changes until each local midnight: who has waited for a reply, by mail
-- alone, and for no more than so many days. Whoever was closed without one goes on waiting.
with waits as (
    select
        conversation_id,
        turn_no,
        waiting_since
    from metric.turns
    where
        mailbox_id = any($mailboxes::bigint[])
        and waiting_since >= $before - to_days($days::integer)
        and waiting_since < $until
        and state <> 'void'
),

answers as (
    select
        conversation_id,
        happened_at
    from metric.steps
    where
        step = 'answered'
        and happened_at >= $before - to_days($days::integer)
        and happened_at <= $now
),

-- Of what was closed and written to again without a reply, the first wait goes on.
told as (
    select
        waits.waiting_since,
        answers.happened_at as answered_at,
        row_number() over (
            partition by
                waits.conversation_id,
                answers.happened_at
            order by waits.turn_no
        ) > 1 as goes_on
    from waits
    asof left join answers
        on
            waits.conversation_id = answers.conversation_id
            and waits.waiting_since <= answers.happened_at
),

changes as (
    select
        waiting_since as at_moment,
        1 as change
    from told
    where not goes_on
    union all
    select
        least(
            coalesce(answered_at, timestamp '9999-01-01'),
            waiting_since + to_days($days::integer)
        ) as at_moment,
        -1 as change
    from told
    where not goes_on
)

select
    timezone($zone, timezone('UTC', at_moment))::date as day,
    sum(change)::bigint as change
from changes
where at_moment < $now
group by day
order by day;

-- name: replies
-- Who answered from here, and who from elsewhere, since the pilot began.
select
    messages.via = 'app' as is_here,
    count(*) as replies,
    list(steps.conversation_id order by steps.happened_at desc) as conversations
from metric.steps
inner join messages
    on steps.id = messages.id
where
    steps.step = 'answered'
    and steps.happened_at >= $since
    and steps.happened_at < $until
    and steps.happened_at <= $now
    and messages.mailbox_id = any($mailboxes::bigint[])
group by is_here;

-- name: beginnings
-- How these messages begin, in their own words.
select
    message_id,
    left(reply_text, 400) as words
from bodies
where message_id in (select unnest($ids::bigint[]));

-- name: calendars
-- The hours and holidays of the calendars that these mailboxes follow, each by its newest version.
select
    hours,
    country,
    subdivision,
    days
from calendar_versions
where
    calendar in (
        select calendar
        from mailboxes
        where id = any($mailboxes::bigint[])
    )
qualify row_number() over (partition by calendar order by version desc) = 1
order by calendar;
