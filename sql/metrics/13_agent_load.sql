-- What an agent handled on a day, replied to or closed, and how much was theirs in its open hours.
create view metric.places as
select
    mailboxes.id as mailbox_id,
    mailboxes.address as mailbox,
    coalesce(arg_max(versions.time_zone, versions.valid_from), 'UTC') as time_zone,
    count(versions.number) > 0 as has_calendar
from main.mailboxes
left join metric.versions
    on mailboxes.id = versions.mailbox_id
group by
    mailboxes.id,
    mailboxes.address;

-- When a mailbox is open: its calendar's segments while that version holds, or every day whole.
create macro metric.spans_between(since, until) as table
    with versions as (
        select
            *,
            lead(valid_from, 1, timestamp '9999-01-01') over (
                partition by mailbox_id
                order by valid_from
            ) as valid_until
        from metric.versions
    ),

    days as (
        select unnest(generate_series(date_trunc('day', since), until, interval 1 day)) as starts_at
    )

    select
        versions.mailbox_id,
        timezone(versions.time_zone, timezone('UTC', segments.starts_at))::date as day,
        segments.starts_at,
        segments.ends_at
    from versions
    inner join metric.segments
        on
            versions.number = segments.number
            and versions.valid_from <= segments.starts_at
            and versions.valid_until > segments.starts_at
    where
        segments.ends_at > since
        and segments.starts_at < until
    union all
    select
        places.mailbox_id,
        days.starts_at::date as day,
        days.starts_at,
        days.starts_at + interval 1 day as ends_at
    from metric.places
    cross join days
    where not places.has_calendar;

-- The diary's newest line ends what is known; its own moment counts.
create view metric.known as
select
    coalesce(min(recorded_at), timestamp '1970-01-01') as since,
    coalesce(max(recorded_at), timestamp '1970-01-01') + interval 1 microsecond as until
from main.events;

-- How many open conversations an agent had, and for how long, in the open hours between.
create macro metric.load_between(since, until) as table
    with held as (
        select
            mailbox_id,
            assignee_id as agent_id,
            greatest(starts_at, since) as starts_at,
            least(ends_at, until) as ends_at
        from metric.stands
        where
            is_open
            and is_here
            and assignee_id is not null
            and starts_at < until
            and coalesce(ends_at > since, true)
    ),

    firsts as (
        select
            mailbox_id,
            agent_id,
            min(starts_at) as starts_at
        from held
        group by
            mailbox_id,
            agent_id
    ),

    begun as (
        select
            coalesce(min(held.starts_at), timestamp '1970-01-01') as since,
            min(least(until, known.until)) as until
        from metric.known
        left join held
            on true
    ),

    clipped as (
        select
            firsts.mailbox_id,
            firsts.agent_id,
            spans.day,
            greatest(spans.starts_at, firsts.starts_at) as starts_at,
            least(spans.ends_at, begun.until) as ends_at
        from firsts
        cross join begun
        inner join
            metric.spans_between(
                (select one.since from begun as one), (select other.until from begun as other)
            ) as spans
            on
                firsts.mailbox_id = spans.mailbox_id
                and firsts.starts_at < spans.ends_at
        where least(spans.ends_at, begun.until) > greatest(spans.starts_at, firsts.starts_at)
    ),

    changes as (
        select
            mailbox_id,
            agent_id,
            starts_at as happened_at,
            1 as change,
            0 as opens,
            null as day
        from held
        union all
        select
            mailbox_id,
            agent_id,
            ends_at as happened_at,
            -1 as change,
            0 as opens,
            null as day
        from held
        where ends_at is not null
        union all
        select
            mailbox_id,
            agent_id,
            starts_at as happened_at,
            0 as change,
            1 as opens,
            day
        from clipped
        union all
        select
            mailbox_id,
            agent_id,
            ends_at as happened_at,
            0 as change,
            -1 as opens,
            null as day
        from clipped
    ),

    moments as (
        select
            mailbox_id,
            agent_id,
            happened_at,
            sum(change) as change,
            sum(opens) as opens,
            max(day) as day
        from changes
        group by
            mailbox_id,
            agent_id,
            happened_at
    )

    select
        mailbox_id,
        agent_id,
        happened_at,
        last_value(day ignore nulls) over w as day,
        sum(change) over w as conversations,
        epoch(lead(happened_at) over w) - epoch(happened_at) as seconds
    from moments
    window w as (partition by mailbox_id, agent_id order by happened_at)
    qualify
        sum(opens) over w > 0
        and lead(happened_at) over w is not null;

create macro metric.agent_load_between(since, until) as table
    with work as (
        select
            conversations.mailbox_id,
            steps.agent_id,
            timezone(places.time_zone, timezone('UTC', steps.happened_at))::date as day,
            steps.conversation_id,
            steps.step = 'answered' as is_reply
        from metric.steps
        inner join main.conversations
            on steps.conversation_id = conversations.id
        inner join metric.places
            on conversations.mailbox_id = places.mailbox_id
        where
            steps.agent_id is not null
            and steps.step in ('answered', 'closed_unanswered')
            and steps.happened_at >= since
            and steps.happened_at < until
    ),

    handled as (
        select
            mailbox_id,
            agent_id,
            day,
            count(distinct conversation_id) as handled,
            count(*) filter (where is_reply) as replies,
            count(*) filter (where not is_reply) as closes
        from work
        group by
            mailbox_id,
            agent_id,
            day
    ),

    pieces as (
        select
            *,
            sum(seconds) over (partition by mailbox_id, agent_id, day order by conversations)
                as seconds_up_to,
            sum(seconds) over (partition by mailbox_id, agent_id, day) as seconds_of_day
        from metric.load_between(since, until)
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
        places.mailbox,
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
    inner join metric.places
        on both_known.mailbox_id = places.mailbox_id
    inner join main.agents
        on both_known.agent_id = agents.id
    window w as (partition by both_known.mailbox_id, both_known.day);

create view report.agent_load as
select * from metric.agent_load_between(timestamp '1970-01-01', timestamp '9999-01-01');
