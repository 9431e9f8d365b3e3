-- Who is there: by hand (`stance` is auto, here or away, until then or for good), by working hours
-- (a line for each weekday from Monday, like “08:00-12:00 13:00-17:00”, in the agent's time zone),
-- by dates out of office, by shifts.
alter table agents add column stance varchar default 'auto';

alter table agents add column stance_until timestamp;

alter table agents add column hours varchar default '';

create sequence absence_ids;

-- `gives_back`: at its beginning the agent's open conversations go back to the queue, once.
create table absences (
    id bigint primary key default nextval('absence_ids'),
    agent_id bigint not null,
    starts_at timestamp not null,
    ends_at timestamp not null,
    gives_back boolean not null,
    given_back_at timestamp,
    cancelled_at timestamp
);

-- From a file; an agent who has shifts in a week is there in these and at no other time.
create table shifts (
    agent_id bigint not null,
    starts_at timestamp not null,
    ends_at timestamp not null
);
