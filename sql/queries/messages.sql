-- name: reserve
select nextval('message_ids')
from range($count);

-- name: add
insert into messages (
    id, conversation_id, mailbox_id, direction, via, agent_id, sent_at, received_at,
    from_name, from_address, recipients, subject, rfc_message_id, answers_message_id,
    is_auto, is_bounce, is_readable, raw_sha256, identity, attachment_count, thread_reason,
    protection, authentication
)
select
    unnest($id::bigint[]),
    unnest($conversation_id::bigint[]),
    unnest($mailbox_id::bigint[]),
    unnest($direction::varchar[]),
    unnest($via::varchar[]),
    unnest($agent_id::bigint[]),
    unnest($sent_at::timestamp[]),
    unnest($received_at::timestamp[]),
    unnest($from_name::varchar[]),
    unnest($from_address::varchar[]),
    unnest($recipients::varchar[]),
    unnest($subject::varchar[]),
    unnest($rfc_message_id::varchar[]),
    unnest($answers_message_id::bigint[]),
    unnest($is_auto::boolean[]),
    unnest($is_bounce::boolean[]),
    unnest($is_readable::boolean[]),
    unnest($raw_sha256::varchar[]),
    unnest($identity::varchar[]),
    unnest($attachment_count::integer[]),
    unnest($thread_reason::varchar[]),
    unnest($protection::varchar[]),
    unnest($authentication::varchar[]);

-- name: add_bodies
insert into bodies (message_id, conversation_id, body_text, body_html, reply_text)
select
    unnest($message_ids::bigint[]),
    unnest($conversation_ids::bigint[]),
    unnest($texts::varchar[]),
    unnest($htmls::varchar[]),
    unnest($reply_texts::varchar[]);

-- name: add_search_keys
insert into search_keys (
    message_id,
    conversation_id,
    mailbox_id,
    search_key,
    sent_at,
    in_order,
    sender,
    recipients,
    subject
)
select
    unnest($message_ids::bigint[]),
    unnest($conversation_ids::bigint[]),
    unnest($mailbox_ids::bigint[]),
    unnest($search_keys::varchar[]),
    unnest($sent_at::timestamp[]),
    unnest($texts::varchar[]),
    unnest($senders::varchar[]),
    unnest($recipients::varchar[]),
    unnest($subjects::varchar[]);

-- name: add_attachments
insert into attachments (
    message_id, conversation_id, filename, content_type, size_bytes, sha256, content_id, is_inline
)
select
    unnest($message_ids::bigint[]),
    unnest($conversation_ids::bigint[]),
    unnest($filenames::varchar[]),
    unnest($content_types::varchar[]),
    unnest($sizes::bigint[]),
    unnest($digests::varchar[]),
    unnest($content_ids::varchar[]),
    unnest($inlines::boolean[]);

-- name: add_references
insert into message_references (mailbox_id, rfc_message_id, conversation_id, is_message)
select
    unnest($mailbox_ids::bigint[]),
    unnest($rfc_message_ids::varchar[]),
    unnest($conversation_ids::bigint[]),
    unnest($own::boolean[]);

-- name: in_conversation
-- Left joins on purpose: an inner join pushes a filter down that keeps the index from being used.
select
    messages.id,
    messages.direction,
    messages.via,
    messages.agent_id,
    agents.name as agent_name,
    messages.sent_at,
    messages.received_at,
    messages.from_name,
    messages.from_address,
    messages.subject,
    messages.rfc_message_id,
    messages.is_auto,
    messages.is_bounce,
    messages.is_readable,
    messages.raw_sha256,
    messages.thread_reason,
    messages.protection,
    messages.authentication,
    messages.hidden_by,
    messages.hidden_at,
    hiders.name as hidden_by_name,
    coalesce(messages.is_question, false) as is_question,
    messages.answered_at,
    answerers.name as answered_by_name,
    bodies.body_text,
    bodies.body_html,
    bodies.reply_text,
    messages.recipients,
    attachments.id as attachment_id,
    attachments.filename,
    attachments.content_type,
    attachments.size_bytes,
    attachments.sha256,
    attachments.content_id,
    attachments.is_inline,
    attachments.restricted_by
from messages
left join bodies
    on
        messages.id = bodies.message_id
        and bodies.conversation_id = $conversation_id
left join agents
    on messages.agent_id = agents.id
left join agents as hiders
    on messages.hidden_by = hiders.id
left join agents as answerers
    on messages.answered_by = answerers.id
left join attachments
    on
        messages.id = attachments.message_id
        and attachments.conversation_id = $conversation_id
where
    messages.conversation_id = $conversation_id
    and messages.mailbox_id = any($mailboxes)
order by messages.sent_at, messages.id, attachments.id;

-- name: in_family
-- The same for conversations that were merged. The index is used for single values alone: with a
-- list in their place, every body there is would be read.
select
    messages.id,
    messages.direction,
    messages.via,
    messages.agent_id,
    agents.name as agent_name,
    messages.sent_at,
    messages.received_at,
    messages.from_name,
    messages.from_address,
    messages.subject,
    messages.rfc_message_id,
    messages.is_auto,
    messages.is_bounce,
    messages.is_readable,
    messages.raw_sha256,
    messages.thread_reason,
    messages.protection,
    messages.authentication,
    messages.hidden_by,
    messages.hidden_at,
    hiders.name as hidden_by_name,
    coalesce(messages.is_question, false) as is_question,
    messages.answered_at,
    answerers.name as answered_by_name,
    bodies.body_text,
    bodies.body_html,
    bodies.reply_text,
    messages.recipients,
    attachments.id as attachment_id,
    attachments.filename,
    attachments.content_type,
    attachments.size_bytes,
    attachments.sha256,
    attachments.content_id,
    attachments.is_inline,
    attachments.restricted_by
from messages
left join bodies
    on
        messages.id = bodies.message_id
        and bodies.conversation_id in (
            $member_1, $member_2, $member_3, $member_4, $member_5, $member_6
        )
left join agents
    on messages.agent_id = agents.id
left join agents as hiders
    on messages.hidden_by = hiders.id
left join agents as answerers
    on messages.answered_by = answerers.id
left join attachments
    on
        messages.id = attachments.message_id
        and attachments.conversation_id in (
            $member_1, $member_2, $member_3, $member_4, $member_5, $member_6
        )
where
    messages.conversation_id in (
        $member_1, $member_2, $member_3, $member_4, $member_5, $member_6
    )
    and messages.mailbox_id = any($mailboxes)
order by messages.sent_at, messages.id, attachments.id;

-- name: to_read_again
select
    conversation_id,
    sent_at,
    thread_reason,
    is_readable
from messages
where id = $message_id;

-- name: are_all_readable
select bool_and(is_readable)
from messages
where conversation_id = any($family::bigint[]);

-- name: references_of
select rfc_message_id
from message_references
where conversation_id = $conversation_id;

-- name: rewrite
update messages
set
    agent_id = $agent_id,
    from_name = $from_name,
    from_address = $from_address,
    recipients = $recipients,
    subject = $subject,
    rfc_message_id = $rfc_message_id,
    answers_message_id = $answers_message_id,
    is_auto = $is_auto,
    is_bounce = $is_bounce,
    is_readable = true,
    raw_sha256 = $raw_sha256,
    identity = $identity,
    attachment_count = $attachment_count,
    protection = $protection,
    authentication = $authentication
where id = $id;

-- name: rewrite_body
update bodies
set
    body_text = $body_text,
    body_html = $body_html,
    reply_text = $reply_text
where message_id = $message_id;

-- name: rewrite_search_key
update search_keys
set
    search_key = $search_key,
    in_order = $text,
    sender = $sender,
    recipients = $recipients,
    subject = $subject
where message_id = $message_id;

-- name: is_hidden
select hidden_at is not null
from messages
where id = $message_id;

-- name: set_original
update messages
set raw_sha256 = $sha256
where id = $message_id;

-- name: set_words
update bodies
set
    body_text = $words,
    body_html = null,
    reply_text = $words
where message_id = $message_id;
