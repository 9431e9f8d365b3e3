-- name: add
insert into job_runs (job, mailbox_id, started_at, ended_at, is_ok, detail)
values ($job, $mailbox_id, $started_at, $ended_at, $is_ok, $detail);

-- name: trim
delete from job_runs
where ended_at < $before;
