-- Last week's numbers by mail, each Monday: who wants them, and for which Monday they were mailed
-- last.
alter table agents add column weekly_mail boolean default false;

alter table agents add column weekly_mailed date;
