-- A signature is what follows two dashes, or a line of farewell, with a name or without one.
create macro metric.unsigned(lower_text) as
regexp_replace(
    regexp_replace(lower_text, '(^|\n)-- ?\r?\n.*$', '', 's'),
    '(?:^|\n)[ \t]*(?:'
    || '(?:med )?(?:vänliga?|bästa|varma|många|soliga) hälsning(?:ar)?|hälsningar|mvh|vh'
    || '|mit freundliche[nm] gr(?:ü|ue)(?:ß|ss)(?:en)?'
    || '|(?:freundliche|viele|beste|liebe|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e'
    || '|gr(?:u|ü|ue)(?:ß|ss)e?|mfg|vg|lg'
    || '|(?:(?:with )?(?:kind|best|warm|many)(?:est)? )?regards|best wishes|all the best|best,?'
    || '|yours (?:sincerely|faithfully|truly)|sincerely|cheers'
    || ')[ \t]*[,.!]*(?:[ \t]+[^\s,.]+){0,4}[,.!]*[ \t\r]*(?:\n.*?)??'
    || '(\n\s*p\.?s\.?[ :.].*)?$',
    '\1',
    's'
);
