-- What starts or ends the wait of a customer: messages, closes, and the move to spam or trash.
create view metric.steps as
with customers as (
    select distinct
        families.family_id as conversation_id,
        messages.from_address
    from main.messages
    inner join metric.families
        on messages.conversation_id = families.conversation_id
    where messages.direction = 'in'
),

timed as (
    select
        messages.id,
        families.family_id as conversation_id,
        messages.direction,
        messages.from_address,
        messages.agent_id,
        case
            when abs(epoch(messages.received_at) - epoch(messages.sent_at)) > 86400
                then messages.received_at
            else messages.sent_at
        end as happened_at,
        coalesce(json_extract_string(messages.recipients, '$.*[*][1]'), []) as addresses
    from main.messages
    inner join metric.families
        on messages.conversation_id = families.conversation_id
    where
        messages.direction in ('in', 'out')
        and not messages.is_auto
        and not messages.is_bounce
)

select
    timed.conversation_id,
    timed.happened_at,
    case timed.direction when 'in' then 1 else 2 end as rank,
    timed.id,
    case timed.direction when 'in' then 'wait' else 'answered' end as step,
    timed.agent_id
from timed
inner join main.conversations
    on timed.conversation_id = conversations.id
where
    timed.direction = 'in'
    or list_contains(timed.addresses, conversations.contact_address)
    or exists (
        select 1
        from customers
        where
            customers.conversation_id = timed.conversation_id
            and list_contains(timed.addresses, customers.from_address)
    )
union all
select
    families.family_id as conversation_id,
    events.occurred_at as happened_at,
    3 as rank,
    events.event_id as id,
    'closed_unanswered' as step,
    null as agent_id
from main.events
inner join metric.families
    on events.conversation_id = families.conversation_id
where events.kind = 'closed'
union all
select
    id as conversation_id,
    closed_at as happened_at,
    3 as rank,
    0 as id,
    'closed_unanswered' as step,
    null as agent_id
from main.conversations
where
    status = 'closed'
    and closed_at is not null
    and merged_into is null
    and begun_by is null
union all
select
    id as conversation_id,
    least(spam_at, trashed_at) as happened_at,
    4 as rank,
    id,
    'void' as step,
    null as agent_id
from main.conversations
where
    merged_into is null
    and (
        spam_at is not null
        or trashed_at is not null
    );
