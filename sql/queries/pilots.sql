-- name: versions
-- Every pilot as it was planned, changed, withdrawn or ended; the newest pilot first.
select
    pilot_versions.pilot_id,
    pilot_versions.version,
    pilot_versions.kind,
    pilot_versions.mailboxes,
    pilot_versions.metric,
    pilot_versions.target,
    pilot_versions.margin,
    pilot_versions.promised,
    pilot_versions.is_business,
    pilot_versions.weeks_before,
    pilot_versions.starts_on,
    pilot_versions.weeks,
    pilot_versions.time_zone,
    pilot_versions.written_at,
    coalesce(agents.name, '') as written_by
from pilot_versions
left join agents
    on pilot_versions.agent_id = agents.id
order by
    pilot_versions.pilot_id desc,
    pilot_versions.version asc;

-- name: add
insert into pilot_versions (
    pilot_id, version, kind, mailboxes, metric, target, margin, promised, is_business,
    weeks_before, starts_on, weeks, time_zone, agent_id, written_at
)
values (
    $pilot_id, $version, $kind, $mailboxes, $metric, $target, $margin, $promised, $is_business,
    $weeks_before, $starts_on, $weeks, $time_zone, $agent_id, $now
);

-- name: without_calendar
-- Those of these mailboxes that follow no calendar, or are none.
select count(*)
from (select unnest($mailboxes::bigint[]) as id) as wanted
left join mailboxes
    on wanted.id = mailboxes.id
where mailboxes.calendar is null;

-- name: known_mailboxes
select id
from mailboxes
where id = any($mailboxes::bigint[])
order by id;
