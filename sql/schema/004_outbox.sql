-- Mail on its way out. A reply is a row here before it is a mail.
create sequence draft_ids;

create table drafts (
    id bigint primary key default nextval('draft_ids'),
    conversation_id bigint not null,
    agent_id bigint not null,
    kind varchar not null,
    recipients varchar not null,
    subject varchar not null,
    body varchar not null,
    answers_message_id bigint,
    seen_event_id bigint not null,
    revision integer not null,
    state varchar not null,
    created_at timestamp not null,
    updated_at timestamp not null
);

create index drafts_of_conversation on drafts (conversation_id);

create sequence upload_ids;

create table draft_attachments (
    id bigint primary key default nextval('upload_ids'),
    draft_id bigint not null,
    filename varchar not null,
    content_type varchar not null,
    size_bytes bigint not null,
    sha256 varchar not null
);

create sequence outbox_ids;

create table outbox (
    id bigint primary key default nextval('outbox_ids'),
    kind varchar not null,
    mailbox_id bigint,
    conversation_id bigint,
    message_id bigint,
    agent_id bigint,
    draft_id bigint,
    draft_revision integer,
    answers_message_id bigint,
    rfc_message_id varchar not null,
    raw_sha256 varchar not null,
    segment integer not null,
    position bigint not null,
    size_bytes bigint not null,
    envelope_from varchar not null,
    from_name varchar not null,
    from_address varchar not null,
    recipients varchar not null,
    subject varchar not null,
    body_text varchar not null,
    body_html varchar not null,
    reply_text varchar not null default '',
    attachments varchar not null,
    seen_event_id bigint not null,
    queued_at timestamp not null,
    due_at timestamp not null,
    state varchar not null,
    stage varchar not null,
    closes boolean not null,
    attempts integer not null,
    leased_until timestamp,
    started_at timestamp,
    sent_at timestamp,
    error varchar,
    sent_check varchar not null default 'none',
    copy_state varchar not null,
    copy_error varchar
);

create unique index outbox_of_draft on outbox (draft_id, draft_revision);

create index outbox_of_conversation on outbox (conversation_id);

create table outbox_recipients (
    outbox_id bigint not null,
    address varchar not null,
    kind varchar not null,
    state varchar not null,
    answer varchar
);
