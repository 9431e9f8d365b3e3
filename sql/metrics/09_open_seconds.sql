-- Open seconds of a calendar before a moment: segments add up, what is closed adds nothing.
create macro metric.open_seconds(moment, starts_at, ends_at, seconds_before) as
coalesce(
    seconds_before + greatest(0, epoch(least(moment, ends_at)) - epoch(starts_at)),
    0
);
