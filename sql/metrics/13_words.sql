-- The words of a mail are its letters and digits, each word once, without the signature.
create macro metric.words(mail_text) as
list_distinct(
    regexp_extract_all(
        lower(regexp_replace(mail_text, '(^|\n)-- ?\r?\n.*$', '', 's')),
        '[\p{L}\p{N}]+'
    )
);
