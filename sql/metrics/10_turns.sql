-- A turn is one wait of a customer: from the first message after our reply or a close to the next.
create macro metric.turns_of(changed, told) as table
    with due as (
        select conversation_id
        from query_table(changed)
        where family_id = conversation_id
    ),

    its as (
        select steps.*
        from query_table(told) as steps
        inner join due
            on steps.conversation_id = due.conversation_id
    ),

    -- What comes after the move to spam or trash counts no more.
    voids as (
        select
            conversation_id,
            happened_at
        from its
        where step = 'void'
    ),

    -- Of messages in a row the first begins the wait, of what ends it the first does.
    turning as (
        select
            its.conversation_id,
            its.happened_at,
            its.rank,
            its.id,
            its.agent_id
        from its
        left join voids
            on its.conversation_id = voids.conversation_id
        where
            voids.happened_at is null
            or its.happened_at <= voids.happened_at
        qualify
            (its.rank = 1) is distinct from
            lag(its.rank = 1, 1, false) over (
                partition by its.conversation_id
                order by its.happened_at, its.rank, its.id
            )
    ),

    ends as (
        select
            conversation_id,
            id as customer_message_id,
            happened_at as waiting_since,
            (row_number() over w + 1) // 2 as turn_no,
            lead(happened_at) over w as ended_at,
            lead(rank) over w as ended_by,
            lead(agent_id) over w as replied_by_id,
            lead(id) over w as reply_message_id,
            rank
        from turning
        window w as (partition by conversation_id order by happened_at, rank, id)
        qualify rank = 1
    ),

    in_force as (
        select
            ends.*,
            conversations.mailbox_id,
            versions.number
        from ends
        inner join main.conversations
            on ends.conversation_id = conversations.id
        asof left join metric.versions
            on
                conversations.mailbox_id = versions.mailbox_id
                and ends.waiting_since >= versions.valid_from
    )

    select
        in_force.conversation_id,
        in_force.turn_no,
        in_force.mailbox_id,
        case in_force.ended_by
            when 2 then 'answered'
            when 3 then 'closed_unanswered'
            when 4 then 'void'
            else 'waiting'
        end as state,
        in_force.waiting_since,
        in_force.ended_at,
        case
            when in_force.number is not null and in_force.ended_at is not null
                then
                    metric.open_seconds(
                        in_force.ended_at, until.starts_at, until.ends_at, until.seconds_before
                    )
                    - metric.open_seconds(
                        in_force.waiting_since, since.starts_at, since.ends_at, since.seconds_before
                    )
        end as wait_business_seconds,
        case when in_force.ended_by = 2 then in_force.replied_by_id end as replied_by_id,
        in_force.customer_message_id,
        case when in_force.ended_by = 2 then in_force.reply_message_id end as reply_message_id
    from in_force
    asof left join metric.segments as since
        on
            in_force.number = since.number
            and in_force.waiting_since >= since.starts_at
    asof left join metric.segments as until
        on
            in_force.number = until.number
            and in_force.ended_at >= until.starts_at;

create view metric.turns_united as
select turns.*
from main.turns
anti join metric.due
    on turns.conversation_id = due.conversation_id
union all
select * from metric.turns_of('metric.due', 'metric.steps_due');

create view metric.turns_kept as
select * from main.turns;

create view metric.turns as
select * from query_table(metric.kept_or('metric.turns_kept', 'metric.turns_united'));

create view report.turns as
select
    turns.conversation_id,
    turns.turn_no,
    turns.state,
    turns.waiting_since,
    turns.ended_at,
    epoch(turns.ended_at) - epoch(turns.waiting_since) as wait_seconds,
    turns.wait_business_seconds,
    agents.email as replied_by,
    mailboxes.address as mailbox,
    turns.customer_message_id,
    turns.reply_message_id
from metric.turns
inner join main.mailboxes
    on turns.mailbox_id = mailboxes.id
left join main.agents
    on turns.replied_by_id = agents.id;
