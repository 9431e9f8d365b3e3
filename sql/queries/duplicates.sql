-- name: is_pair
-- Whether these two are a pair of this conversation's.
select count(*) > 0
from metric.pairs
where
    conversation_id = $conversation_id
    and first_message_id = $first_message_id
    and second_message_id = $second_message_id;

-- name: is_of
-- Whether both are messages of these conversations.
select count(*) = 2
from messages
where
    id in ($first_message_id, $second_message_id)
    and conversation_id = any($family::bigint[]);

-- name: is_intended
select count(*) > 0
from intended_pairs
where
    first_message_id = $first_message_id
    and second_message_id = $second_message_id;

-- name: intend
insert into intended_pairs (first_message_id, second_message_id, agent_id, marked_at)
values ($first_message_id, $second_message_id, $agent_id, $now);

-- name: unintend
delete from intended_pairs
where
    first_message_id = $first_message_id
    and second_message_id = $second_message_id;

-- name: pairs
-- Counted where the customer began to wait, as the rate is.
with found as materialized (
    select *
    from report.duplicate_replies
),

-- Once for both: of all mails these are few.
senders as (
    select
        id,
        coalesce(nullif(from_name, ''), from_address) as name
    from messages
    where
        id in (
            select first_message_id
            from found
            union all
            select second_message_id
            from found
        )
)

select
    pairs.conversation_id,
    conversations.mailbox_id,
    pairs.turn_no,
    pairs.customer_message_id,
    pairs.first_message_id,
    pairs.second_message_id,
    turns.waiting_since as began,
    pairs.first_sent_at as first_at,
    pairs.second_sent_at as at,
    pairs.gap_seconds,
    pairs.kind,
    pairs.is_collision,
    pairs.is_outside,
    pairs.is_stale,
    pairs.is_intended,
    turns.state = 'answered' as is_answered,
    coalesce(first_agents.name, firsts.name) as first_name,
    coalesce(second_agents.name, seconds.name) as second_name
from found as pairs
inner join metric.turns
    on
        pairs.conversation_id = turns.conversation_id
        and pairs.turn_no = turns.turn_no
inner join conversations
    on pairs.conversation_id = conversations.id
inner join senders as firsts
    on pairs.first_message_id = firsts.id
inner join senders as seconds
    on pairs.second_message_id = seconds.id
left join agents as first_agents
    on pairs.first_agent = first_agents.email
left join agents as second_agents
    on pairs.second_agent = second_agents.email
where
    conversations.mailbox_id = any($mailboxes)
    and turns.waiting_since >= $since
    and turns.waiting_since < $until
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    pairs.second_sent_at desc,
    pairs.second_message_id desc;

-- name: answered
-- What duplicates are counted against, in two periods, the second of which begins where the first
-- ends; and the sends that were stopped in them.
with answers as (
    select
        count(*) filter (where turns.waiting_since >= $since) as turns,
        count(*) filter (where turns.waiting_since < $since) as turns_before
    from metric.turns
    inner join conversations
        on turns.conversation_id = conversations.id
    where
        turns.state = 'answered'
        and turns.mailbox_id = any($mailboxes)
        and turns.waiting_since >= $earlier
        and turns.waiting_since < $until
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
),

stops as (
    select
        count(*) filter (where stopped_answers.stopped_at >= $since) as near_misses,
        count(*) filter (where stopped_answers.stopped_at < $since) as near_misses_before
    from stopped_answers
    inner join conversations
        on stopped_answers.conversation_id = conversations.id
    where
        stopped_answers.mailbox_id = any($mailboxes)
        and stopped_answers.stopped_at >= $earlier
        and stopped_answers.stopped_at < $until
        and (
            $tag::varchar is null
            or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
        )
)

select
    answers.turns,
    answers.turns_before,
    stops.near_misses,
    stops.near_misses_before
from answers
cross join stops;
