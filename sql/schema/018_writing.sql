-- Writing: recipients that were confirmed, mail that answers nothing, and mail that is passed on.

-- Addresses (JSON) that the author said may have this mail, though they are new here or ours.
alter table drafts add column confirmed varchar default '[]';

-- The message that the draft passes on; its text is quoted whole below the author's own.
alter table drafts add column forwards_message_id bigint;

-- A new mail is begun in a conversation of its own; until it is sent, that is nobody's but whose
-- number this is, and in no list.
alter table conversations add column begun_by bigint;
