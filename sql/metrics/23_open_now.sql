-- Open now: what is not closed, in spam or in trash, with whom, and since when its customer waits.
create macro metric.open_now(mailboxes, tag) as table
    with chosen as (
        select
            id as conversation_id,
            mailbox_id,
            assignee_id,
            created_at,
            snoozed_until
        from main.conversations
        where
            list_contains(mailboxes, mailbox_id)
            and status = 'open'
            and merged_into is null
            and begun_by is null
            and spam_at is null
            and trashed_at is null
            and (tag is null or list_contains(string_split(coalesce(tags, ''), chr(10)), tag))
    )

    select
        chosen.conversation_id,
        chosen.mailbox_id,
        chosen.assignee_id,
        chosen.snoozed_until,
        turns.waiting_since,
        coalesce(stands.starts_at, chosen.created_at) as stands_since
    from chosen
    left join metric.turns
        on
            chosen.conversation_id = turns.conversation_id
            and turns.state = 'waiting'
    left join metric.stands
        on
            chosen.conversation_id = stands.conversation_id
            and stands.ends_at is null;
