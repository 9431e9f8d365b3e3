-- name: forget
delete from shifts
where
    agent_id = any($agent_ids::bigint[])
    and starts_at >= $since
    and starts_at < $until;

-- name: add
insert into shifts (agent_id, starts_at, ends_at)
select
    unnest($agent_ids::bigint[]),
    unnest($starts::timestamp[]),
    unnest($ends::timestamp[]);
