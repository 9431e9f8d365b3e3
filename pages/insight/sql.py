"""SQL: an admin asks the report tables, and keeps what is worth it as a card."""

import streamlit as st

from inbox import asking, boards, cards, clock
from inbox.asking import Answer
from inbox.errors import InboxError
from inbox.snapshot import Kept
from inbox.words import _, refused
from pages.parts import age, card, desk, figure, form, numbers
from pages.parts.escape import plain

viewer = desk.me()
form.must_be_let_in(viewer.is_admin)
FIRST = """-- chart: bar
-- x: status
-- y: conversations
select status, count(*) as conversations
from report.conversations
group by status
order by conversations desc"""


def question(kept: Kept) -> None:
    """The field, and what was asked with it last."""
    st.session_state.setdefault("sql_text", FIRST)
    text = st.text_area(_("Question"), key="sql_text", height=240, max_chars=cards.LONGEST_QUESTION)
    with st.container(horizontal=True, vertical_alignment="center"):
        is_asked = st.button(_("Ask"), key="sql_ask", type="primary")
        settings = desk.house().settings
        said = _("At most {seconds} seconds and {rows} rows. What is asked stands in the diary.")
        st.caption(
            plain(said.format(seconds=f"{settings.sql_seconds:g}", rows=f"{settings.sql_rows:,}")),
            width="content",
        )
    if is_asked:
        st.session_state["sql_answer"] = (text, asked(text, kept))


def asked(text: str, kept: Kept) -> Answer:
    try:
        with st.spinner(_("Asking …")):
            return asking.ask(desk.house(), viewer, text, kept, now=clock.now())
    except InboxError as refusal:
        return Answer(refusal=refusal)


def answered(text: str, answer: Answer) -> None:
    if answer.refusal is not None:
        st.warning(plain(refused(answer.refusal), 1_000), icon=":material/block:")
        return
    assert answer.frame is not None
    how, wrong = card.chart_of(text)
    if wrong is None:
        wrong = misfit(how, answer)
    if wrong is not None:
        st.caption(plain(refused(wrong)))
        how = boards.Chart()
    picked = card.body("answer", answer, how, _("Answer"))
    if how.kind not in ("table", "number"):
        with st.expander(_("Rows")):
            card.grid("answer", answer.frame)
            card.cut(answer)
    with st.container(key="under_answer", horizontal=True, gap="small"):
        card.take_along("answer", answer, how)
        save(text)
    figure.behind(picked)


def misfit(how: boards.Chart, answer: Answer) -> InboxError | None:
    try:
        boards.must_fit(
            how, [str(name) for name in answer.frame.columns] if answer.frame is not None else []
        )
    except InboxError as refusal:
        return refusal
    return None


def save(text: str) -> None:
    with st.popover(_("Save as a card"), key="sql_save", type="tertiary"), st.form("card_form"):
        title = st.text_input(_("Title"), key="card_title", max_chars=cards.LONGEST_TITLE)
        definition = st.text_input(
            _("What it counts, in a sentence"),
            key="card_definition",
            max_chars=cards.LONGEST_DEFINITION,
        )
        if st.form_submit_button(_("Save"), type="primary") and form.did(
            cards.save, title, definition, text
        ):
            st.success(_("It stands on Boards now, for everybody."))


def tables() -> None:
    with st.expander(_("What can be asked")):
        for table, columns in desk.look(cards.columns).items():
            named = ", ".join(f"{name} ({kind.lower()})" for name, kind in columns)
            st.markdown(f"**report\\.{plain(table)}** {plain(named, 2_000)}")


about = _(
    "Ask the report tables in DuckDB's SQL: one question, of the mailboxes that you may read. It "
    "is answered from the newest snapshot, in a process of its own that can change nothing."
)
with numbers.page("sql", about):
    kept = age.choose()
    if kept is not None:
        question(kept)
        told = st.session_state.get("sql_answer")
        if told is not None:
            answered(*told)
    tables()
