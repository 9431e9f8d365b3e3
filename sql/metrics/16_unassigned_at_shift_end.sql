-- Unassigned at shift end: open conversations without assignee when the mailbox closes, with age.
create macro metric.unassigned_between(since, until) as table
    with ends as (
        select
            spans.mailbox_id,
            spans.day,
            spans.ends_at as shift_ended_at
        from
            metric.spans_between(
                greatest(since, (select known.since from metric.known)),
                least(until, (select known.until from metric.known))
            ) as spans
        inner join metric.places
            on spans.mailbox_id = places.mailbox_id
        where
            places.has_calendar
            and spans.ends_at < least(until, (select known.until from metric.known))
    ),

    idle as (
        select
            stands.conversation_id,
            stands.mailbox_id,
            stands.starts_at,
            coalesce(stands.ends_at, timestamp '9999-01-01') as ends_at
        from metric.stands
        where
            stands.is_open
            and stands.is_here
            and stands.assignee_id is null
    )

    select
        ends.mailbox_id,
        ends.day,
        ends.shift_ended_at,
        idle.conversation_id,
        epoch(ends.shift_ended_at) - epoch(idle.starts_at) as unassigned_seconds
    from ends
    left join idle
        on
            ends.mailbox_id = idle.mailbox_id
            and ends.shift_ended_at >= idle.starts_at
            and ends.shift_ended_at < idle.ends_at;

create view report.unassigned_at_shift_end as
select
    places.mailbox,
    idle.day,
    idle.shift_ended_at,
    count(idle.conversation_id) as unassigned,
    avg(idle.unassigned_seconds) as mean_seconds,
    max(idle.unassigned_seconds) as longest_seconds,
    arg_max(idle.conversation_id, idle.unassigned_seconds) as longest_conversation_id
from
    metric.unassigned_between(timestamp '1970-01-01', timestamp '9999-01-01') as idle
inner join metric.places
    on idle.mailbox_id = places.mailbox_id
group by
    places.mailbox,
    idle.day,
    idle.shift_ended_at;
