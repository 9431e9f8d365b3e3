-- A turn is one wait of a customer: from the first message after our reply or a close to the next.
create macro metric.turns_of(kept) as table
with due as (
    select conversation_id
    from metric.due(kept)
    where family_id = conversation_id
),

its as (
    select steps.*
    from metric.steps
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
    select its.*
    from its
    left join voids
        on its.conversation_id = voids.conversation_id
    where
        voids.happened_at is null
        or its.happened_at <= voids.happened_at
    qualify
        (its.step = 'wait') is distinct from
        lag(its.step = 'wait', 1, false) over (
            partition by its.conversation_id
            order by its.happened_at, its.rank, its.id
        )
),

ends as (
    select
        conversation_id,
        id as customer_message_id,
        happened_at as waiting_since,
        row_number() over w as place,
        lead(happened_at) over w as ended_at,
        lead(step) over w as state,
        lead(agent_id) over w as replied_by_id,
        lead(id) over w as ended_by,
        step
    from turning
    window w as (partition by conversation_id order by happened_at, rank, id)
    qualify step = 'wait'
),

in_force as (
    select
        ends.*,
        conversations.mailbox_id,
        versions.calendar,
        versions.version
    from ends
    inner join main.conversations
        on ends.conversation_id = conversations.id
    inner join main.mailboxes
        on conversations.mailbox_id = mailboxes.id
    asof left join main.calendar_versions as versions
        on
            mailboxes.calendar = versions.calendar
            and ends.waiting_since >= versions.valid_from
)

select
    in_force.conversation_id,
    (in_force.place + 1) // 2 as turn_no,
    in_force.mailbox_id,
    coalesce(in_force.state, 'waiting') as state,
    in_force.waiting_since,
    in_force.ended_at,
    case
        when in_force.calendar is not null and in_force.ended_at is not null
            then
                metric.open_seconds(
                    in_force.ended_at, until.starts_at, until.ends_at, until.seconds_before
                )
                - metric.open_seconds(
                    in_force.waiting_since, since.starts_at, since.ends_at, since.seconds_before
                )
    end as wait_business_seconds,
    case when in_force.state = 'answered' then in_force.replied_by_id end as replied_by_id,
    in_force.customer_message_id,
    case when in_force.state = 'answered' then in_force.ended_by end as reply_message_id
from in_force
asof left join main.open_segments as since
    on
        in_force.calendar = since.calendar
        and in_force.version = since.version
        and in_force.waiting_since >= since.starts_at
asof left join main.open_segments as until
    on
        in_force.calendar = until.calendar
        and in_force.version = until.version
        and in_force.ended_at >= until.starts_at;

create view metric.turns as
select turns.*
from main.turns
anti join metric.due('turns') as due
    on turns.conversation_id = due.conversation_id
union all
select * from metric.turns_of('turns');

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
