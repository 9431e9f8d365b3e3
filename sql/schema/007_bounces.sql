-- Whom our mail did not reach. A row for each recipient a report gives up on; `bounced_message_id`
-- and `outbox_id` are set only when the report names a mail of ours by its signed Message-ID.
create table bounces (
    message_id bigint not null,
    mailbox_id bigint not null,
    conversation_id bigint not null,
    bounced_message_id bigint,
    outbox_id bigint,
    address varchar not null,
    status varchar not null,
    answer varchar not null,
    is_permanent boolean not null,
    created_at timestamp not null
);

create index bounces_of_conversation on bounces (conversation_id);

-- What S/MIME or PGP did to a mail: signed, encrypted, or nothing.
alter table messages add column protection varchar default '';
