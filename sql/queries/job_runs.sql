-- name: add
insert into job_runs (job, mailbox_id, started_at, ended_at, is_ok, detail)
values ($job, $mailbox_id, $started_at, $ended_at, $is_ok, $detail);

-- name: last
select max(ended_at)
from job_runs
where
    job = $job
    and mailbox_id is null;

-- name: trim
delete from job_runs
where ended_at < $before;
