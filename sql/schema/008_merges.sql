-- Conversations that turned out to be one. A merge is a link that can be undone: no row of a
-- message, event, draft or mail on its way ever moves. `merge_links` is the truth, one row for each
-- merge, and tells how the surviving conversation stood before. `merged_into` is derived from it:
-- the conversation in which the whole chain ends, null for one that stands alone.
alter table conversations add column merged_into bigint;

create sequence merge_ids;

create table merge_links (
    id bigint primary key default nextval('merge_ids'),
    mailbox_id bigint not null,
    conversation_id bigint not null,
    into_id bigint not null,
    merged_at timestamp not null,
    action_id varchar not null,
    event_id bigint not null,
    status varchar not null,
    assignee_id bigint,
    waiting_since timestamp,
    closed_at timestamp,
    trashed_at timestamp,
    took_alert boolean not null,
    undone_at timestamp
);
