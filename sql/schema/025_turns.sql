-- What the numbers are made of, kept so that no page counts it anew. Every row here is derived from
-- messages, events and conversations by the macro of its name in sql/metrics, and may be forgotten
-- at any time. `derived` has one row when anything is counted: up to which event, and from which
-- open hours and names of colleagues. Conversations with a newer line in the diary are counted anew
-- whenever they are asked for (metric.due), and in the rounds of the worker for good; `due` holds
-- them while that goes on.
create table derived (
    event_id bigint not null,
    seen varchar not null
);

create table due (
    conversation_id bigint not null,
    family_id bigint
);

create table steps (
    conversation_id bigint not null,
    happened_at timestamp not null,
    rank integer not null,
    id bigint not null,
    step varchar not null,
    agent_id bigint
);

create table turns (
    conversation_id bigint not null,
    turn_no bigint not null,
    mailbox_id bigint not null,
    state varchar not null,
    waiting_since timestamp not null,
    ended_at timestamp,
    wait_business_seconds double,
    replied_by_id bigint,
    customer_message_id bigint not null,
    reply_message_id bigint
);

create table pairs (
    conversation_id bigint not null,
    mailbox_id bigint not null,
    customer_message_id bigint not null,
    customer_wrote_at timestamp not null,
    first_message_id bigint not null,
    second_message_id bigint not null,
    first_agent_id bigint,
    second_agent_id bigint,
    first_sent_at timestamp not null,
    second_sent_at timestamp not null,
    word_overlap double not null,
    is_outside boolean not null,
    is_stale boolean not null
);

-- How a conversation stood from one moment, when the house knew it, to the next.
create table stands (
    conversation_id bigint not null,
    mailbox_id bigint not null,
    starts_at timestamp not null,
    ends_at timestamp,
    is_open boolean not null,
    assignee_id bigint,
    is_here boolean not null,
    snoozed_until timestamp
);
