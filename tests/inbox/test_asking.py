"""What may be asked in SQL, of whose mail, and that what runs away is ended."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from inbox import agents, allowed_sql, asking, putting_away, sandbox, snapshot, tags
from inbox.agents import Agent
from inbox.asking import Answer
from inbox.errors import Invalid, NotAllowed
from inbox.house import House
from inbox.settings import Settings
from inbox.snapshot import Kept
from tests import houses
from tests.conftest import NOON, agent
from tests.furniture import ADA, INVOICE
from tests.inbox.post import every
from tests.sql.test_report import dictionary

pytestmark = pytest.mark.feature("U6")
LATER = NOON + timedelta(hours=2)
NO_TABLE = "There is no report table “{}”."
ONE = "Ask one question"
FUNCTION = "The function {} may not be used here."
ROWS = "Rows cannot be read from {} here."
RUNS_AWAY = (
    "select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3"
)
# One step of the engine, which looks nowhere whether it should end.
HEEDS_NOTHING = "select levenshtein(repeat('ab', 200000), repeat('ba', 200000))"


@pytest.fixture
def kept(home: House, ada: Agent) -> Kept:
    return snapshot.keep(home, ada, now=LATER)


@dataclass(frozen=True)
class Standing:
    """One house for all who only ask."""

    house: House
    ada: Agent
    kept: Kept


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("house") / "data"
    opened = houses.furnished(Settings(data=folder), now=NOON)
    ada = agent(opened.store, ADA)
    yield Standing(opened, ada, snapshot.keep(opened, ada, now=LATER))
    opened.close()


def ask(home: House, who: Agent, kept: Kept, text: str) -> Answer:
    return asking.ask(home, who, text, kept, now=LATER)


def rows(answer: Answer) -> list[tuple[object, ...]]:
    assert answer.refusal is None and answer.frame is not None, answer.refusal
    return [tuple(row) for row in answer.frame.itertuples(index=False)]


def test_the_tables_that_may_be_asked_are_those_of_the_dictionary() -> None:
    assert dictionary().keys() == allowed_sql.TABLES


def test_every_report_table_can_be_asked_and_has_the_columns_it_is_documented_with(
    standing: Standing,
) -> None:
    texts = [f"from report.{name}" for name in sorted(allowed_sql.TABLES)]
    found = asking.told(standing.house, standing.ada, texts, standing.kept)

    for name, columns in dictionary().items():
        answer = found[f"from report.{name}"]
        assert answer.refusal is None and answer.frame is not None, (name, answer.refusal)
        assert list(answer.frame.columns) == [column for column, _kind in columns]


@pytest.mark.parametrize(
    "text",
    [
        "select subject from report.conversations",
        "SELECT subject FROM Conversations;",
        "with x as (from conversations) select subject from x",
        "select (select c.subject) from conversations as c, (values (1)) as v, range(1) as r",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1) "
        "select subject from n, report.conversations",
        "select subject from conversations where created_at < $now -- and $other",
        "select subject from conversations union all select subject from conversations limit 1",
        "select any_value(c.subject) from conversations as c join messages using (conversation_id)",
    ],
)
def test_what_may_be_asked(standing: Standing, text: str) -> None:
    assert rows(ask(standing.house, standing.ada, standing.kept, text)) == [("Invoice 12",)]


DENIED = [
    # Writing, and all that is no question.
    ("insert into report.conversations values (1)", ONE),
    ("update report.conversations set subject = 'x'", ONE),
    ("delete from report.messages", ONE),
    ("create table x as select 1", ONE),
    ("drop view report.messages", ONE),
    ("attach '/etc/passwd' as x", ONE),
    ("detach memory", ONE),
    ("use memory", ONE),
    ("copy report.messages to '/tmp/x'", ONE),
    ("copy (select 1) to '/dev/stdout'", ONE),
    ("export database '/tmp/x'", ONE),
    ("import database '/tmp/x'", ONE),
    ("pragma version", ONE),
    ("call pragma_version()", ONE),
    ("set memory_limit = '8GB'", ONE),
    ("reset memory_limit", ONE),
    ("install httpfs", ONE),
    ("load '/tmp/x.duckdb_extension'", ONE),
    ("checkpoint", ONE),
    ("begin", ONE),
    ("explain analyze select 1", ONE),
    ("prepare x as select 1", ONE),
    ("create secret x (type s3)", ONE),
    ("select 1; select 2", ONE),
    ("select 1; drop table report.messages", ONE),
    ("-- nothing", ONE),
    ("with x as (insert into report.agents values (1) returning 1) from x", ONE),
    ("describe report.messages", "Only select"),
    ("from (show tables)", "Only select"),
    ("summarize report.messages", "Only select"),
    ("selekt 1", "This cannot be read as SQL"),
    # Files, network and environment.
    ("from '/etc/passwd'", NO_TABLE.format("/etc/passwd")),
    ("from 'https://example.com/a.csv'", NO_TABLE.format("https://example.com/a.csv")),
    ("from read_csv('/etc/passwd')", ROWS.format("read_csv")),
    ("from read_text('/etc/passwd')", ROWS.format("read_text")),
    ("from read_blob('/etc/passwd')", ROWS.format("read_blob")),
    ("from read_json_auto('/etc/passwd')", ROWS.format("read_json_auto")),
    ("from parquet_metadata('x')", ROWS.format("parquet_metadata")),
    ("from sniff_csv('/etc/passwd')", ROWS.format("sniff_csv")),
    ("from glob('/etc/*')", ROWS.format("glob")),
    ("select (select count(*) from GLOB('/etc/*'))", ROWS.format("glob")),
    ("select getenv('HOME')", FUNCTION.format("getenv")),
    ("select 'HOME'.getenv()", FUNCTION.format("getenv")),
    ("select list_transform(['HOME'], x -> GetEnv(x))", FUNCTION.format("getenv")),
    ("select 1 order by getenv('HOME')", FUNCTION.format("getenv")),
    ("select system.main.lower('x')", FUNCTION.format("lower")),
    # What the engine knows of itself, its secrets and its other tables.
    ("from duckdb_secrets()", ROWS.format("duckdb_secrets")),
    ("from duckdb_settings()", ROWS.format("duckdb_settings")),
    ("from duckdb_databases()", ROWS.format("duckdb_databases")),
    ("from duckdb_tables", NO_TABLE.format("duckdb_tables")),
    ("from information_schema.tables", NO_TABLE.format("information_schema.tables")),
    ("from pg_catalog.pg_class", NO_TABLE.format("pg_catalog.pg_class")),
    ("from sqlite_master", NO_TABLE.format("sqlite_master")),
    ("with sqlite_master as (select 1) select * from (from sqlite_master)", "There is no report"),
    ("select current_setting('memory_limit')", FUNCTION.format("current_setting")),
    ("select which_secret('x', 's3')", FUNCTION.format("which_secret")),
    ("from query('from duckdb_secrets()')", ROWS.format("query")),
    ("from query_table('report.messages')", ROWS.format("query_table")),
    ("select json_serialize_sql('select 1')", FUNCTION.format("json_serialize_sql")),
    ("from json_execute_serialized_sql('x')", ROWS.format("json_execute_serialized_sql")),
    ("from pragma_version()", ROWS.format("pragma_version")),
    # The house's own tables, and the snapshot behind the views.
    ("from main.agents", NO_TABLE.format("main.agents")),
    ("from sessions", NO_TABLE.format("sessions")),
    ("from memory.report.messages", NO_TABLE.format("memory.report.messages")),
    ("from allowed.mailboxes", NO_TABLE.format("allowed.mailboxes")),
    ("from kept.report.messages", NO_TABLE.format("kept.report.messages")),
    ("select 1 from conversations where 1 in (from main.agents)", NO_TABLE.format("main.agents")),
    ("select $mailboxes", "There is no $mailboxes here, only $now."),
    ("select " + "(" * 3_000 + "1" + ")" * 3_000, ""),
    ("select error('oh no')", "It cannot be answered: Invalid Input Error: oh no"),
]


@pytest.fixture(scope="module")
def answers(standing: Standing) -> dict[str, Answer]:
    """Every denied question, asked at once; one that ended its process would show in the others."""
    texts = [text for text, _why in DENIED]
    return asking.told(standing.house, standing.ada, texts, standing.kept)


@pytest.mark.parametrize(("text", "why"), DENIED, ids=[text[:50] for text, _why in DENIED])
def test_what_may_not_be_asked_is_refused_in_words(
    answers: dict[str, Answer], text: str, why: str
) -> None:
    refusal = answers[text].refusal

    assert isinstance(refusal, Invalid)
    assert str(refusal).startswith(why)
    assert "kept_" not in str(refusal)


@pytest.mark.parametrize(
    "text",
    [
        "from '/etc/passwd'",
        "from read_text('/etc/passwd')",
        "copy report.messages to '/tmp/delad-never'",
        "attach '/tmp/delad-never' as x",
        "set memory_limit = '8GB'",
        "install httpfs",
        "export database '/tmp/delad-never'",
    ],
)
def test_the_engine_is_shut_even_for_what_the_check_would_let_through(
    standing: Standing, text: str
) -> None:
    """The second wall, without the first."""
    limits = sandbox.Limits(seconds=5, rows=10, answer_bytes=1_000_000, memory="64MB")
    with standing.house.store.read() as db:
        allowed = asking.rights(db, standing.ada, LATER)
    with sandbox.opened(standing.kept.file, allowed, limits) as shut, pytest.raises(duckdb.Error):
        shut.execute(text).fetchall()
    assert not Path("/tmp/delad-never").exists()


def test_an_admin_too_reads_only_the_mailboxes_of_their_own(
    home: House, ada: Agent, eve: Agent, kept: Kept
) -> None:
    every_one = {
        f"select distinct mailbox from report.{name}"
        for name, columns in dictionary().items()
        if "mailbox" in dict(columns)
    }
    for text in every_one:
        assert {one for (one,) in rows(ask(home, ada, kept, text))} <= {"support@example.com"}
    hers = asking.told(home, eve, ["select subject from messages"], kept)
    assert rows(hers["select subject from messages"]) == [("Quote for 40 units",)]


def test_nothing_of_another_mailbox_is_in_any_table(home: House, ada: Agent, eve: Agent) -> None:
    with home.store.write() as db:
        tags.add(db, ada, INVOICE, "aardvark", now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update conversations set subject = 'aardvark' where id = 1").fetchall()
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) values (1, 1, 'aardvark', 'x', 1, 'x', false)"
        ).fetchall()
    kept = snapshot.keep(home, ada, now=LATER)
    texts = [f"from report.{name}" for name in allowed_sql.TABLES]

    def told(who: Agent) -> str:
        answers = asking.told(home, who, texts, kept)
        return "\n".join(answers[text].frame.to_csv() for text in texts)  # type: ignore[union-attr]

    assert told(ada).count("aardvark") == 3
    for word in ("aardvark", "support@", "Invoice", "ada@"):
        assert word not in told(eve)
    assert "support@" not in told(agents.the_house())


def test_colleagues_are_told_by_name_only_to_who_may_compare_them(
    home: House, ada: Agent, bo: Agent
) -> None:
    with home.store.export() as cursor:
        cursor.execute("update conversations set assignee_id = 2 where id = 1").fetchall()
    kept = snapshot.keep(home, ada, now=LATER)
    asked = ["select assignee from conversations", "select agent from agents order by agent"]

    hers, his = asking.told(home, ada, asked, kept), asking.told(home, bo, asked, kept)
    assert rows(hers[asked[0]]) == [("bo@example.com",)]
    assert his[asked[0]].frame["assignee"].isna().all()  # type: ignore[union-attr]
    assert rows(his[asked[1]]) == [("bo@example.com",)]
    assert len(rows(hers[asked[1]])) == 4


def test_what_was_moved_hidden_or_put_away_since_is_not_shown_any_more(
    home: House, ada: Agent, kept: Kept
) -> None:
    asked = [f"from report.{n}" for n, c in dictionary().items() if "conversation_id" in dict(c)]
    before = asking.told(home, ada, asked, kept)
    with home.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=LATER + timedelta(minutes=1))
    after = asking.told(home, ada, asked, kept)

    assert len(rows(before["from report.messages"])) == 1
    assert [text for text in asked if rows(after[text])] == []


def test_who_is_no_admin_may_not_ask(home: House, bo: Agent, kept: Kept) -> None:
    with pytest.raises(NotAllowed):
        ask(home, bo, kept, "select 1")
    assert every(home, "select count(*) from events where kind = 'sql_asked'") == [(0,)]


def test_the_diary_tells_who_asked_and_what(home: House, ada: Agent, kept: Kept) -> None:
    ask(home, ada, kept, "from main.agents")

    assert every(
        home,
        "select actor_id, after from events join event_payloads using (event_id) "
        "where kind = 'sql_asked'",
    ) == [(ada.id, '{"sql": "from main.agents"}')]


@pytest.mark.parametrize("text", [RUNS_AWAY, HEEDS_NOTHING])
def test_a_question_that_runs_away_is_stopped_and_the_inbox_works_meanwhile(
    home: House, ada: Agent, kept: Kept, text: str
) -> None:
    hasty = replace(home, settings=replace(home.settings, sql_seconds=1))
    found: list[Answer] = []
    began = time.monotonic()
    asker = threading.Thread(target=lambda: found.append(ask(hasty, ada, kept, text)))
    asker.start()
    writes = 0
    while asker.is_alive():
        with home.store.write() as db:
            tags.add(db, ada, INVOICE, f"tag {writes % 5}", now=LATER)
        writes += 1
        asker.join(0.05)

    assert "second" in str(found[0].refusal)
    assert time.monotonic() - began < 20
    assert writes >= 5


def test_more_rows_or_bytes_than_a_page_takes_are_cut(standing: Standing) -> None:
    home, ada, kept = standing.house, standing.ada, standing.kept
    (found, wide) = asking.told(
        home, ada, ["from range(10001)", "select repeat('x', 100000) from range(1000)"], kept
    ).values()

    assert (len(rows(found)), found.is_cut) == (10_000, True)
    assert 100 < len(rows(wide)) < 300 and wide.is_cut
    (exactly,) = asking.told(home, ada, ["from range(10000)"], kept).values()
    assert (len(rows(exactly)), exactly.is_cut) == (10_000, False)


@pytest.mark.parametrize(
    "text",
    ["select list(i) from range(1000000000) t(i)", "from range(100000000) order by random()"],
)
def test_memory_has_an_end(standing: Standing, text: str) -> None:
    answer = ask(standing.house, standing.ada, standing.kept, text)
    assert "more memory" in str(answer.refusal)


def test_the_process_sees_nothing_of_our_environment(
    home: House, ada: Agent, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DELAD_CANARY", "canary")
    child = asking._start()
    try:
        environment = Path(f"/proc/{child.pid}/environ").read_bytes()
    finally:
        asking._end(child)
    assert b"canary" not in environment


def test_values_come_as_charts_and_tables_know_them(standing: Standing) -> None:
    text = "select 1 as a, 2 as a, sum(1) as s, 1.5 as d, $now as n, ['=x'] as l"
    frame = ask(standing.house, standing.ada, standing.kept, text).frame

    assert frame is not None
    assert list(frame.columns) == ["a", "a 2", "s", "d", "n", "l"]
    assert (frame["s"][0], frame["d"][0], frame["n"][0]) == (1.0, 1.5, LATER)


def test_too_many_at_once_are_told_so(
    home: House, ada: Agent, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(asking, "_places", threading.BoundedSemaphore(1))
    with asking._places, pytest.raises(Invalid, match="Others are asking"):
        ask(home, ada, kept, "select 1")


def test_an_answer_is_kept_for_those_who_may_read_the_same(
    home: House, ada: Agent, eve: Agent, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asking.told(home, ada, ["from messages"], kept)
    monkeypatch.setattr(asking, "_start", lambda: pytest.fail("asked again"))

    assert asking.told(home, ada, ["from messages"], kept) == first
    with pytest.raises(pytest.fail.Exception):
        asking.told(home, eve, ["from messages"], kept)


@pytest.mark.parametrize(
    "value",
    ["interval 1 month", "'a'::blob", "{'a': 1}", "map {'a': 1}", "[[1]]", "uuid()", "null",
     "union_value(k := 1)", "'inf'::double", "date '0001-01-01'", "time '10:00'",
     "date 'infinity'"],
)  # fmt: skip
def test_a_value_of_any_kind_is_shown_or_refused(standing: Standing, value: str) -> None:
    answer = ask(standing.house, standing.ada, standing.kept, f"select {value} as v")
    assert answer.frame is not None or "no table can show" in str(answer.refusal)
