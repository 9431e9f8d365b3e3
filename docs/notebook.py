# %% [markdown]
# # A notebook on a snapshot
#
# It opens the newest snapshot that Delad keeps, or the one named by `DELAD_SNAPSHOT`, and shows
# three figures. `# %%` begins a cell: VS Code, Spyder and PyCharm run them one by one, `jupytext`
# makes an .ipynb of it, and `python docs/notebook.py` runs all of them. It needs `duckdb`, `pandas`
# and `altair`, which Delad has installed already. Every table is described in docs/report.md.

# %%
import os
from pathlib import Path

import altair as alt
import duckdb

folder = Path(os.environ.get("DELAD_DATA", "data")) / "snapshots"
file = Path(os.environ.get("DELAD_SNAPSHOT") or max(folder.glob("report-*.duckdb")))
report = duckdb.connect(str(file), read_only=True)

# %% [markdown]
# ## How long a first answer takes
# Median and 90th percentile of each week, and of how many; those who wait still are in none.

# %%
first_answers = report.sql(
    """
    select
        date_trunc('week', turns.waiting_since)::date as week,
        median(first_response.first_response_seconds) / 3600 as median_hours,
        quantile_cont(first_response.first_response_seconds, 0.9) / 3600 as p90_hours,
        count(*) as n
    from report.first_response
    inner join report.turns
        on
            first_response.conversation_id = turns.conversation_id
            and turns.turn_no = 1
    group by week
    order by week
    """
).df()
figure_1 = (
    alt.Chart(first_answers, title="First answers by week, hours")
    .transform_fold(["median_hours", "p90_hours"], as_=["what", "hours"])
    .mark_line(point=True)
    .encode(x="week:T", y="hours:Q", color="what:N", tooltip=["week:T", "hours:Q", "n:Q"])
)
figure_1

# %% [markdown]
# ## When mail comes in
# Customers' mails by weekday and hour, in UTC.

# %%
arrivals = report.sql(
    """
    select
        isodow(received_at) as weekday,
        hour(received_at) as hour,
        count(*) as mails
    from report.messages
    where
        direction = 'in'
        and not is_auto
    group by all
    order by all
    """
).df()
figure_2 = (
    alt.Chart(arrivals, title=f"{arrivals['mails'].sum()} mails by weekday and hour")
    .mark_rect()
    .encode(x="hour:O", y="weekday:O", color="mails:Q", tooltip=["weekday", "hour", "mails"])
)
figure_2

# %% [markdown]
# ## Who waits now
# Open waits and their age, when the snapshot was made.

# %%
waiting = report.sql(
    """
    select
        mailbox,
        date_diff('hour', waiting_since, max(waiting_since) over ()) as hours_before_the_newest
    from report.still_waiting
    """
).df()
figure_3 = (
    alt.Chart(waiting, title=f"{len(waiting)} customers wait")
    .mark_bar()
    .encode(x=alt.X("hours_before_the_newest:Q", bin=True), y="count()", color="mailbox:N")
)
figure_3

# %%
report.close()
