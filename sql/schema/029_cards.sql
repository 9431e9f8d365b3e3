-- Questions that somebody has written and the house keeps as cards of Boards.
create sequence card_ids;

create table cards (
    id bigint primary key default nextval('card_ids'),
    title varchar not null,
    definition varchar not null,
    question varchar not null,
    agent_id bigint not null,
    created_at timestamp not null,
    removed_at timestamp
);
