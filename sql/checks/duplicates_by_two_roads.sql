-- A pair is two mails of ours in one conversation, within a day; the rate counts their turns.
with pairs as materialized (
    select *
    from report.duplicate_replies
),

turns as materialized (
    select
        conversation_id,
        turn_no
    from report.turns
    where state = 'answered'
),

days as materialized (
    select turns_with_duplicate
    from report.duplicate_rate
),

by_pair as (
    select count(*) as turns
    from (
        select distinct
            pairs.conversation_id,
            pairs.turn_no
        from pairs
        inner join turns
            on
                pairs.conversation_id = turns.conversation_id
                and pairs.turn_no = turns.turn_no
        where not pairs.is_intended
    ) as counted
),

by_day as (
    select coalesce(sum(turns_with_duplicate), 0) as turns
    from days
)

select
    'messages ' || pairs.first_message_id || ' and ' || pairs.second_message_id
    || ' are no pair of replies' as fault
from pairs
left join messages as one
    on pairs.first_message_id = one.id
left join messages as two
    on pairs.second_message_id = two.id
left join conversations as first_home
    on one.conversation_id = first_home.id
left join conversations as second_home
    on two.conversation_id = second_home.id
where
    coalesce(one.direction, '') <> 'out'
    or coalesce(two.direction, '') <> 'out'
    or coalesce(first_home.merged_into, first_home.id)
    is distinct from coalesce(second_home.merged_into, second_home.id)
    or pairs.gap_seconds not between 0 and 86400
    or pairs.first_agent = pairs.second_agent
union all
select
    'turns with a duplicate: ' || by_day.turns || ' by one road, ' || by_pair.turns
    || ' by the other' as fault
from by_day
cross join by_pair
where by_day.turns <> by_pair.turns;
