-- name: last_recorded
select max(recorded_at) from events;

-- name: known_until
-- How far the state goes that a rescue at $now has brought back.
select max(recorded_at)
from events
where recorded_at < $now;

-- name: compare_all
-- At its next pass every folder is compared with the server mail by mail.
update folders
set reconciled_at = null;

-- name: forget
delete from settings
where name = $name;

-- name: keep
insert into settings (name, value)
values ($name, $value);

-- name: kept
select value
from settings
where name = $name;

-- name: known
-- The mails of a mailbox among these, by where the server has them or by their bytes.
select
    id,
    folder,
    uidvalidity,
    uid,
    sha256,
    state
from raw_messages
where
    mailbox_id = $mailbox_id
    and (
        sha256 in (select unnest($digests::varchar[]))
        or uid in (select unnest($uids::bigint[]))
    );

-- name: sent_by_us
-- Of these mails of ours, those that stand in the outbox.
select raw_sha256
from outbox
where raw_sha256 in (select unnest($digests::varchar[]));

-- name: without_poller
-- Mailboxes with mail to be filed that nobody reads.
select distinct raw_messages.mailbox_id
from raw_messages
inner join mailboxes
    on raw_messages.mailbox_id = mailboxes.id
where
    raw_messages.state = 'stored'
    and (not mailboxes.is_active or mailboxes.imap_url is null);

-- name: own_mail
-- Mail of ours to be given back to its conversation, where all that came in is filed and the
-- mailbox was compared with its server, if there is one.
select
    own.id,
    own.mailbox_id,
    own.sha256,
    own.segment,
    own.position,
    own.size_bytes,
    own.server_date
from raw_messages as own
where
    own.state = 'own'
    and not exists (
        select 1
        from raw_messages as others
        where
            others.mailbox_id = own.mailbox_id
            and others.state = 'stored'
    )
    and (
        $is_late
        or not exists (
            select 1
            from folders
            inner join mailboxes
                on folders.mailbox_id = mailboxes.id
            where
                folders.mailbox_id = own.mailbox_id
                and folders.reconciled_at is null
                and mailboxes.is_active
                and mailboxes.imap_url is not null
        )
    )
order by own.id
limit $most;

-- name: is_left
select count(*) > 0
from raw_messages
where state in ('stored', 'own');

-- name: filed_in
select messages.conversation_id
from raw_messages
inner join messages
    on raw_messages.message_id = messages.id
where raw_messages.id = $id;

-- name: settle_own
update raw_messages
set state = 'known'
where id = $id;

-- name: of_own
-- Where a Message-ID of ours stands already: in the outbox, or as a message.
select
    exists (
        select 1
        from outbox
        where
            mailbox_id = $mailbox_id
            and rfc_message_id = $rfc_message_id
    )
    or exists (
        select 1
        from messages
        where
            mailbox_id = $mailbox_id
            and direction = 'out'
            and rfc_message_id = $rfc_message_id
    ) as is_here;

-- name: doubt
update outbox
set
    state = 'uncertain',
    started_at = $started_at,
    queued_at = $started_at,
    error = $error
where id = $outbox_id;

-- name: files
-- Each attachment of a mail that is here, with where its mail's bytes lie.
select
    attachments.sha256,
    raw_messages.sha256 as raw_sha256,
    raw_messages.segment,
    raw_messages.position,
    raw_messages.size_bytes
from attachments
inner join raw_messages
    on attachments.message_id = raw_messages.message_id
where raw_messages.state = 'filed'
order by raw_messages.id;
