-- A merged conversation points at one of its mailbox that stands alone, as its links lead there.
with recursive standing as (
    select
        conversation_id,
        into_id
    from merge_links
    where undone_at is null
),

led as (
    select
        conversation_id,
        into_id,
        1 as steps
    from standing
    union all
    select
        led.conversation_id,
        standing.into_id,
        led.steps + 1 as steps
    from led
    inner join standing
        on led.into_id = standing.conversation_id
    where led.steps < 100
),

ends as (
    select
        led.conversation_id,
        led.into_id
    from led
    left join standing
        on led.into_id = standing.conversation_id
    where standing.conversation_id is null
)

select 'conversation ' || conversations.id || ' points where no link leads' as fault
from conversations
left join ends
    on conversations.id = ends.conversation_id
where conversations.merged_into is distinct from ends.into_id
union all
select 'conversation ' || conversations.id || ' points at none that stands in its mailbox' as fault
from conversations
left join conversations as others
    on conversations.merged_into = others.id
where
    conversations.merged_into is not null
    and (
        others.mailbox_id is distinct from conversations.mailbox_id
        or others.merged_into is not null
    )
union all
select 'conversation ' || conversation_id || ' is merged more than once' as fault
from standing
group by conversation_id
having count(*) > 1
union all
select 'merge ' || merge_links.id || ' is of no conversation of its mailbox' as fault
from merge_links
left join conversations
    on merge_links.conversation_id = conversations.id
where conversations.mailbox_id is distinct from merge_links.mailbox_id;
