"""Registers a component from the .js and .css files that lie beside its Python file.

Streamlit sends what a component is made of with every drawing: a quarter of a megabyte for each
conversation that is opened. So what it is given is a line that fetches the rest from `script()`'s
route, which the browser keeps.
"""

import hashlib
import json
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

PARTS = Path(__file__).parent
_scripts: dict[str, str] = {}
# A module that could not be fetched once is asked for a second time.
_LOADER = """
const load = () => import(new URL("/parts/%s", location.origin).href);
const later = () => new Promise((ready) => setTimeout(ready, 500));
const { default: draw, sheet } = await load().catch(() => later().then(load));
export default (given) => {
  const root = given.parentElement.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  return draw(given);
};
"""
_SHEET = "export const sheet = new CSSStyleSheet();\nsheet.replaceSync(%s);\n"


def register(name: str, *, html: str = "", scripts: tuple[str, ...] = ()) -> ComponentRenderer:
    """A v2 component of `<name>.js` and, where it exists, `<name>.css`.

    `scripts` are further .js files put before it: a component's script is one module and
    cannot import its neighbours.
    """
    look = PARTS / f"{name}.css"
    css = (PARTS / "base.css").read_text() + (look.read_text() if look.exists() else "")
    code = "\n".join(
        [
            *((PARTS / f"{part}.js").read_text() for part in ("dom", *scripts, name)),
            _SHEET % json.dumps(css),
        ]
    )
    file = f"{name}-{hashlib.sha256(code.encode()).hexdigest()[:16]}.js"
    _scripts[file] = code
    return st.components.v2.component(f"delad.{name}", html=html, js=_LOADER % file)


def script(file: str) -> str | None:
    """A component's whole module by the name under which it is fetched: another text, another
    name. None for what is not registered."""
    return _scripts.get(file)
