-- When the Sent folder is visited next for a mail, to look for it while it is in doubt and to file
-- its copy once it is sent; how many visits failed; and when people were asked about a doubt.
alter table outbox add column visit_due_at timestamp;

alter table outbox add column visits integer default 0;

alter table outbox add column asked_at timestamp;
