-- name: wanted
-- Who is mailed last week's numbers, with the time zone of a mailbox for who has chosen none.
select
    agents.id,
    agents.weekly_mailed as mailed,
    coalesce(nullif(agents.time_zone, ''), min(places.time_zone), 'UTC') as zone
from agents
inner join memberships
    on agents.id = memberships.agent_id
inner join metric.places
    on memberships.mailbox_id = places.mailbox_id
where
    agents.is_active
    and agents.weekly_mail
group by
    agents.id,
    agents.weekly_mailed,
    agents.time_zone
order by agents.id;

-- name: is_wanted
select coalesce(weekly_mail, false)
from agents
where id = $agent_id;

-- name: zone
select coalesce(min(time_zone), 'UTC')
from metric.places
where mailbox_id = any($mailboxes);

-- name: set_wanted
update agents
set
    weekly_mail = $is_wanted,
    weekly_mailed = $mailed
where id = $agent_id;

-- name: mailed
-- No row for a week that was mailed already.
update agents
set weekly_mailed = $monday
where
    id = $agent_id
    and weekly_mail
    and (weekly_mailed is null or weekly_mailed < $monday);

-- name: numbers
-- Last week's, and those of the week before it, which begins at $earlier.
with turns as materialized (
    select
        turn_no,
        state,
        waiting_since,
        waiting_since >= $since as is_last,
        waiting_since >= $earlier and waiting_since < $until as is_told,
        epoch(ended_at) - epoch(waiting_since) as seconds
    from metric.turns
    where mailbox_id = any($mailboxes)
),

first_waits as (
    select
        count(*) filter (where is_last) as n,
        quantile_cont(seconds, 0.5) filter (where is_last) as median,
        quantile_cont(seconds, 0.9) filter (where is_last) as p90,
        count(*) filter (where not is_last) as n_before,
        quantile_cont(seconds, 0.5) filter (where not is_last) as median_before,
        quantile_cont(seconds, 0.9) filter (where not is_last) as p90_before
    from turns
    where
        is_told
        and turn_no = 1
        and state = 'answered'
),

waits as (
    select
        count(*) filter (where state = 'waiting') as waiting,
        max(epoch($now) - epoch(waiting_since)) filter (where state = 'waiting') as longest,
        count(*) filter (where state = 'answered' and is_told and is_last) as turns,
        count(*) filter (where state = 'answered' and is_told and not is_last) as turns_before
    from turns
),

missed as (
    select
        count(*) filter (where unanswered.kind = 'open') as never_open,
        count(*) filter (
            where unanswered.kind = 'closed' and unanswered.waiting_since >= $since
            and unanswered.waiting_since < $until
        ) as never_closed
    from report.unanswered
    inner join conversations
        on unanswered.conversation_id = conversations.id
    where conversations.mailbox_id = any($mailboxes)
),

pairs as (
    select distinct
        doubled.conversation_id,
        doubled.turn_no,
        turns.waiting_since >= $since as is_last
    from report.duplicate_replies as doubled
    inner join metric.turns
        on
            doubled.conversation_id = turns.conversation_id
            and doubled.turn_no = turns.turn_no
    where
        not doubled.is_intended
        and turns.state = 'answered'
        and turns.mailbox_id = any($mailboxes)
        and turns.waiting_since >= $earlier
        and turns.waiting_since < $until
),

doubles as (
    select
        count(*) filter (where is_last) as doubled,
        count(*) filter (where not is_last) as doubled_before
    from pairs
),

ends as (
    select
        mailbox_id,
        shift_ended_at,
        count(conversation_id) as unassigned
    from metric.unassigned_between($since::timestamp, $until::timestamp)
    where mailbox_id = any($mailboxes)
    group by
        mailbox_id,
        shift_ended_at
),

left_over as (
    select
        count(*) as shift_ends,
        avg(unassigned) as unassigned_mean,
        max(unassigned) as unassigned_most
    from ends
)

select *
from first_waits
cross join waits
cross join missed
cross join doubles
cross join left_over;
