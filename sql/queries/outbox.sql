-- name: add
insert into outbox (
    kind, mailbox_id, conversation_id, message_id, agent_id, draft_id, draft_revision,
    answers_message_id, rfc_message_id, raw_sha256, segment, position, size_bytes,
    envelope_from, from_name, from_address, recipients, subject, body_text, body_html,
    reply_text, attachments, seen_event_id, queued_at, due_at, state, stage, closes, attempts,
    error, sent_check, copy_state, effects, planned_at, approver_id
)
values (
    $kind, $mailbox_id, $conversation_id, $message_id, $agent_id, $draft_id, $draft_revision,
    $answers_message_id, $rfc_message_id, $raw_sha256, $segment, $position, $size_bytes,
    $envelope_from, $from_name, $from_address, $recipients, $subject, $body_text, $body_html,
    $reply_text, $attachments, $seen_event_id, $now, $due_at, 'queued', '', $closes, 0,
    $error, $sent_check, $copy_state, $effects, $planned_at, $approver_id
)
returning id;

-- name: add_recipients
insert into outbox_recipients (outbox_id, address, kind, state, answer)
select
    $outbox_id,
    unnest($addresses::varchar[]),
    unnest($kinds::varchar[]),
    unnest($states::varchar[]),
    unnest($answers::varchar[]);

-- name: of_draft
-- Not one that gave its draft back: that text has the next revision.
select
    id,
    due_at
from outbox
where
    draft_id = $draft_id
    and draft_revision = $draft_revision
    and state <> 'cancelled'
    and sent_check not in ('stopped', 'overtaken');

-- name: was_stopped
select count(*) > 0
from outbox
where
    draft_id = $draft_id
    and sent_check = 'stopped';

-- name: by_id
select
    id,
    kind,
    mailbox_id,
    conversation_id,
    message_id,
    agent_id,
    draft_id,
    answers_message_id,
    rfc_message_id,
    raw_sha256,
    segment,
    position,
    size_bytes,
    envelope_from,
    from_name,
    from_address,
    recipients,
    subject,
    body_text,
    body_html,
    reply_text,
    attachments,
    seen_event_id,
    queued_at,
    due_at,
    state,
    stage,
    closes,
    attempts,
    leased_until,
    started_at,
    sent_check,
    copy_state,
    visits,
    effects,
    planned_at,
    approver_id
from outbox
where id = $outbox_id;

-- name: recipients_of
select
    address,
    kind,
    state,
    answer
from outbox_recipients
where outbox_id = $outbox_id
order by kind desc, address asc;

-- name: of_conversation
select
    outbox.id,
    outbox.kind,
    outbox.message_id,
    outbox.agent_id,
    agents.name as agent_name,
    outbox.draft_id,
    outbox.from_name,
    outbox.from_address,
    outbox.subject,
    outbox.body_text,
    outbox.body_html,
    outbox.reply_text,
    outbox.queued_at,
    outbox.due_at,
    outbox.started_at,
    outbox.state,
    outbox.attempts,
    outbox.error,
    outbox.sent_check,
    outbox.planned_at,
    outbox.approver_id,
    outbox.recipients,
    outbox_recipients.address,
    outbox_recipients.kind as recipient_kind,
    outbox_recipients.state as recipient_state,
    outbox_recipients.answer
from outbox
left join agents
    on outbox.agent_id = agents.id
left join outbox_recipients
    on outbox.id = outbox_recipients.outbox_id
where
    outbox.conversation_id = any($family::bigint[])
    and outbox.mailbox_id = any($mailboxes)
    and outbox.state <> 'cancelled'
    and (
        outbox.state <> 'sent'
        or outbox.sent_check = 'skipped'
        or outbox.id in (
            select troubled.outbox_id
            from outbox_recipients as troubled
            where troubled.state in ('refused', 'bounced')
        )
    )
order by outbox.id asc, outbox_recipients.kind desc, outbox_recipients.address asc;

-- name: troubles
select
    mailbox_id,
    state,
    count(*) as row_count,
    min(queued_at) as oldest
from outbox
where
    state not in ('sent', 'cancelled')
    and ($everything or mailbox_id = any($mailboxes))
group by mailbox_id, state
order by mailbox_id, state;

-- name: newer
-- What the guard stops for: a customer's mail, a note, a reply, whose author is not the agent.
-- A reply of ours counts when it is queued, so not once more when it leaves, and not when it
-- was undone.
with queued as (
    select
        message_id,
        bool_or(state <> 'cancelled') as stands
    from outbox
    where conversation_id = any($family::bigint[])
    group by message_id
)

select events.event_id
from events
left join messages
    on events.message_id = messages.id
left join queued
    on events.message_id = queued.message_id
where
    events.conversation_id = any($family::bigint[])
    and events.event_id > $seen_event_id
    and not (events.actor_kind = 'agent' and events.actor_id = $agent_id)
    and case events.kind
        when 'received'
            then not coalesce(messages.is_auto, false) and not coalesce(messages.is_bounce, false)
        when 'noted' then true
        when 'queued' then coalesce(queued.stands, false)
        when 'replied' then queued.message_id is null
        else false
    end
order by events.event_id;

-- name: overtaken
-- What holds a queued reply back: a colleague's reply that stands, one written in another mail
-- program, and (when asked for) a customer's mail. Neither a note nor history does.
select
    events.event_id,
    events.kind,
    agents.name as agent_name
from events
left join messages
    on events.message_id = messages.id
left join agents
    on events.actor_kind = 'agent' and events.actor_id = agents.id
where
    events.conversation_id = any($family::bigint[])
    and events.event_id > $seen_event_id
    and events.message_id is distinct from $message_id
    and case
        when events.kind in ('queued', 'resent')
            then
                events.actor_id is distinct from $agent_id
                and events.message_id in (
                    select standing.message_id
                    from outbox as standing
                    where
                        standing.conversation_id = any($family::bigint[])
                        and (
                            standing.state in ('sending', 'sent', 'uncertain')
                            or (
                                standing.state = 'queued'
                                and (
                                    standing.attempts > 0
                                    or standing.due_at <= $now
                                    or ($counts_undoable and standing.planned_at is null)
                                )
                            )
                        )
                )
        when events.kind = 'replied'
            then
                messages.sent_at > $since
                and messages.via <> 'import'
                and events.message_id not in (
                    select ours.message_id
                    from outbox as ours
                    where
                        ours.conversation_id = any($family::bigint[])
                        and ours.message_id is not null
                )
        when events.kind = 'received'
            then
                $with_customer
                and messages.sent_at > $since
                and messages.via <> 'import'
                and not coalesce(messages.is_auto, false)
                and not coalesce(messages.is_bounce, false)
        else false
    end
order by events.event_id;

-- name: filed_ids
select rfc_message_id
from messages
where
    conversation_id = any($family::bigint[])
    and rfc_message_id is not null;

-- name: thread_ids
select messages.rfc_message_id
from messages
where
    messages.conversation_id = any($family::bigint[])
    and messages.direction <> 'note'
    and messages.rfc_message_id is not null
    and (
        messages.sent_at <= (
            select answered.sent_at
            from messages as answered
            where answered.id = $answers_message_id
        )
        or $answers_message_id is null
    )
order by messages.id = $answers_message_id, messages.sent_at, messages.id;

-- name: supersede
update outbox
set state = 'cancelled'
where
    draft_id = $draft_id
    and state = 'failed';

-- name: undo
update outbox
set state = 'cancelled'
where
    id = $outbox_id
    and state = 'queued'
    and leased_until is null
    and due_at >= $now;

-- name: planned
-- What waits for a later moment and has not been tried yet.
select id
from outbox
where
    state = 'queued'
    and planned_at is not null
    and attempts = 0
    and leased_until is null
order by id;

-- name: planned_in
-- As planned, in these conversations and in what was merged into them.
select outbox.id
from outbox
inner join conversations
    on outbox.conversation_id = conversations.id
where
    coalesce(conversations.merged_into, conversations.id) in (select unnest($ids::bigint[]))
    and outbox.state = 'queued'
    and outbox.planned_at is not null
    and outbox.attempts = 0
    and outbox.leased_until is null
order by outbox.id;

-- name: unplan
update outbox
set
    state = 'cancelled',
    error = $reason
where
    id = $outbox_id
    and state = 'queued'
    and planned_at is not null
    and attempts = 0
    and leased_until is null;

-- name: withdraw
update outbox
set
    state = 'cancelled',
    error = $reason
where
    id = $outbox_id
    and leased_until is null
    and state = any($states::varchar[]);

-- name: hurry
update outbox
set due_at = $now
where
    id = $outbox_id
    and state = 'queued'
    and leased_until is null
    and attempts > 0;

-- name: due
select
    outbox.id,
    outbox.mailbox_id
from outbox
inner join mailboxes
    on outbox.mailbox_id = mailboxes.id
where
    outbox.state = 'queued'
    and outbox.due_at <= $now
    and mailboxes.is_active
    and mailboxes.smtp_url is not null
order by outbox.due_at, outbox.id;

-- name: stranded
-- Due mail of a mailbox that was disconnected, or has no server to send through any more.
select outbox.id
from outbox
left join mailboxes
    on outbox.mailbox_id = mailboxes.id
where
    outbox.state = 'queued'
    and outbox.due_at <= $now
    and (not coalesce(mailboxes.is_active, false) or mailboxes.smtp_url is null);

-- name: strand
update outbox
set
    state = 'failed',
    error = $reason
where
    id = $outbox_id
    and state = 'queued'
    and leased_until is null;

-- name: lease
update outbox
set
    state = 'sending',
    stage = 'connect',
    leased_until = $leased_until,
    started_at = coalesce(started_at, $now)
where
    id = $outbox_id
    and state = 'queued'
    and due_at <= $now
    and mailbox_id in (
        select mailboxes.id
        from mailboxes
        where
            mailboxes.is_active
            and mailboxes.smtp_url is not null
    );

-- name: enter_data
-- Committed before the first byte of DATA: from here on a break leaves us in doubt.
update outbox
set
    stage = 'data',
    attempts = attempts + 1,
    started_at = $now,
    leased_until = $until
where
    id = $outbox_id
    and state = 'sending'
    and stage = 'connect'
    and leased_until = $lease;

-- name: put_back
update outbox
set
    state = 'queued',
    stage = '',
    leased_until = null,
    due_at = $due_at,
    attempts = $attempts,
    sent_check = $sent_check,
    error = $reason
where
    id = $outbox_id
    and state = 'sending'
    and leased_until = $lease;

-- name: end_attempt
update outbox
set
    state = $state,
    stage = '',
    leased_until = null,
    error = $reason,
    sent_check = coalesce($sent_check, sent_check),
    sent_at = $sent_at,
    visit_due_at = null,
    visits = 0
where
    id = $outbox_id
    and (state = 'uncertain' or (state = 'sending' and leased_until = $lease));

-- name: note_check
update outbox
set sent_check = $sent_check
where id = $outbox_id;

-- name: answer_recipient
update outbox_recipients
set
    state = $state,
    answer = $answer
where
    outbox_id = $outbox_id
    and address = $address;

-- name: accept_pending
update outbox_recipients
set state = 'accepted'
where
    outbox_id = $outbox_id
    and state = 'pending';

-- name: from_the_future
-- Mails whose last moment is later than now: the clock was put back.
select id
from outbox
where
    (
        state in ('queued', 'uncertain')
        and greatest(queued_at, coalesce(started_at, queued_at)) > $now
    )
    or (state in ('sent', 'uncertain') and visit_due_at > $latest_visit);

-- name: put_clock_back
-- What was to happen so long after the last moment happens so long after now.
update outbox
set
    due_at = case
        when planned_at is not null and attempts = 0 then due_at
        else due_at - (
            greatest(queued_at, coalesce(started_at, queued_at), $now::timestamp) - $now::timestamp
        )
    end,
    queued_at = least(queued_at, $now::timestamp),
    started_at = least(started_at, $now::timestamp),
    visit_due_at = null
where id = any($ids::bigint[]);

-- name: abandoned
-- Leases nobody holds any more: all of them at start, later those that ran out, and those that
-- end later than any lease can.
select id
from outbox
where
    state = 'sending'
    and ($everything or leased_until < $now or leased_until > $latest);

-- name: doubts_due
-- Mails in doubt, of mailboxes whose Sent folder can be searched, for which a look is due.
select
    outbox.id,
    outbox.mailbox_id
from outbox
inner join mailboxes
    on outbox.mailbox_id = mailboxes.id
where
    outbox.state = 'uncertain'
    and coalesce(outbox.started_at, outbox.queued_at) > $since
    and (outbox.visit_due_at is null or outbox.visit_due_at <= $now)
    and mailboxes.is_active
    and mailboxes.imap_url is not null
order by outbox.id;

-- name: doubts_named
-- The mails in doubt among these Message-IDs, and those that wait to be sent once more.
select id
from outbox
where
    mailbox_id = $mailbox_id
    and (state = 'uncertain' or (state = 'queued' and leased_until is null))
    and rfc_message_id in (select unnest($rfc_message_ids::varchar[]))
order by id;

-- name: hold
update outbox
set state = 'uncertain'
where
    id = $outbox_id
    and state = 'queued'
    and leased_until is null;

-- name: doubts_to_tell
select id
from outbox
where
    state = 'uncertain'
    and asked_at is null
    and coalesce(started_at, queued_at) <= $since;

-- name: ask
update outbox
set asked_at = $now
where id = $outbox_id;

-- name: plan_visit
update outbox
set
    visits = $visits,
    visit_due_at = $due_at
where id = $outbox_id;

-- name: touch_conversation
-- A reply ends the wait that its author saw; of what came since then, the first waits on.
update conversations
set
    last_message_id = greatest(coalesce(last_message_id, $message_id), $message_id),
    last_reply_agent_id = case
        when last_reply_at > $sent_at then last_reply_agent_id
        else $agent_id::bigint
    end,
    last_reply_at = greatest(coalesce(last_reply_at, $sent_at), $sent_at),
    waiting_since = case
        when not $reaches_contact then waiting_since
        when waiting_since is null or $unseen_since::timestamp is null then null
        else greatest(waiting_since, $unseen_since::timestamp)
    end,
    snippet = case when last_message_at <= $sent_at then $snippet else snippet end,
    last_message_at = greatest(last_message_at, $sent_at),
    message_count = message_count + 1,
    attachment_count = attachment_count + $attachment_count
where id = $conversation_id;

-- name: unseen_since
-- The first mail of a customer that was filed after what the author of the reply had seen.
select min(messages.received_at)
from events
inner join messages
    on events.message_id = messages.id
where
    events.conversation_id = any($family::bigint[])
    and events.event_id > $seen_event_id
    and events.kind = 'received'
    and messages.direction = 'in'
    and messages.via <> 'import'
    and not messages.is_auto
    and not messages.is_bounce;

-- name: take_up
update conversations
set
    status = 'open',
    closed_at = null
where
    id = $conversation_id
    and status = 'closed';

-- name: may_close
select status = 'open'
from conversations
where id = $conversation_id;

-- name: is_filed
select count(*) > 0
from messages
where id = $message_id;

-- name: copies_due
select
    outbox.id,
    outbox.mailbox_id
from outbox
inner join mailboxes
    on outbox.mailbox_id = mailboxes.id
where
    outbox.state = 'sent'
    and outbox.copy_state = 'due'
    and (outbox.visit_due_at is null or outbox.visit_due_at <= $now)
    and mailboxes.is_active
    and mailboxes.imap_url is not null
order by outbox.visits, outbox.id;

-- name: mark_copy
update outbox
set
    copy_state = $copy_state,
    copy_error = $reason
where id = $outbox_id;
