-- name: versions
select
    calendar,
    version,
    valid_from,
    time_zone,
    hours,
    country,
    subdivision,
    days,
    drawn_from,
    drawn_until
from calendar_versions
order by
    calendar,
    version;

-- name: add
insert into calendar_versions (
    calendar, version, valid_from, time_zone, hours, country, subdivision, days, created_at
)
values (
    $calendar, $version, $valid_from, $time_zone, $hours, $country, $subdivision, $days, $now
);

-- name: correct
update calendar_versions
set
    time_zone = $time_zone,
    hours = $hours,
    country = $country,
    subdivision = $subdivision,
    days = $days
where
    calendar = $calendar
    and version = $version;

-- name: forget_segments
delete from open_segments
where
    calendar = $calendar
    and version = $version;

-- name: add_segments
insert into open_segments (calendar, version, starts_at, ends_at, seconds_before)
select
    $calendar,
    $version,
    unnest($starts::timestamp[]),
    unnest($ends::timestamp[]),
    unnest($before::double[]);

-- name: drawn
update calendar_versions
set
    drawn_from = $first,
    drawn_until = $last
where
    calendar = $calendar
    and version = $version;

-- name: oldest_mail
select min(least(sent_at, received_at)) as oldest
from messages
where sent_at > timestamp '1990-01-01';

-- name: mailboxes_of
select
    calendar,
    address
from mailboxes
where calendar is not null
order by address;
