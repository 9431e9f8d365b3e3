-- What a pass over a mail server found, beyond how far it came: when all folders last went well
-- together (noted at INBOX), when a folder's mails were last compared one by one, how many older
-- than the mailbox imports were left out, and which mails have left the server since.
alter table folders add column good_pass_at timestamp;
alter table folders add column reconciled_at timestamp;
alter table folders add column left_out bigint;
alter table raw_messages add column gone_at timestamp;

update folders
set good_pass_at = last_full_scan
where kind = 'inbox';
