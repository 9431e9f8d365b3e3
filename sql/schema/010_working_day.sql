-- What a team does with its conversations all day: tags, following, blocked senders, what is new.
create sequence tag_ids;

-- A tag belongs to a mailbox. One that is retired is offered no more and stays where it stands.
create table tags (
    id bigint primary key default nextval('tag_ids'),
    mailbox_id bigint not null,
    name varchar not null,
    created_at timestamp not null,
    retired_at timestamp
);

-- Rows are added and deleted, never changed.
create table conversation_tags (
    conversation_id bigint not null,
    tag_id bigint not null,
    mailbox_id bigint not null,
    tagged_at timestamp not null
);

create table follows (
    conversation_id bigint not null,
    mailbox_id bigint not null,
    agent_id bigint not null,
    followed_at timestamp not null
);

create sequence block_ids;

-- Mail of a blocked sender is filed as spam from then on; nothing is deleted.
create table blocked_senders (
    id bigint primary key default nextval('block_ids'),
    mailbox_id bigint not null,
    address varchar not null,
    agent_id bigint,
    blocked_at timestamp not null,
    lifted_at timestamp
);

-- What each agent has seen of a conversation: its newest message then. Marked unread: 0.
create table reads (
    conversation_id bigint not null,
    mailbox_id bigint not null,
    agent_id bigint not null,
    seen_message_id bigint not null,
    seen_at timestamp not null
);

-- What the list shows and filters by stands on the conversation's own row. `tags` are the names of
-- its tags, sorted, a line each. `channel` is where it came from: mail, form, chat, phone.
alter table conversations add column tags varchar default '';

alter table conversations add column channel varchar default 'mail';

alter table conversations add column is_urgent boolean default false;

alter table conversations add column last_message_id bigint;

alter table conversations add column last_reply_agent_id bigint;
