-- Mail: conversations and their messages. Message rows never change once written.
create sequence contact_ids;

create table contacts (
    id bigint primary key default nextval('contact_ids'),
    mailbox_id bigint not null,
    address varchar not null,
    name varchar not null,
    created_at timestamp not null
);

create sequence conversation_ids;

create table conversations (
    id bigint primary key default nextval('conversation_ids'),
    mailbox_id bigint not null,
    contact_id bigint,
    contact_name varchar not null,
    contact_address varchar not null,
    subject varchar not null,
    snippet varchar not null,
    status varchar not null,
    assignee_id bigint,
    created_at timestamp not null,
    last_message_at timestamp not null,
    last_reply_at timestamp,
    waiting_since timestamp,
    closed_at timestamp,
    spam_at timestamp,
    trashed_at timestamp,
    snoozed_until timestamp,
    message_count integer not null,
    attachment_count integer not null,
    is_readable boolean not null,
    alert varchar
);

create sequence message_ids;

create table messages (
    id bigint primary key default nextval('message_ids'),
    conversation_id bigint not null,
    mailbox_id bigint not null,
    direction varchar not null,
    via varchar not null,
    agent_id bigint,
    sent_at timestamp not null,
    received_at timestamp not null,
    from_name varchar not null,
    from_address varchar not null,
    recipients varchar not null,
    subject varchar not null,
    rfc_message_id varchar,
    answers_message_id bigint,
    is_auto boolean not null,
    is_bounce boolean not null,
    is_readable boolean not null,
    raw_sha256 varchar,
    identity varchar,
    attachment_count integer not null,
    thread_reason varchar not null
);

create index messages_of_conversation on messages (conversation_id);

create table bodies (
    message_id bigint primary key,
    conversation_id bigint not null,
    body_text varchar not null,
    body_html varchar,
    reply_text varchar not null
);

create index bodies_of_conversation on bodies (conversation_id);

create table search_keys (
    message_id bigint not null,
    conversation_id bigint not null,
    mailbox_id bigint not null,
    search_key varchar not null
);

create sequence attachment_ids;

create table attachments (
    id bigint primary key default nextval('attachment_ids'),
    message_id bigint not null,
    conversation_id bigint not null,
    filename varchar not null,
    content_type varchar not null,
    size_bytes bigint not null,
    sha256 varchar not null,
    content_id varchar,
    is_inline boolean not null
);

create index attachments_of_conversation on attachments (conversation_id);

-- Every Message-ID a mailbox knows, those only seen in References included.
create table message_references (
    mailbox_id bigint not null,
    rfc_message_id varchar not null,
    conversation_id bigint not null,
    is_message boolean not null
);

create table folders (
    mailbox_id bigint not null,
    folder varchar not null,
    kind varchar not null,
    uidvalidity bigint not null,
    last_uid bigint not null,
    last_full_scan timestamp,
    server_count bigint not null
);

create sequence raw_ids;

create table raw_messages (
    id bigint primary key default nextval('raw_ids'),
    mailbox_id bigint not null,
    folder varchar not null,
    uidvalidity bigint not null,
    uid bigint not null,
    sha256 varchar not null,
    head_sha256 varchar not null,
    segment integer not null,
    position bigint not null,
    size_bytes bigint not null,
    server_date timestamp,
    fetched_at timestamp not null,
    state varchar not null,
    message_id bigint,
    error varchar
);

create unique index raw_messages_on_server
on raw_messages (mailbox_id, folder, uidvalidity, uid);

create sequence job_run_ids;

create table job_runs (
    id bigint primary key default nextval('job_run_ids'),
    job varchar not null,
    mailbox_id bigint,
    started_at timestamp not null,
    ended_at timestamp not null,
    is_ok boolean not null,
    detail varchar not null
);
