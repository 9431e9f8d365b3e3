-- name: listed
-- What is open, however old; what was closed, by when the customer began to wait.
select
    unanswered.conversation_id,
    conversations.mailbox_id,
    unanswered.kind,
    unanswered.waiting_since as since,
    unanswered.closed_at,
    epoch($now) - epoch(unanswered.waiting_since) as seconds
from report.unanswered
inner join conversations
    on unanswered.conversation_id = conversations.id
where
    conversations.mailbox_id = any($mailboxes)
    and (
        unanswered.kind = 'open'
        or (unanswered.waiting_since >= $since and unanswered.waiting_since < $until)
    )
    and (
        $tag::varchar is null
        or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
    )
order by
    unanswered.waiting_since,
    unanswered.conversation_id;
