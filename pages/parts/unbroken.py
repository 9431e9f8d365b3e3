"""What is pressed is done whole, whatever comes in meanwhile.

Streamlit looks whether another run is asked for (by news from /live, by the next click) before it
tells the callbacks what was pressed, and again at each of a callback's own looks into
`st.session_state`. If so it ends this run there: what was pressed is forgotten, or done by half.
Here the other run waits until all callbacks of this one have ended.
"""

from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

_MARK = "is_unbroken"


def callbacks() -> None:
    """Have every session of this process run its callbacks to their end; once is enough."""
    run = SafeSessionState.on_script_will_rerun
    if hasattr(run, _MARK):
        return

    @wraps(run)
    def whole(state: SafeSessionState, *args: Any, **kwargs: Any) -> None:
        context = get_script_run_ctx()
        requests = context.script_requests if context else None
        if requests is None:
            run(state, *args, **kwargs)
            return
        # Only the script's own thread asks here, and it is the one that runs this.
        requests.on_scriptrunner_yield = lambda: None  # type: ignore[method-assign]
        try:
            run(state, *args, **kwargs)
        finally:
            del requests.on_scriptrunner_yield

    setattr(whole, _MARK, True)
    SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign, assignment]
