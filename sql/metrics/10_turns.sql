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
)

select
    ends.conversation_id,
    ends.turn_no,
    coalesce(ends.state, 'waiting') as state,
    ends.waiting_since,
    ends.ended_at,
    epoch(ends.ended_at) - epoch(ends.waiting_since) as wait_seconds,
    null::double as wait_business_seconds,
    case when ends.state = 'answered' then agents.email end as replied_by
from ends
left join main.agents
    on ends.replied_by_id = agents.id;
