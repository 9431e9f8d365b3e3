-- What starts or ends the wait of a customer: messages, closes, and the move to spam or trash.
create macro metric.steps_of(changed) as table
    with due as (
        select
            conversation_id,
            family_id
        from query_table(changed)
        where family_id is not null
    ),

    mails as (
        select
            messages.id,
            due.family_id as conversation_id,
            messages.direction,
            messages.from_address,
            messages.agent_id,
            messages.recipients,
            messages.is_auto or messages.is_bounce as is_of_a_machine,
            case
                when abs(epoch(messages.received_at) - epoch(messages.sent_at)) > 86400
                    then messages.received_at
                else messages.sent_at
            end as happened_at
        from main.messages
        inner join due
            on messages.conversation_id = due.conversation_id
        where messages.direction in ('in', 'out')
    ),

    -- Addresses stand in JSON as the last word of a pair: ["Maria", "maria@customer.test"].
    sent as (
        select
            mails.*,
            strpos(mails.recipients, concat('"', conversations.contact_address, '"]')) > 0
                as is_to_contact
        from mails
        inner join main.conversations
            on mails.conversation_id = conversations.id
        where
            mails.direction = 'out'
            and not mails.is_of_a_machine
    ),

    elsewhere as (
        select distinct
            sent.conversation_id,
            sent.id,
            unnest(json_extract_string(sent.recipients, '$.*[*][1]')) as address
        from sent
        where not sent.is_to_contact
    ),

    known as (
        select distinct
            mails.conversation_id,
            mails.from_address as address
        from mails
        semi join elsewhere
            on mails.conversation_id = elsewhere.conversation_id
        where mails.direction = 'in'
        union
        select
            conversations.id as conversation_id,
            conversations.contact_address as address
        from main.conversations
        semi join elsewhere
            on conversations.id = elsewhere.conversation_id
    ),

    replies as (
        select
            conversation_id,
            id,
            happened_at,
            agent_id
        from sent
        where is_to_contact
        union all
        select
            sent.conversation_id,
            sent.id,
            sent.happened_at,
            sent.agent_id
        from sent
        where
            not sent.is_to_contact
            and sent.id in (
                select elsewhere.id
                from elsewhere
                inner join known
                    on
                        elsewhere.conversation_id = known.conversation_id
                        and elsewhere.address = known.address
            )
    ),

    -- A close that was taken back within moments (Undo) has ended nobody's wait.
    undone as (
        select
            due.conversation_id,
            reopened.event_id
        from main.events as reopened
        inner join due
            on reopened.conversation_id = due.conversation_id
        inner join main.event_payloads
            on reopened.event_id = event_payloads.event_id
        where
            reopened.kind = 'reopened'
            and strpos(event_payloads.after, '"takes_back": true') > 0
    ),

    taken_back as (
        select max(events.event_id) as event_id
        from main.events
        inner join undone
            on
                events.conversation_id = undone.conversation_id
                and events.event_id < undone.event_id
        where events.kind = 'closed'
        group by
            undone.conversation_id,
            undone.event_id
    ),

    closes as (
        select
            due.family_id as conversation_id,
            events.event_id,
            events.occurred_at,
            case when events.actor_kind = 'agent' then events.actor_id end as agent_id
        from main.events
        inner join due
            on events.conversation_id = due.conversation_id
        anti join taken_back
            on events.event_id = taken_back.event_id
        where events.kind = 'closed'
    )

    select
        conversation_id,
        happened_at,
        1 as rank,
        id,
        'wait' as step,
        null::bigint as agent_id
    from mails
    where
        direction = 'in'
        and not is_of_a_machine
    union all
    select
        conversation_id,
        happened_at,
        2 as rank,
        id,
        'answered' as step,
        agent_id
    from replies
    union all
    select
        conversation_id,
        occurred_at as happened_at,
        3 as rank,
        event_id as id,
        'closed_unanswered' as step,
        agent_id
    from closes
    union all
    -- What came closed, from history.
    select
        conversations.id as conversation_id,
        conversations.closed_at as happened_at,
        3 as rank,
        0 as id,
        'closed_unanswered' as step,
        null as agent_id
    from main.conversations
    inner join due
        on conversations.id = due.conversation_id
    where
        conversations.status = 'closed'
        and conversations.closed_at is not null
        and conversations.merged_into is null
        and conversations.begun_by is null
    union all
    select
        conversations.id as conversation_id,
        least(conversations.spam_at, conversations.trashed_at) as happened_at,
        4 as rank,
        conversations.id,
        'void' as step,
        null as agent_id
    from main.conversations
    inner join due
        on conversations.id = due.conversation_id
    where
        conversations.merged_into is null
        and (
            conversations.spam_at is not null
            or conversations.trashed_at is not null
        );

create view metric.steps_due as
select * from metric.steps_of('metric.due');

create view metric.steps_united as
select steps.*
from main.steps
anti join metric.due
    on steps.conversation_id = due.conversation_id
union all
select * from metric.steps_due;

create view metric.steps_kept as
select * from main.steps;

create view metric.steps as
select * from query_table(metric.kept_or('metric.steps_kept', 'metric.steps_united'));
