-- How an agent likes to be spoken to: the language of the screen, and the time zone in which
-- moments are shown (empty: the browser's).
alter table agents add column language varchar default 'en';

alter table agents add column time_zone varchar default '';
