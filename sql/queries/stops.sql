-- name: is_known
-- The same text, pressed again at the same moment of the conversation.
select count(*) > 0
from stopped_answers
where
    draft_id = $draft_id
    and draft_revision = $draft_revision
    and newest_event_id = $newest_event_id
    and not is_held_back;

-- name: add
insert into stopped_answers (
    mailbox_id, conversation_id, agent_id, draft_id, draft_revision, newest_event_id,
    newer_count, is_held_back, stopped_at
)
select
    $mailbox_id,
    $conversation_id,
    $agent_id,
    $draft_id,
    drafts.revision,
    $newest_event_id,
    $newer_count,
    $is_held_back,
    $now as stopped_at
from drafts
where drafts.id = $draft_id;

-- name: listed
-- What became of an answer: the mail that left with its draft later, else the draft as it is.
with stopped as (
    select
        stopped_answers.id,
        stopped_answers.mailbox_id,
        stopped_answers.conversation_id,
        stopped_answers.agent_id,
        stopped_answers.draft_id,
        stopped_answers.draft_revision,
        stopped_answers.newest_event_id,
        stopped_answers.newer_count,
        stopped_answers.is_held_back,
        stopped_answers.stopped_at,
        (
            select max(outbox.id)
            from outbox
            where
                outbox.draft_id = stopped_answers.draft_id
                and outbox.queued_at >= stopped_answers.stopped_at
                and outbox.state <> 'cancelled'
                and outbox.sent_check not in ('stopped', 'overtaken')
        ) as outbox_id
    from stopped_answers
    where
        stopped_answers.mailbox_id = any($mailboxes)
        and stopped_answers.stopped_at >= $since
        and ($until::timestamp is null or stopped_answers.stopped_at < $until)
)

select
    stopped.id,
    stopped.stopped_at,
    stopped.is_held_back,
    stopped.newer_count,
    stopped.agent_id,
    authors.name as agent_name,
    coalesce(conversations.merged_into, conversations.id) as conversation_id,
    conversations.subject,
    mailboxes.name as mailbox_name,
    events.kind as newer_kind,
    events.actor_kind as newer_actor,
    colleagues.name as newer_name,
    conversations.contact_name,
    conversations.contact_address,
    case
        when
            outbox.id is not null
            and exists (
                select anyway.event_id
                from events as anyway
                where
                    anyway.kind = 'sent_anyway'
                    and anyway.message_id = outbox.message_id
            )
            then 'sent_anyway'
        when outbox.draft_revision > stopped.draft_revision then 'edited'
        when outbox.id is not null then 'sent'
        when drafts.state = 'discarded' then 'discarded'
        when drafts.state = 'sent' then 'noted'
        else 'draft'
    end as fate
from stopped
left join outbox
    on stopped.outbox_id = outbox.id
left join drafts
    on stopped.draft_id = drafts.id
left join conversations
    on stopped.conversation_id = conversations.id
left join mailboxes
    on stopped.mailbox_id = mailboxes.id
left join agents as authors
    on stopped.agent_id = authors.id
left join events
    on stopped.newest_event_id = events.event_id
left join agents as colleagues
    on events.actor_kind = 'agent' and events.actor_id = colleagues.id
where
    $tag::varchar is null
    or list_contains(string_split(coalesce(conversations.tags, ''), chr(10)), $tag)
order by stopped.stopped_at desc, stopped.id desc
limit $most;
