-- What the guard has stopped, and claims that went back to the team by themselves. Neither moves a
-- mail: they tell people what happened. What became of an answer is seen from its draft.
create sequence stopped_ids;

-- `newest_event_id` is the newest line of the diary that was in its way; null when that was an
-- answer in the Sent folder. `is_held_back`: it was on its way already when it was stopped.
create table stopped_answers (
    id bigint primary key default nextval('stopped_ids'),
    mailbox_id bigint not null,
    conversation_id bigint not null,
    agent_id bigint not null,
    draft_id bigint not null,
    draft_revision integer not null,
    newest_event_id bigint,
    newer_count integer not null,
    is_held_back boolean not null,
    stopped_at timestamp not null
);

create sequence lapse_ids;

create table lapsed_claims (
    id bigint primary key default nextval('lapse_ids'),
    mailbox_id bigint not null,
    conversation_id bigint not null,
    agent_id bigint not null,
    lapsed_at timestamp not null,
    seen_at timestamp
);
