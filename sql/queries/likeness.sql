-- name: add
insert into message_tokens (message_id, token)
select
    unnest($message_ids::bigint[]),
    unnest($tokens::varchar[]);

-- name: forget
delete from message_tokens
where message_id in (select unnest($message_ids::bigint[]));
