-- The house: who works here, which mailboxes they share, and how they sign in.
create sequence agent_ids;

create table agents (
    id bigint primary key default nextval('agent_ids'),
    email varchar not null,
    name varchar not null,
    password_hash varchar,
    is_admin boolean not null,
    is_active boolean not null,
    signature varchar not null,
    created_at timestamp not null,
    deactivated_at timestamp
);

create sequence mailbox_ids;

create table mailboxes (
    id bigint primary key default nextval('mailbox_ids'),
    address varchar not null,
    name varchar not null,
    imap_url varchar,
    smtp_url varchar,
    auth varchar not null,
    secret varchar,
    token_command varchar,
    signature varchar not null,
    save_sent varchar not null,
    sent_folder varchar,
    folders varchar not null,
    poll_seconds integer not null,
    calendar varchar,
    is_active boolean not null,
    created_at timestamp not null,
    import_since timestamp
);

create table aliases (
    mailbox_id bigint not null,
    address varchar not null
);

create table memberships (
    mailbox_id bigint not null,
    agent_id bigint not null,
    role varchar not null,
    sends varchar not null
);

create sequence session_ids;

create table sessions (
    id bigint primary key default nextval('session_ids'),
    agent_id bigint not null,
    token_digest varchar not null,
    device varchar not null,
    created_at timestamp not null,
    expires_at timestamp not null,
    revoked_at timestamp
);

create sequence invitation_ids;

-- One-time links: set-up of the first admin, invitations, forgotten passwords.
create table invitations (
    id bigint primary key default nextval('invitation_ids'),
    kind varchar not null,
    agent_id bigint,
    token_digest varchar not null,
    created_at timestamp not null,
    expires_at timestamp not null,
    used_at timestamp
);

create table sign_in_guesses (
    account varchar not null,
    address varchar not null,
    guessed_at timestamp not null
);

create table settings (
    name varchar primary key,
    value varchar not null
);
