-- name: mailboxes
with on_server as (
    select
        mailbox_id,
        sum(server_count) as mails
    from folders
    group by mailbox_id
),

stored as (
    select
        raw_messages.mailbox_id,
        count(*) as mails
    from raw_messages
    inner join folders
        on
            raw_messages.mailbox_id = folders.mailbox_id
            and raw_messages.folder = folders.folder
            and raw_messages.uidvalidity = folders.uidvalidity
    where raw_messages.gone_at is null
    group by raw_messages.mailbox_id
),

newest as (
    select
        mailbox_id,
        max(server_date) as server_date,
        max_by(fetched_at, server_date) as fetched_at
    from raw_messages
    group by mailbox_id
),

unreadable as (
    select
        mailbox_id,
        count(*) as mails
    from messages
    where not is_readable
    group by mailbox_id
),

good as (
    -- A good poll that brought nothing leaves no run, only the moment of its pass.
    select
        mailbox_id,
        max(looked_at) as good_at
    from (
        select
            mailbox_id,
            ended_at as looked_at
        from job_runs
        where
            job = 'poll'
            and is_ok
        union all
        select
            mailbox_id,
            good_pass_at as looked_at
        from folders
        where good_pass_at is not null
    ) as looks
    group by mailbox_id
),

missed as (
    select
        job_runs.mailbox_id,
        count(*) as polls,
        max_by(job_runs.detail, job_runs.id) as error
    from job_runs
    left join good
        on job_runs.mailbox_id = good.mailbox_id
    where
        job_runs.job = 'poll'
        and not job_runs.is_ok
        and (good.good_at is null or job_runs.ended_at > good.good_at)
    group by job_runs.mailbox_id
)

select
    mailboxes.id,
    mailboxes.name,
    mailboxes.address,
    mailboxes.is_active,
    mailboxes.imap_url is not null as has_server,
    mailboxes.poll_seconds,
    mailboxes.created_at,
    mailboxes.import_since,
    coalesce(on_server.mails, 0)::bigint as on_server,
    coalesce(stored.mails, 0) as stored,
    coalesce(unreadable.mails, 0) as unreadable,
    good.good_at as last_poll_at,
    coalesce(missed.polls, 0) as missed,
    missed.error,
    newest.server_date as last_mail_at,
    greatest(0, epoch(newest.fetched_at) - epoch(newest.server_date)) as lag_seconds
from mailboxes
left join on_server
    on mailboxes.id = on_server.mailbox_id
left join stored
    on mailboxes.id = stored.mailbox_id
left join newest
    on mailboxes.id = newest.mailbox_id
left join unreadable
    on mailboxes.id = unreadable.mailbox_id
left join good
    on mailboxes.id = good.mailbox_id
left join missed
    on mailboxes.id = missed.mailbox_id
order by mailboxes.is_active desc, mailboxes.name asc, mailboxes.id asc;

-- name: outbox
select
    state,
    count(*) as mails
from outbox
group by state
order by state;

-- name: troubled
select
    outbox.id,
    outbox.kind,
    mailboxes.name as mailbox_name,
    case when outbox.mailbox_id = any($mailboxes::bigint[]) then outbox.conversation_id end
        as conversation_id,
    case
        when outbox.mailbox_id is null or outbox.mailbox_id = any($mailboxes::bigint[])
            then outbox.subject
        else ''
    end as subject,
    case
        when outbox.mailbox_id is null or outbox.mailbox_id = any($mailboxes::bigint[])
            then coalesce(
                (
                    select string_agg(outbox_recipients.address, ', ')
                    from outbox_recipients
                    where outbox_recipients.outbox_id = outbox.id
                ), ''
            )
        else ''
    end as addresses,
    outbox.state,
    outbox.attempts,
    outbox.queued_at,
    outbox.due_at,
    outbox.error
from outbox
left join mailboxes
    on outbox.mailbox_id = mailboxes.id
where
    outbox.state in ('failed', 'uncertain')
    or (outbox.state = 'queued' and outbox.attempts > 0)
    or (outbox.state = 'sent' and outbox.sent_check = 'skipped' and outbox.queued_at > $since)
order by outbox.state = 'sent' asc, outbox.queued_at desc
limit 100;

-- name: jobs
with newest as (
    select
        max(id) as id,
        count(*) filter (where not is_ok and started_at > $since) as failures
    from job_runs
    group by job, mailbox_id
)

select
    job_runs.job,
    mailboxes.name as mailbox_name,
    job_runs.started_at,
    job_runs.ended_at,
    job_runs.is_ok,
    job_runs.detail,
    newest.failures
from newest
inner join job_runs
    on newest.id = job_runs.id
left join mailboxes
    on job_runs.mailbox_id = mailboxes.id
order by job_runs.job, mailboxes.name;

-- name: unreadable
select
    messages.id as message_id,
    messages.conversation_id,
    mailboxes.name as mailbox_name,
    messages.from_address,
    messages.received_at,
    max(raw_messages.size_bytes) as size_bytes,
    max(raw_messages.error) as error
from messages
inner join mailboxes
    on messages.mailbox_id = mailboxes.id
left join raw_messages
    on messages.id = raw_messages.message_id
where
    not messages.is_readable
    and messages.mailbox_id = any($mailboxes::bigint[])
group by
    messages.id, messages.conversation_id, mailboxes.name, messages.from_address,
    messages.received_at
order by messages.received_at desc
limit 100;

-- name: alarms
with good as (
    -- A good poll that brought nothing leaves no run, only the moment of its pass.
    select
        mailbox_id,
        max(looked_at) as good_at
    from (
        select
            mailbox_id,
            ended_at as looked_at
        from job_runs
        where
            job = 'poll'
            and is_ok
        union all
        select
            mailbox_id,
            good_pass_at as looked_at
        from folders
        where good_pass_at is not null
    ) as looks
    group by mailbox_id
),

missed as (
    select
        job_runs.mailbox_id,
        count(*) as polls,
        max_by(job_runs.detail, job_runs.id) as error
    from job_runs
    left join good
        on job_runs.mailbox_id = good.mailbox_id
    where
        job_runs.job = 'poll'
        and not job_runs.is_ok
        and (good.good_at is null or job_runs.ended_at > good.good_at)
    group by job_runs.mailbox_id
),

late as (
    select
        mailboxes.id,
        mailboxes.name,
        coalesce(good.good_at, mailboxes.created_at) as since,
        coalesce(missed.polls, 0) as polls,
        epoch($now::timestamp) - epoch(coalesce(good.good_at, mailboxes.created_at)) as seconds,
        $missed * mailboxes.poll_seconds + $patience as longest
    from mailboxes
    left join good
        on mailboxes.id = good.mailbox_id
    left join missed
        on mailboxes.id = missed.mailbox_id
    where
        mailboxes.is_active
        and mailboxes.imap_url is not null
        and ($is_admin or mailboxes.id = any($mailboxes::bigint[]))
)

select
    'not_polled' as kind,
    name,
    since,
    polls as count
from late
where polls >= $missed or seconds > longest
union all
select
    'undelivered' as kind,
    '' as name,
    min(queued_at) as since,
    count(*) as count
from outbox
where
    (
        state = 'failed'
        or (state = 'uncertain' and coalesce(started_at, queued_at) <= $overdue_since)
        or (state = 'queued' and due_at <= $overdue_since)
    )
    and (mailbox_id = any($mailboxes::bigint[]) or ($is_admin and mailbox_id is null))
having count(*) > 0
union all
select
    'no_backup' as kind,
    '' as name,
    $last_backup_at::timestamp as since,
    0 as count
from mailboxes
having
    $needs_backup
    and coalesce($last_backup_at::timestamp, min(mailboxes.created_at)) < $no_backup_since
union all
select
    'rescued' as kind,
    value as name,
    null as since,
    0 as count
from settings
where
    name = 'rescued'
    and $is_admin
    and value not like '%"is_seen": true%';
