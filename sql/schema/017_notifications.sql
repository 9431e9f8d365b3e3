-- What an agent is told: a mention, a conversation given to them, a customer's answer in one that
-- they have or follow. `notify` on an agent: a line for each kind with the ways it comes by besides
-- the list (ring: on the desktop; mail: in the digest); a kind without a line is not told.
create sequence notification_ids;

create table notifications (
    id bigint primary key default nextval('notification_ids'),
    agent_id bigint not null,
    mailbox_id bigint not null,
    conversation_id bigint not null,
    message_id bigint,
    kind varchar not null,
    actor_id bigint,
    made_at timestamp not null,
    seen_at timestamp,
    mailed_at timestamp
);

alter table agents add column notify varchar default 'mention ring mail
assigned ring mail
answered';
