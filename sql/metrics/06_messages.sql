-- A message is one mail in or out, or one note, with its texts; those of a hidden one are empty.
create view report.messages as
select
    messages.id as message_id,
    families.family_id as conversation_id,
    mailboxes.address as mailbox,
    messages.direction,
    messages.sent_at,
    messages.received_at,
    messages.from_address as from_email,
    messages.from_name,
    coalesce(json_extract_string(messages.recipients, '$.to[*][1]'), []) as to_emails,
    coalesce(json_extract_string(messages.recipients, '$.cc[*][1]'), []) as cc_emails,
    messages.subject,
    case when messages.hidden_at is null then bodies.body_text else '' end as body_text,
    case when messages.hidden_at is null then bodies.reply_text else '' end as reply_text,
    messages.rfc_message_id,
    messages.answers_message_id,
    messages.is_auto,
    messages.is_bounce,
    messages.is_readable,
    messages.raw_sha256,
    messages.via,
    agents.email as agent,
    messages.attachment_count,
    messages.thread_reason
from main.messages
inner join main.mailboxes
    on messages.mailbox_id = mailboxes.id
inner join metric.families
    on messages.conversation_id = families.conversation_id
inner join main.bodies
    on messages.id = bodies.message_id
left join main.agents
    on messages.agent_id = agents.id;
