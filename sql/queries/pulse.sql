-- name: numbers
select
    (
        select count(*)
        from conversations
        where
            merged_into is null
            and begun_by is null
    ) as conversations,
    (
        select count(*)
        from messages
    ) as messages,
    (
        select count(*)
        from messages
        where not is_readable
    ) as unreadable,
    (
        select count(*)
        from outbox
        where state in ('queued', 'sending')
    ) as queued,
    (
        select count(*)
        from outbox
        where state = 'failed'
    ) as failed,
    (
        select count(*)
        from outbox
        where state = 'uncertain'
    ) as uncertain,
    (
        select coalesce(max(event_id), 0)
        from events
    ) as events,
    (
        select max(ended_at)
        from job_runs
    ) as last_job_at;
