-- Answers that are written once. Without a mailbox a template is for all of them. `effects` is what
-- sending does besides, as JSON (see inbox.effects), in a template, a draft and a mail on its way.
create sequence template_ids;

create table templates (
    id bigint primary key default nextval('template_ids'),
    mailbox_id bigint,
    folder varchar not null,
    name varchar not null,
    body varchar not null,
    effects varchar not null,
    uses bigint not null,
    used_at timestamp,
    created_at timestamp not null,
    deleted_at timestamp
);

alter table drafts add column effects varchar default '';

-- Since when colleagues see it, and whom of them its author has asked (null: any).
alter table drafts add column shared_at timestamp;

alter table drafts add column reviewer_id bigint;

alter table outbox add column effects varchar default '';

-- The moment it was sent for by choice (null: at once); and whoever sent it, if that was not its
-- author.
alter table outbox add column planned_at timestamp;

alter table outbox add column approver_id bigint;
