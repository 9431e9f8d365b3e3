-- The diary: one row per verb and conversation, each sealed with the row before it.
create table events (
    event_id bigint primary key,
    action_id varchar not null,
    occurred_at timestamp not null,
    recorded_at timestamp not null,
    actor_kind varchar not null,
    actor_id bigint,
    mailbox_id bigint,
    conversation_id bigint,
    message_id bigint,
    kind varchar not null,
    digest varchar not null,
    seal varchar not null
);

create index events_of_conversation on events (conversation_id);

create table event_payloads (
    event_id bigint primary key,
    salt varchar,
    before varchar,
    after varchar
);
