-- name: first_response
select
    median(wait_seconds),
    quantile_cont(wait_seconds, 0.9),
    median(wait_business_seconds),
    count(*)
from report.turns
where
    turn_no = 1
    and state = 'answered'
    and waiting_since >= $since::timestamp;

-- name: reply_time_by_day
select
    waiting_since::date as day,
    median(wait_business_seconds),
    count(*)
from report.turns
where
    state = 'answered'
    and waiting_since >= $since::timestamp
group by day;

-- name: still_waiting
select
    count(*),
    min(waiting_since)
from report.still_waiting;

-- name: targets
select
    kind,
    state,
    count(*)
from metric.targets_between($since::timestamp, $now::timestamp, $now::timestamp)
group by all;

-- name: load_and_handled
select *
from metric.agent_load_between($since::timestamp, $now::timestamp);

-- name: unassigned_at_shift_end
select
    shift_ended_at,
    count(conversation_id)
from metric.unassigned_between($since::timestamp, $now::timestamp)
group by shift_ended_at;

-- name: duplicates
select
    kind,
    count(*)
from report.duplicate_replies
where second_sent_at >= $since::timestamp
group by kind;

-- name: resolution
select
    outcome,
    median(final_resolution_business_seconds),
    count(*)
from report.resolution
where last_closed_at >= $since::timestamp
group by outcome;
