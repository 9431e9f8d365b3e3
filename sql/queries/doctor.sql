-- name: secrets
select
    address,
    secret
from mailboxes
where
    secret is not null
    and is_active
order by address;

-- name: polls
select
    mailboxes.address,
    mailboxes.poll_seconds,
    (
        select max(job_runs.ended_at)
        from job_runs
        where
            job_runs.mailbox_id = mailboxes.id
            and job_runs.job = 'poll'
            and job_runs.is_ok
    ) as polled_at
from mailboxes
where
    mailboxes.imap_url is not null
    and mailboxes.is_active
order by mailboxes.address;
