-- Passing several mails on at once.

-- The messages (JSON) that the draft passes on, oldest first; empty for one alone, which
-- forwards_message_id names.
alter table drafts add column forwards varchar default '';
