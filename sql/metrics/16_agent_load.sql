-- What an agent handled on a day (UTC), replied to or closed, and how much was theirs meanwhile.
create view report.agent_load as
with work as (
    select
        messages.mailbox_id,
        steps.agent_id,
        steps.happened_at::date as day,
        steps.conversation_id,
        1 as replies,
        0 as closes
    from metric.steps
    inner join main.messages
        on steps.id = messages.id
    where
        steps.step = 'answered'
        and steps.agent_id is not null
    union all
    select
        events.mailbox_id,
        events.actor_id as agent_id,
        events.occurred_at::date as day,
        families.family_id as conversation_id,
        0 as replies,
        1 as closes
    from main.events
    inner join metric.families
        on events.conversation_id = families.conversation_id
    where
        events.kind = 'closed'
        and events.actor_kind = 'agent'
),

handled as (
    select
        mailbox_id,
        agent_id,
        day,
        count(distinct conversation_id) as handled,
        sum(replies)::bigint as replies,
        sum(closes)::bigint as closes
    from work
    group by
        mailbox_id,
        agent_id,
        day
),

pieces as (
    select
        mailbox_id,
        agent_id,
        happened_at,
        happened_at::date as day,
        conversations,
        seconds,
        sum(seconds) over (
            partition by mailbox_id, agent_id, happened_at::date
            order by conversations
        ) as seconds_up_to,
        sum(seconds) over (partition by mailbox_id, agent_id, happened_at::date) as seconds_of_day
    from metric.load
),

load as (
    select
        mailbox_id,
        agent_id,
        day,
        arg_max(conversations, happened_at)::bigint as open_at_end,
        sum(conversations * seconds) / nullif(sum(seconds), 0) as open_mean,
        (
            min(conversations) filter (where seconds_up_to >= 0.9 * seconds_of_day)
        )::bigint as open_p90
    from pieces
    group by
        mailbox_id,
        agent_id,
        day
    having max(conversations) > 0
),

both_known as (
    select
        coalesce(handled.mailbox_id, load.mailbox_id) as mailbox_id,
        coalesce(handled.agent_id, load.agent_id) as agent_id,
        coalesce(handled.day, load.day) as day,
        coalesce(handled.handled, 0) as handled,
        coalesce(handled.replies, 0) as replies,
        coalesce(handled.closes, 0) as closes,
        coalesce(load.open_at_end, 0) as open_at_end,
        coalesce(load.open_mean, load.open_at_end, 0) as open_mean,
        coalesce(load.open_p90, load.open_at_end, 0) as open_p90
    from handled
    full join load
        on
            handled.mailbox_id = load.mailbox_id
            and handled.agent_id = load.agent_id
            and handled.day = load.day
)

select
    both_known.day,
    mailboxes.address as mailbox,
    agents.email as agent,
    both_known.handled,
    both_known.replies,
    both_known.closes,
    both_known.open_at_end,
    both_known.open_mean,
    both_known.open_p90,
    both_known.handled / nullif(sum(both_known.handled) over w, 0) as share,
    1 / nullif(count(*) filter (where both_known.handled > 0) over w, 0) as fair_share
from both_known
inner join main.mailboxes
    on both_known.mailbox_id = mailboxes.id
inner join main.agents
    on both_known.agent_id = agents.id
window w as (partition by both_known.mailbox_id, both_known.day);
