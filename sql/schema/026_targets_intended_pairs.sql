-- Within how long customers are to be answered, for each mailbox: rows are added and never changed,
-- so that what began under one target is measured by it for good. Without seconds: none any more.
create table target_versions (
    mailbox_id bigint not null,
    kind varchar not null,
    seconds bigint,
    calendar varchar,
    valid_from timestamp not null,
    event_id bigint not null
);

-- Two replies to one message that were meant to be two.
create table intended_pairs (
    first_message_id bigint not null,
    second_message_id bigint not null,
    agent_id bigint,
    marked_at timestamp not null
);
