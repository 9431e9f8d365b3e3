"""One page with everything the policy could break; started by test_streamlit.py."""

import time

import streamlit as st


def pressed() -> None:
    """Slow enough for another run to be asked for meanwhile."""
    time.sleep(0.5)
    st.session_state["presses"] = st.session_state.get("presses", 0) + 1


def kept() -> None:
    """A deed whose answer its own fragment shows."""
    st.session_state["kept"] = st.session_state.get("kept", 0) + 1


def told() -> None:
    """News for another fragment."""
    st.rerun("list")


@st.fragment
def answer() -> None:
    st.button("Keep", on_click=kept)
    st.markdown(f"kept:{st.session_state.get('kept', 0)}")


@st.fragment(key="list")
def waiting_list() -> None:
    st.button("Tell", on_click=told)


st.set_page_config(page_title="Probe", page_icon="📥", layout="wide")
probe = st.components.v2.component(
    "probe",
    html="<p id=said>waiting</p>",
    css="#said{color:rgb(1,2,3)}",
    js="""
export default function(c) {
  const root = c.parentElement
  root.querySelector('#said').textContent = 'component runs: ' + c.data.word
  if (!root.querySelector('iframe')) {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-same-origin')
    frame.srcdoc = '<style>p{color:rgb(4,5,6)}</style><p id=mail>Dear team</p>' +
      '<img id=pixel ' +
      'src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">' +
      '<img src="https://tracker.test/x.gif">' +
      '<script>parent.document.title = "stolen"</script>'
    root.appendChild(frame)
  }
}
""",
)
st.sidebar.markdown("In the sidebar")
st.title("Inside")
st.button("Claim", icon=":material/front_hand:", on_click=pressed)
st.markdown(f"presses:{st.session_state.get('presses', 0)}")
answer()
waiting_list()
st.markdown(f"session:{st.user['session']}:")
st.markdown(
    "<img src='https://tracker.test/y.gif'>![x](https://tracker.test/z.gif)", unsafe_allow_html=True
)
probe(data={"word": "yes"}, key="probe")
st.dataframe({"a": [1, 2], "b": ["x", "y"]})
st.line_chart({"a": [1, 3, 2]})
st.html("<span hidden>" + "long " * 5_000 + "</span>")
st.download_button("Get", b"x", "x.txt")
