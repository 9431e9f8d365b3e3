-- Load is how many open conversations an agent has at a moment, as the diary tells it.
create view metric.load as
with told as (
    select
        events.conversation_id,
        events.mailbox_id,
        events.event_id,
        events.occurred_at,
        case events.kind
            when 'claimed' then events.actor_id
            when 'released' then 0
            when 'assigned'
                then coalesce(
                    json_extract_string(event_payloads.after, '$.assignee_id')::bigint, 0
                )
            when 'merged'
                then coalesce(
                    json_extract_string(event_payloads.after, '$.assignee_id')::bigint, 0
                )
            when 'unmerged'
                then coalesce(
                    json_extract_string(event_payloads.after, '$.assignee_id')::bigint, 0
                )
        end as assignee_id,
        case events.kind
            when 'closed' then false
            when 'reopened' then true
            when 'merged' then json_extract_string(event_payloads.after, '$.status') = 'open'
            when 'unmerged' then json_extract_string(event_payloads.after, '$.status') = 'open'
        end as is_open,
        case events.kind
            when 'marked_spam' then false
            when 'trashed' then false
            when 'restored' then true
            when 'merged'
                then nullif(json_extract(event_payloads.after, '$.into') is null, true)
            when 'unmerged'
                then nullif(json_extract(event_payloads.after, '$.out_of') is not null, false)
        end as is_here
    from main.events
    left join main.event_payloads
        on
            events.kind in ('assigned', 'merged', 'unmerged')
            and events.event_id = event_payloads.event_id
    where
        events.conversation_id is not null
        and events.kind in (
            'claimed', 'released', 'assigned', 'closed', 'reopened', 'marked_spam', 'trashed',
            'restored', 'merged', 'unmerged'
        )
),

held as (
    select
        mailbox_id,
        last_value(assignee_id ignore nulls) over w as agent_id,
        coalesce(last_value(is_open ignore nulls) over w, true)
        and coalesce(last_value(is_here ignore nulls) over w, true) as is_load,
        occurred_at as starts_at,
        lead(occurred_at) over w as ends_at
    from told
    window w as (partition by conversation_id order by occurred_at, event_id)
),

changes as (
    select
        mailbox_id,
        agent_id,
        starts_at as happened_at,
        1 as change
    from held
    where
        is_load
        and agent_id > 0
    union all
    select
        mailbox_id,
        agent_id,
        ends_at as happened_at,
        -1 as change
    from held
    where
        is_load
        and agent_id > 0
        and ends_at is not null
),

-- The diary's newest line ends what is known.
known as (
    select max(occurred_at) as until from main.events
),

midnights as (
    select
        firsts.mailbox_id,
        firsts.agent_id,
        unnest(
            generate_series(
                date_trunc('day', firsts.happened_at) + interval 1 day, known.until, interval 1 day
            )
        ) as happened_at,
        0 as change
    from (
        select
            mailbox_id,
            agent_id,
            min(happened_at) as happened_at
        from changes
        group by
            mailbox_id,
            agent_id
    ) as firsts
    cross join known
),

moments as (
    select
        mailbox_id,
        agent_id,
        happened_at,
        sum(change) as change
    from (
        select * from changes
        union all
        select * from midnights
    ) as every_change
    group by
        mailbox_id,
        agent_id,
        happened_at
)

select
    moments.mailbox_id,
    moments.agent_id,
    moments.happened_at,
    sum(moments.change) over w as conversations,
    epoch(coalesce(lead(moments.happened_at) over w, known.until))
    - epoch(moments.happened_at) as seconds
from moments
cross join known
window
    w as (
        partition by moments.mailbox_id, moments.agent_id
        order by moments.happened_at
    );
