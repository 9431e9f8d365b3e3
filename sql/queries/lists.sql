-- name: listed
-- The rows are chosen by their narrow columns first; only those are read whole. View, mailbox and
-- filters count before the limit does: what lies there is found however much newer mail elsewhere
-- holds the same words. A merged conversation is found as the one it is in.
with hits as (
    select
        coalesce(members.merged_into, members.id) as id,
        max(search_keys.message_id) as message_id
    from search_keys
    inner join conversations as members
        on search_keys.conversation_id = members.id
    where
        $is_about_text::boolean
        and search_keys.mailbox_id = any($mailboxes)
        and ($pattern_1::varchar is null or search_keys.search_key like $pattern_1)
        and ($pattern_2::varchar is null or search_keys.search_key like $pattern_2)
        and ($pattern_3::varchar is null or search_keys.search_key like $pattern_3)
        and ($pattern_4::varchar is null or search_keys.search_key like $pattern_4)
        and ($pattern_5::varchar is null or search_keys.search_key like $pattern_5)
        and ($pattern_6::varchar is null or search_keys.search_key like $pattern_6)
        and ($pattern_7::varchar is null or search_keys.search_key like $pattern_7)
        and ($pattern_8::varchar is null or search_keys.search_key like $pattern_8)
        and ($phrase_1::varchar is null or search_keys.in_order like $phrase_1)
        and ($phrase_2::varchar is null or search_keys.in_order like $phrase_2)
        and ($phrase_3::varchar is null or search_keys.in_order like $phrase_3)
        and ($phrase_4::varchar is null or search_keys.in_order like $phrase_4)
        and ($from_1::varchar is null or search_keys.sender like $from_1)
        and ($from_2::varchar is null or search_keys.sender like $from_2)
        and ($from_3::varchar is null or search_keys.sender like $from_3)
        and ($to_1::varchar is null or search_keys.recipients like $to_1)
        and ($to_2::varchar is null or search_keys.recipients like $to_2)
        and ($to_3::varchar is null or search_keys.recipients like $to_3)
        and ($subject_1::varchar is null or search_keys.subject like $subject_1)
        and ($subject_2::varchar is null or search_keys.subject like $subject_2)
        and ($subject_3::varchar is null or search_keys.subject like $subject_3)
        and ($sent_since::timestamp is null or search_keys.sent_at >= $sent_since::timestamp)
        and ($sent_until::timestamp is null or search_keys.sent_at < $sent_until::timestamp)
    group by coalesce(members.merged_into, members.id)
),

matching as (
    select
        conversations.id,
        hits.message_id,
        case
            when $sort <> 'waiting' then 0
            when coalesce(is_urgent, false) then 0
            when coalesce(is_vip, false) and waiting_since is not null then 0
            when waiting_since is not null then 1
            else 2
        end as place,
        case
            when $sort = 'waiting' then coalesce(waiting_since, last_message_at)
            when $view = 'sent' then last_reply_at
            else last_message_at
        end as moment
    from conversations
    left join hits
        on conversations.id = hits.id
    where
        mailbox_id = any($mailboxes)
        and merged_into is null
        and begun_by is null
        and (not $is_about_text::boolean or hits.id is not null)
        and (
            $found::bigint[] is null
            or (conversations.id in (select unnest($found::bigint[]))) = $is_found::boolean
        )
        and case
            when trashed_at is not null then 'trash'
            when spam_at is not null then 'spam'
            else 'inbox'
        end = any($places::varchar[])
        and case $view
            when 'mine' then assignee_id = $agent_id
            when 'unassigned' then assignee_id is null
            when 'sent' then last_reply_at is not null
            else true
        end
        and (
            $is_urgent::boolean is null
            or $is_urgent::boolean = (
                coalesce(is_urgent, false)
                or (coalesce(is_vip, false) and waiting_since is not null)
            )
        )
        and ($is_vip::boolean is null or coalesce(is_vip, false) = $is_vip::boolean)
        and case
            when $statuses::varchar[] is not null
                then case
                    when status = 'closed' then 'closed'
                    when coalesce(snoozed_until > $now::timestamp, false) then 'snoozed'
                    else 'open'
                end = any($statuses::varchar[])
            when $view in ('mine', 'unassigned', 'open')
                then status = 'open' and coalesce(snoozed_until <= $now::timestamp, true)
            when $view = 'waiting'
                then
                    status = 'open'
                    and waiting_since is null
                    and coalesce(snoozed_until <= $now::timestamp, true)
            when $view = 'snoozed' then status = 'open' and snoozed_until > $now::timestamp
            when $view = 'closed' then status = 'closed'
            else true
        end
        and (
            $assignees::bigint[] is null
            or coalesce(assignee_id, 0) = any($assignees::bigint[])
        )
        and (
            $tags::varchar[] is null
            or string_to_array(tags, chr(10)) && $tags::varchar[] -- noqa: PRS
        )
        and (
            $own_tags::varchar[] is null
            or string_to_array(tags, chr(10)) && $own_tags::varchar[] -- noqa: PRS
        )
        and (
            $not_tags::varchar[] is null
            or not (string_to_array(tags, chr(10)) && $not_tags::varchar[]) -- noqa: PRS
        )
        and (
            $not_assignees::bigint[] is null
            or coalesce(assignee_id, 0) <> all($not_assignees::bigint[])
        )
        and (
            $contact::varchar is null
            or strpos(lower(contact_name || ' ' || contact_address), $contact) > 0
        )
        and ($channels::varchar[] is null or channel = any($channels::varchar[]))
        and ($since::timestamp is null or last_message_at >= $since::timestamp)
        and ($until::timestamp is null or last_message_at < $until::timestamp)
        and ($has_files::boolean is null or (attachment_count > 0) = $has_files::boolean)
        and ($is_asked::boolean is null or open_questions > 0)
),

chosen as (
    select
        id,
        message_id,
        place,
        moment
    from matching
    order by
        place asc,
        case when $sort = 'newest' then moment end desc,
        case when $sort <> 'newest' then moment end asc,
        case when $sort = 'newest' then id end desc,
        id asc
    limit $most
)

select
    conversations.id,
    conversations.mailbox_id,
    conversations.contact_name,
    conversations.contact_address,
    conversations.subject,
    conversations.snippet,
    conversations.status,
    conversations.assignee_id,
    agents.name as assignee_name,
    conversations.last_message_at,
    conversations.waiting_since,
    conversations.snoozed_until,
    conversations.message_count,
    conversations.attachment_count,
    conversations.is_readable,
    coalesce(conversations.is_urgent, false)
    or (coalesce(conversations.is_vip, false) and conversations.waiting_since is not null)
        as is_urgent,
    coalesce(conversations.is_vip, false) as is_vip,
    coalesce(conversations.open_questions, 0) as open_questions,
    conversations.alert,
    conversations.tags,
    conversations.channel,
    conversations.last_reply_agent_id,
    repliers.name as last_reply_name,
    coalesce(reads.seen_message_id = 0, false) or (
        conversations.status = 'open'
        and coalesce(conversations.last_message_id, 0) > coalesce(reads.seen_message_id, 0)
    ) as is_unread,
    case
        when conversations.trashed_at is not null then 'trash'
        when conversations.spam_at is not null then 'spam'
        else 'inbox'
    end as lies_in,
    chosen.message_id as hit_message_id,
    (select count(*) from matching) as matching
from chosen
left join conversations
    on chosen.id = conversations.id
left join agents
    on conversations.assignee_id = agents.id
left join agents as repliers
    on conversations.last_reply_agent_id = repliers.id
left join reads
    on
        chosen.id = reads.conversation_id
        and reads.agent_id = $agent_id
order by
    chosen.place asc,
    case when $sort = 'newest' then chosen.moment end desc,
    case when $sort <> 'newest' then chosen.moment end asc,
    case when $sort = 'newest' then chosen.id end desc,
    chosen.id asc;

-- name: counts
-- A line for each mailbox, and one for each tag with something open.
with standing as (
    select
        id,
        mailbox_id,
        assignee_id,
        last_reply_at,
        waiting_since,
        last_message_at,
        tags,
        trashed_at is not null as is_trash,
        trashed_at is null and spam_at is not null as is_spam,
        trashed_at is null and spam_at is null as is_there,
        status = 'closed' as is_closed,
        coalesce(snoozed_until > $now::timestamp, false) as is_asleep
    from conversations
    where
        mailbox_id = any($mailboxes)
        and merged_into is null
        and begun_by is null
),

followed as (
    select distinct coalesce(conversations.merged_into, conversations.id) as id
    from follows
    inner join conversations
        on follows.conversation_id = conversations.id
    where follows.agent_id = $agent_id
)

select
    mailbox_id,
    null as tag,
    count(*) filter (
        where is_there and not is_closed and not is_asleep and assignee_id = $agent_id
    ) as mine,
    count(*) filter (
        where is_there and not is_closed and not is_asleep and assignee_id is null
    ) as unassigned,
    count(*) filter (where is_there and not is_closed and not is_asleep) as open,
    count(*) filter (
        where is_there and not is_closed and not is_asleep and waiting_since is null
    ) as waiting,
    count(*) filter (where is_there and not is_closed and is_asleep) as snoozed,
    count(*) filter (
        where is_there and id in (select followed.id from followed)
    ) as following,
    count(*) filter (where is_there) as everything,
    count(*) filter (where is_there and is_closed) as closed,
    count(*) filter (where is_there and last_reply_at is not null) as sent,
    count(*) filter (where is_spam) as spam,
    count(*) filter (where is_trash) as trash,
    min(coalesce(waiting_since, last_message_at)) filter (
        where is_there and not is_closed and not is_asleep and assignee_id is null
    ) as unassigned_since
from standing
group by mailbox_id
union all
select
    tagged.mailbox_id,
    tagged.tag,
    0 as mine,
    0 as unassigned,
    count(*) as open,
    0 as waiting,
    0 as snoozed,
    0 as following,
    0 as everything,
    0 as closed,
    0 as sent,
    0 as spam,
    0 as trash,
    null as unassigned_since
from (
    select
        mailbox_id,
        unnest(string_to_array(tags, chr(10))) as tag
    from standing
    where
        is_there
        and not is_closed
        and not is_asleep
        and tags <> ''
) as tagged
group by
    tagged.mailbox_id,
    tagged.tag;
