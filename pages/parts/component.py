"""Registers a component from the .js and .css files that lie beside its Python file."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

PARTS = Path(__file__).parent


def register(name: str, *, html: str = "", scripts: tuple[str, ...] = ()) -> ComponentRenderer:
    """A v2 component of `<name>.js` and, where it exists, `<name>.css`.

    `scripts` are further .js files put before it: a component's script is one module and
    cannot import its neighbours.
    """
    code = "\n".join((PARTS / f"{part}.js").read_text() for part in ("dom", *scripts, name))
    look = PARTS / f"{name}.css"
    css = (PARTS / "base.css").read_text() + (look.read_text() if look.exists() else "")
    return st.components.v2.component(f"delad.{name}", html=html, css=css, js=code)
