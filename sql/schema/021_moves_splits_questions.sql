-- Conversations that went to another mailbox, messages that went to another conversation, and
-- notes that ask. A move writes the new mailbox on every row of the conversation, so that whoever
-- may not read there finds nothing of it; `moves` is what tells the mailbox it left that it knows
-- its mails, and where their answers go. One row for each conversation of the family; `before` is
-- what taking it back restores.
create sequence move_ids;

create table moves (
    id bigint primary key default nextval('move_ids'),
    conversation_id bigint not null,
    from_id bigint not null,
    to_id bigint not null,
    event_id bigint not null,
    before varchar not null,
    moved_at timestamp not null,
    undone_at timestamp
);

-- What was taken apart by hand: mails that name both keep apart.
create table splits (
    conversation_id bigint not null,
    from_id bigint not null,
    event_id bigint not null,
    split_at timestamp not null
);

-- A note that asks: open until `answered_at`. How many are open stands on the conversation's row.
alter table messages add column is_question boolean default false;

alter table messages add column answered_by bigint;

alter table messages add column answered_at timestamp;

-- What was given in one act is told once.
alter table notifications add column how_many integer default 1;

alter table conversations add column open_questions integer default 0;
