-- What is done to a conversation: asleep through a thanks, and erased for good.
alter table conversations add column snooze_stays boolean default false;

-- What tells an erased mail when a server offers it again: digests alone, nothing to read.
create table erased_mail (
    mailbox_id bigint not null,
    digest varchar not null,
    erased_at timestamp not null
);

-- Bytes on the disk that are still to be blanked (`raw`) or removed (`file`); gone when they are.
create table bytes_to_erase (
    kind varchar not null,
    sha256 varchar not null,
    segment integer,
    position bigint,
    size_bytes bigint
);
