-- name: standing
select
    agents.id,
    agents.name,
    agents.stance,
    agents.stance_until,
    agents.hours,
    agents.time_zone,
    (
        select array_agg(absences.starts_at order by absences.starts_at, absences.id)
        from absences
        where
            absences.agent_id = agents.id
            and absences.cancelled_at is null
            and absences.ends_at > $now
    ) as away_from,
    (
        select array_agg(absences.ends_at order by absences.starts_at, absences.id)
        from absences
        where
            absences.agent_id = agents.id
            and absences.cancelled_at is null
            and absences.ends_at > $now
    ) as away_until,
    (
        select array_agg(shifts.starts_at order by shifts.starts_at, shifts.ends_at)
        from shifts
        where
            shifts.agent_id = agents.id
            and shifts.ends_at > $since
            and shifts.starts_at < $until
    ) as shifts_from,
    (
        select array_agg(shifts.ends_at order by shifts.starts_at, shifts.ends_at)
        from shifts
        where
            shifts.agent_id = agents.id
            and shifts.ends_at > $since
            and shifts.starts_at < $until
    ) as shifts_until
from agents
where
    agents.is_active
    and ($agent_ids is null or agents.id = any($agent_ids::bigint[]))
    and (
        $mailboxes is null
        or exists (
            select 1
            from memberships
            where
                memberships.agent_id = agents.id
                and memberships.mailbox_id = any($mailboxes::bigint[])
                and memberships.role <> 'reader'
        )
    )
order by agents.name, agents.id;

-- name: absences
select
    id,
    agent_id,
    starts_at,
    ends_at,
    gives_back
from absences
where
    agent_id = any($agent_ids::bigint[])
    and cancelled_at is null
    and ends_at > $now
order by starts_at, id;

-- name: switch
update agents
set
    stance = $stance,
    stance_until = $until
where id = $agent_id;

-- name: set_hours
update agents
set hours = $hours
where id = $agent_id;

-- name: add_absence
insert into absences (agent_id, starts_at, ends_at, gives_back)
values ($agent_id, $starts_at, $ends_at, $gives_back)
returning id;

-- name: absence
select
    id,
    agent_id,
    starts_at,
    ends_at,
    gives_back
from absences
where
    id = $absence_id
    and cancelled_at is null;

-- name: cancel_absence
update absences
set cancelled_at = $now
where
    id = $absence_id
    and cancelled_at is null;

-- name: beginning
-- Absences that have begun and have not given back yet what they are to give back.
select
    id,
    agent_id
from absences
where
    gives_back
    and given_back_at is null
    and cancelled_at is null
    and starts_at <= $now
    and ends_at > $now
order by id;

-- name: given_back
update absences
set given_back_at = $now
where id = $absence_id;
