-- The duplicate rate is turns with a pair of replies that nobody meant, per 100 answered turns.
create view report.duplicate_rate as
with doubled as (
    select distinct
        conversation_id,
        turn_no
    from report.duplicate_replies
    where not is_intended
),

answered as (
    select
        places.mailbox,
        timezone(places.time_zone, timezone('UTC', turns.waiting_since))::date as day,
        doubled.conversation_id is not null as is_doubled
    from metric.turns
    inner join metric.places
        on turns.mailbox_id = places.mailbox_id
    left join doubled
        on
            turns.conversation_id = doubled.conversation_id
            and turns.turn_no = doubled.turn_no
    where turns.state = 'answered'
),

-- Sends that the guard stopped: a duplicate that did not happen.
missed as (
    select
        places.mailbox,
        timezone(places.time_zone, timezone('UTC', stopped_answers.stopped_at))::date as day,
        count(*) as near_misses
    from main.stopped_answers
    inner join metric.places
        on stopped_answers.mailbox_id = places.mailbox_id
    group by all
),

days as (
    select
        mailbox,
        day,
        count(*) as answered_turns,
        count(*) filter (where is_doubled) as turns_with_duplicate
    from answered
    group by
        mailbox,
        day
)

select
    coalesce(days.day, missed.day) as day,
    coalesce(days.mailbox, missed.mailbox) as mailbox,
    coalesce(days.answered_turns, 0) as answered_turns,
    coalesce(days.turns_with_duplicate, 0) as turns_with_duplicate,
    100.0 * days.turns_with_duplicate / nullif(days.answered_turns, 0) as per_100,
    coalesce(missed.near_misses, 0) as near_misses
from days
full join missed
    on
        days.mailbox = missed.mailbox
        and days.day = missed.day;
