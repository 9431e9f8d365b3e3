-- The words of a mail are its letters and digits, each word once, without the signature.
create macro metric.words(mail_text) as
list_distinct(
    regexp_extract_all(metric.unsigned(lower(nfc_normalize(mail_text))), '[\p{L}\p{N}]+')
);
