-- A pair is two mails of ours in one conversation, within a day; the rate counts their turns.
with by_pair as (
    select count(*) as turns
    from (
        select distinct
            pairs.conversation_id,
            pairs.turn_no
        from report.duplicate_replies as pairs
        inner join report.turns
            on
                pairs.conversation_id = turns.conversation_id
                and pairs.turn_no = turns.turn_no
        where
            not pairs.is_intended
            and turns.state = 'answered'
    ) as counted
)

select
    'messages ' || pairs.first_message_id || ' and ' || pairs.second_message_id
    || ' are no pair of replies' as fault
from report.duplicate_replies as pairs
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
from
    (
        select coalesce(sum(turns_with_duplicate), 0) as turns
        from report.duplicate_rate
    ) as by_day
cross join
    by_pair
where by_day.turns <> by_pair.turns;
