-- Open seconds of a calendar before a moment: segments add up, what is closed adds nothing.
create macro metric.open_seconds(moment, starts_at, ends_at, seconds_before) as
coalesce(
    seconds_before + greatest(0, epoch(least(moment, ends_at)) - epoch(starts_at)),
    0
);

-- Which version of its calendar holds in a mailbox from when. A number stands for a
-- calendar and version, as what is looked up half a million times.
create view metric.versions as
select
    mailboxes.id as mailbox_id,
    numbered.number,
    numbered.time_zone,
    numbered.valid_from
from main.mailboxes
inner join (
    select
        calendar,
        time_zone,
        valid_from,
        row_number() over (order by calendar, version) as number
    from main.calendar_versions
) as numbered
    on mailboxes.calendar = numbered.calendar;

create view metric.segments as
select
    numbered.number,
    open_segments.starts_at,
    open_segments.ends_at,
    open_segments.seconds_before
from main.open_segments
inner join (
    select
        calendar,
        version,
        row_number() over (order by calendar, version) as number
    from main.calendar_versions
) as numbered
    on
        open_segments.calendar = numbered.calendar
        and open_segments.version = numbered.version;
