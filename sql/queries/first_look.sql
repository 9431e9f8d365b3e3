-- name: told
-- What imported mail says of the last weeks, by what is counted already: while mail streams in,
-- nobody's page counts it. One row.
select
    (
        select max(mailboxes.created_at)
        from mailboxes
        where mailboxes.id = any($mailboxes::bigint[])
    ) as newest,
    (
        select count(*) > 0
        from first_looks
        where first_looks.agent_id = $agent_id
    ) as is_dismissed,
    (
        select count(*)
        from pairs
        left join intended_pairs
            on
                pairs.first_message_id = intended_pairs.first_message_id
                and pairs.second_message_id = intended_pairs.second_message_id
        where
            pairs.mailbox_id = any($mailboxes::bigint[])
            and pairs.second_sent_at >= $since
            and pairs.second_sent_at < $now
            and intended_pairs.first_message_id is null
    ) as duplicates,
    count(*) filter (where state = 'answered') as answered,
    count(*) filter (where state <> 'answered') as unanswered,
    median(epoch(ended_at) - epoch(waiting_since)) filter (where state = 'answered') as seconds
from turns
where
    turn_no = 1
    and state <> 'void'
    and mailbox_id = any($mailboxes::bigint[])
    and waiting_since >= $since
    and waiting_since < $now;

-- name: dismiss
insert into first_looks (agent_id, dismissed_at)
values ($agent_id, $now);
