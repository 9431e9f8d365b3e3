-- How a conversation is read: what was hidden from it, which files are for a few alone, and what
-- the receiving server said of a mail's sender ("mx.example.com spf=pass dkim=pass dmarc=fail").
alter table messages add column hidden_by bigint;

alter table messages add column hidden_at timestamp;

alter table messages add column authentication varchar default '';

alter table attachments add column restricted_by bigint;

alter table attachments add column restricted_at timestamp;
