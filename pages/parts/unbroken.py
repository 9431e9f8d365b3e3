"""What is pressed is done whole and its answer drawn, whatever comes in meanwhile.

Streamlit looks whether another run is asked for (by news from /live, by the next click) before it
tells the callbacks what was pressed, and again at each of a callback's own looks into
`st.session_state`. If so it ends this run there: what was pressed is forgotten, or done by half.
Here the other run waits until all callbacks of this one have ended.

When two fragments' callbacks run together, and one asks for certain fragments while the other
counts on its own being drawn, Streamlit draws only what was asked for: the other's deed is done and
its answer never seen. Here its fragment is drawn too.
"""

from dataclasses import replace
from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

_MARK = "is_unbroken"


def callbacks() -> None:
    """Have every session of this process run its callbacks to their end; once is enough."""
    run = SafeSessionState.on_script_will_rerun
    if hasattr(run, _MARK):
        return
    relying: set[int] = set()
    _note_who_relies(relying)

    @wraps(run)
    def whole(state: SafeSessionState, *args: Any, **kwargs: Any) -> None:
        context = get_script_run_ctx()
        requests = context.script_requests if context else None
        if context is None or requests is None:
            run(state, *args, **kwargs)
            return
        # Only the script's own thread asks here, and it is the one that runs this.
        requests.on_scriptrunner_yield = lambda: None  # type: ignore[method-assign]
        try:
            run(state, *args, **kwargs)
        finally:
            del requests.on_scriptrunner_yield
            is_relied_on = id(context) in relying
            relying.discard(id(context))
        if is_relied_on and context.fragment_ids_this_run:
            _draw_too(requests, context.fragment_ids_this_run)

    setattr(whole, _MARK, True)
    SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign, assignment]


def _note_who_relies(relying: set[int]) -> None:
    """Put a run's context among `relying` when one of its callbacks ends without asking for a
    redraw of its own."""
    run = SessionState._run_callback_and_record_rerun

    @wraps(run)
    def noting(state: SessionState, votes: Any, callback: Any) -> None:
        before = len(votes.pending_reruns)
        run(state, votes, callback)
        if len(votes.pending_reruns) == before:
            relying.add(id(get_script_run_ctx()))

    SessionState._run_callback_and_record_rerun = noting  # type: ignore[method-assign, assignment]


def _draw_too(requests: ScriptRequests, fragments: list[str]) -> None:
    """If a run of certain fragments is asked for that ends this one: these with them."""
    asked = requests.on_scriptrunner_yield()
    if asked is None or asked.type is not ScriptRequestType.RERUN:
        return
    data = asked.rerun_data
    if data.fragment_id_queue:
        more = [one for one in fragments if one not in data.fragment_id_queue]
        data = replace(data, fragment_id_queue=[*data.fragment_id_queue, *more])
    requests.request_rerun(data)
