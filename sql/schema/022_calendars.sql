-- When mailboxes are open: calendars, their versions, and the moments that these come to.
create table calendar_versions (
    calendar varchar not null,
    version integer not null,
    valid_from timestamp not null,
    time_zone varchar not null,
    hours varchar not null,
    country varchar not null,
    subdivision varchar not null,
    days varchar not null,
    created_at timestamp not null,
    drawn_from timestamp,
    drawn_until timestamp
);

-- `seconds_before` are the open seconds of this version before this segment.
create table open_segments (
    calendar varchar not null,
    version integer not null,
    starts_at timestamp not null,
    ends_at timestamp not null,
    seconds_before double not null
);
