-- What waits for a VIP is urgent as long as it waits: nothing is stored of it.
update conversations
set is_urgent = false
where urgent_for_vip;

alter table conversations drop column urgent_for_vip;

-- What a message names that is like the number of an order or an invoice: conversations that name
-- the same may be about the same. Old mail is read here as new mail is by inbox/likeness.py.
create table message_tokens (
    message_id bigint not null,
    token varchar not null
);

insert into message_tokens
with written as (
    select
        messages.id as message_id,
        unnest(
            list_distinct(
                regexp_extract_all(
                    regexp_replace(
                        lower(messages.subject || ' ' || left(bodies.body_text, 20000)),
                        '\S+@\S+|https?://\S+|www\.\S+|\+[0-9][0-9 ()-]*',
                        ' ',
                        'g'
                    ),
                    '[a-z0-9]+(?:[-_/][a-z0-9]+)*'
                )
            )
        ) as said
    from messages
    inner join bodies
        on messages.id = bodies.message_id
    where messages.hidden_at is null
),

parts as (
    select
        message_id,
        said as token
    from written
    union
    select
        message_id,
        unnest(regexp_split_to_array(said, '[-_/]')) as token
    from written
)

select
    message_id,
    token
from parts
where
    length(token) between 5 and 24
    and regexp_matches(token, '[0-9]')
    and case
        when regexp_matches(token, '[a-z]')
            then
                regexp_matches(token, '[0-9].*[0-9]')
                and not regexp_full_match(token, '[0-9]+[a-z]{1,3}')
        else
            not regexp_full_match(token, '0.*|.*[/_].*')
            and not regexp_full_match(
                token, '(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])'
            )
            and not regexp_full_match(token, '(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}')
            and not regexp_full_match(token, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{2,4}')
            and (strpos(token, '-') = 0 or length(replace(token, '-', '')) >= 7)
    end;
