-- A turn is one wait of a customer: from the first message after our reply or a close to the next.
create view report.turns as
with in_order as (
    select
        *,
        lag(step) over w as earlier,
        coalesce(bool_or(step = 'void') over w_before, false) as is_void
    from metric.steps
    window
        w as (partition by conversation_id order by happened_at, rank, id),
        w_before as (
            partition by conversation_id
            order by happened_at, rank, id
            rows between unbounded preceding and 1 preceding
        )
),

counted as (
    select
        *,
        count(*) filter (
            where
            step = 'wait'
            and earlier is distinct from 'wait'
        ) over (
            partition by conversation_id
            order by happened_at, rank, id
            rows between unbounded preceding and current row
        ) as turn_no
    from in_order
    where not is_void
),

ends as (
    select
        conversation_id,
        turn_no,
        min(happened_at) filter (where step = 'wait') as waiting_since,
        min(happened_at) filter (where step <> 'wait') as ended_at,
        arg_min(step, row(happened_at, rank, id)) filter (where step <> 'wait') as state,
        arg_min(agent_id, row(happened_at, rank, id)) filter (where step = 'answered')
            as replied_by_id
    from counted
    where turn_no > 0
    group by
        conversation_id,
        turn_no
),

in_force as (
    select
        ends.*,
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
    in_force.turn_no,
    coalesce(in_force.state, 'waiting') as state,
    in_force.waiting_since,
    in_force.ended_at,
    epoch(in_force.ended_at) - epoch(in_force.waiting_since) as wait_seconds,
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
    case when in_force.state = 'answered' then agents.email end as replied_by
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
        and in_force.ended_at >= until.starts_at
left join main.agents
    on in_force.replied_by_id = agents.id;
