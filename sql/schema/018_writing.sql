-- Writing: recipients that were confirmed, mail that nobody has asked for, and mail that is passed on.

-- Addresses (JSON) that the author said may have this mail, though they are new here or ours.
alter table drafts add column confirmed varchar default '[]';

-- The message that the draft passes on; its text is quoted whole below the author's own.
alter table drafts add column forwards_message_id bigint;

-- A new mail is begun in a conversation of its own, which is in no list until it is sent.
alter table conversations add column is_begun boolean default false;
