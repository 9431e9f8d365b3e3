-- What is searched for besides single words: phrases, senders, recipients, subjects and days.
-- A column holds words in their order, folded; parts are parted by a bar, and those with marks
-- stand behind the last bar as they are written. Old mail is folded here nearly as new mail is by
-- inbox/search.py; hidden messages keep the little they are found by.
create table search_keys_with_order (
    message_id bigint not null,
    conversation_id bigint not null,
    mailbox_id bigint not null,
    search_key varchar not null,
    sent_at timestamp not null,
    in_order varchar not null,
    sender varchar not null,
    recipients varchar not null,
    subject varchar not null
);

create macro folded(words) as trim(
    regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}|]+', ' ', 'g')
);

create macro marked(words) as array_to_string(
    list_distinct(
        list_filter(
            string_split(
                regexp_replace(lower(nfc_normalize(words)), '[^\p{L}\p{N}]+', ' ', 'g'), ' '
            ),
            lambda word: word <> strip_accents(word)
        )
    ),
    ' '
);

insert into search_keys_with_order
with written as (
    select
        search_keys.message_id,
        search_keys.conversation_id,
        search_keys.mailbox_id,
        search_keys.search_key,
        messages.sent_at,
        messages.from_name || ' ' || messages.from_address as sender,
        case when messages.hidden_at is null then messages.subject else '' end as subject,
        case when messages.hidden_at is null then bodies.body_text else '' end as body,
        case
            when messages.hidden_at is not null then ''
            else
                coalesce(json_extract_string(messages.recipients, '$.to'), '')
                || ' ' || coalesce(json_extract_string(messages.recipients, '$.cc'), '')
        end as recipients,
        case
            when messages.hidden_at is not null then ''
            else coalesce((
                select string_agg(attachments.filename, ' | ')
                from attachments
                where attachments.message_id = search_keys.message_id
            ), '')
        end as files
    from search_keys
    inner join messages
        on search_keys.message_id = messages.id
    inner join bodies
        on search_keys.message_id = bodies.message_id
)

select
    message_id,
    conversation_id,
    mailbox_id,
    search_key,
    sent_at,
    concat(
        ' ',
        folded(
            replace(subject, '|', ' ') || ' | ' || replace(body, '|', ' ') || ' | ' || sender
            || ' | ' || files || ' | ' || recipients
        ),
        ' | ',
        marked(concat_ws(' ', subject, body, sender, files, recipients)),
        ' '
    ),
    concat(' ', folded(sender), ' | ', marked(sender), ' '),
    concat(' ', folded(recipients), ' | ', marked(recipients), ' '),
    concat(' ', folded(subject), ' | ', marked(subject), ' ')
from written;

drop table search_keys;

alter table search_keys_with_order rename to search_keys;

drop macro folded;

drop macro marked;
