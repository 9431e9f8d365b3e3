-- Queue depth: what was open at a moment, snoozed or not, what nobody had of it, and who waited.
create macro metric.depth_between(since, until, pace) as table
    with spans as (
        select
            'open' as kind,
            conversation_id,
            assignee_id,
            starts_at,
            ends_at
        from metric.stands
        where
            is_open
            and is_here
            and starts_at <= until
            and coalesce(ends_at > since, true)
        union all
        select
            'waiting' as kind,
            conversation_id,
            null as assignee_id,
            waiting_since as starts_at,
            ended_at as ends_at
        from metric.turns
        where
            state <> 'void'
            and waiting_since <= until
            and coalesce(ended_at > since, true)
    ),

    -- Moments are `pace` seconds apart, the first of them at `since`.
    placed as (
        select
            kind,
            conversation_id,
            assignee_id,
            greatest(0, ceil((epoch(starts_at) - epoch(since)) / pace)) as enters,
            ceil((epoch(ends_at) - epoch(since)) / pace) as leaves
        from spans
    )

    select *
    from placed
    where coalesce(leaves > enters, true);
