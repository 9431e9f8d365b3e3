-- What a pilot is to be judged by: rows are added and never changed, so that it can be told what
-- the rule was before the first day, and who has changed it. `kind` is planned, changed, withdrawn
-- or ended; `pilot_id` is the event of its planning; `mailboxes` are ids as JSON.
create table pilot_versions (
    pilot_id bigint not null,
    version integer not null,
    kind varchar not null,
    mailboxes varchar not null,
    metric varchar not null,
    target double not null,
    margin double not null,
    promised double not null,
    is_business boolean not null,
    weeks_before integer not null,
    starts_on date not null,
    weeks integer not null,
    time_zone varchar not null,
    agent_id bigint,
    written_at timestamp not null
);

-- Who has put away the first look at imported history.
create table first_looks (
    agent_id bigint not null,
    dismissed_at timestamp not null
);
