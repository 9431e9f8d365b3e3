"""Reads the pages' code as a tree and says where words reach the screen without being escaped."""

import ast
from collections.abc import Iterator
from pathlib import Path

PAGES = Path(__file__).parents[2] / "pages"
# Called on anything: st, a column, a container. Their words are Markdown.
_SINKS = """
    markdown caption error warning info success toast button title header subheader write metric
    expander tabs popover link_button menu_button text_input text_area selectbox checkbox toggle
    radio multiselect number_input download_button dialog badge status spinner file_uploader
    form_submit_button segmented_control pills page_link date_input slider feedback chat_input
    chat_message exception help progress write_stream latex json
"""
# Our own, which hand on what they are given: the same holds for who calls them.
SINKS = set(_SINKS.split()) | {"section", "setting", "table", "page", "confirmed"}
WORDS = {"help", "label", "options", "placeholder", "format_func", "title", "about", "text", "body"}
# Raw ways that a page never takes; `html` once, for the style of the house.
NEVER = {"st.html", "st.iframe", "st.components"}
ESCAPES = {"plain", "quiet"}
TRANSLATES = {"_", "plural"}
NUMBERS = {"len", "int", "float", "round", "sum"}
# Digits and our own words.
OURS = {"times.said", "times.coming", "times.dated", "times.short", "times.lasting", "sizes.said"}
# Looked at by a person: numbers, which only types could prove.
REVIEWED = {"str(found.attempts)"}
NUMBERED = {"conversation_id", "message_id"}
# Their first word is a key, or the page that is led to: nobody sees it.
KEYED = {"setting", "table", "page", "page_link", "confirmed", "progress"}


class Reader:
    """One module: which of its functions give words that are ready, and which are not."""

    def __init__(self, name: str, code: str, others: "dict[str, Reader]") -> None:
        self.name = name
        self.tree = ast.parse(code)
        self._others = others
        self._busy: set[str] = set()
        self._functions = {n.name: n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)}
        self._parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def faults(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            yield from self._raw(node)
            if not isinstance(node, ast.Call) or _name(node.func) not in SINKS:
                continue
            if isinstance(node.func, ast.Name) and node.func.id not in self._functions:
                continue
            for shown in self._shown(node):
                if not self.is_ready(shown, self._within(node)):
                    yield self._said(shown, ast.unparse(shown))

    def _raw(self, node: ast.AST) -> Iterator[str]:
        """Ways round Markdown. Components' own HTML holds nothing but what stands in the code."""
        if isinstance(node, ast.Attribute) and ast.unparse(node) in NEVER:
            yield self._said(node, ast.unparse(node))
        if isinstance(node, ast.keyword) and node.arg and node.arg.startswith("unsafe_"):
            yield self._said(node.value, node.arg)
        is_html = isinstance(node, ast.keyword) and node.arg == "html"
        if is_html and not self.is_ready(node.value, self._within(node)):
            yield self._said(node.value, ast.unparse(node.value))

    def _shown(self, call: ast.Call) -> Iterator[ast.expr]:
        """What of a call is seen: the first words, and of our own parts' words all but the key."""
        keyed = _name(call.func) in KEYED
        yield from call.args[1:] if keyed else call.args[:1]
        yield from (k.value for k in call.keywords if k.arg in WORDS)

    def _within(self, node: ast.AST) -> ast.FunctionDef | None:
        while (node := self._parents.get(node)) is not None:  # type: ignore[assignment]
            if isinstance(node, ast.FunctionDef):
                return node
        return None

    def _said(self, node: ast.AST, what: str) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}: {what}"

    def is_ready(self, e: ast.expr, within: ast.FunctionDef | None) -> bool:
        """Whether an expression can hold no stranger's word that was not escaped."""
        if ast.unparse(e) in REVIEWED or (isinstance(e, ast.Attribute) and e.attr in NUMBERED):
            return True
        ready = lambda one: self.is_ready(one, within)  # noqa: E731
        match e:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all(map(ready, parts))
            case ast.FormattedValue(value=value, format_spec=spec):
                return ready(value) or (spec is not None and "," in ast.unparse(spec))
            case ast.BoolOp(values=parts):
                return all(map(ready, parts))
            case ast.Compare():
                return True
            case ast.IfExp(body=one, orelse=other):
                return ready(one) and ready(other)
            case ast.BinOp(left=one, right=other):
                return ready(one) and ready(other)
            case ast.Starred(value=value) | ast.Lambda(body=value):
                return ready(value)
            case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return ready(elt)
            case ast.Dict(values=parts):
                return all(map(ready, parts))
            case ast.Subscript(value=ast.Name(id=name)) if name.isupper():
                return self._is_name_ready(name, None)
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=module), attr=name)):
                other = self._others.get(module)
                return name.isupper() and bool(other and other._is_name_ready(name, None))
            case ast.Subscript(value=ast.Call() as call):
                return ready(call)
            case ast.Name(id=name):
                return self._is_name_ready(name, within)
            case ast.Call():
                return self._is_call_ready(e, within)
        return False

    def _is_call_ready(self, call: ast.Call, within: ast.FunctionDef | None) -> bool:
        name = _name(call.func)
        if ast.unparse(call.func) in OURS:
            return True
        if name in ESCAPES | TRANSLATES | NUMBERS:
            return True
        # `n` is the number that a plural counts.
        given = [*call.args, *(k.value for k in call.keywords if k.arg != "n")]
        if (
            name == "get"
            and isinstance(call.func, ast.Attribute)
            and _name(call.func.value).isupper()
        ):
            return all(self.is_ready(e, within) for e in (call.func.value, *given[1:]))
        if isinstance(call.func, ast.Attribute) and name in {"format", "join"}:
            return all(self.is_ready(e, within) for e in (call.func.value, *given))
        if name in {"list", "map"}:
            return bool(given) and (
                self._gives_ready(name=_name(given[0]))
                if name == "map"
                else all(self.is_ready(e, within) for e in given)
            )
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            other = self._others.get(call.func.value.id)
            return other is not None and other._gives_ready(name)
        return self._gives_ready(name)

    def _gives_ready(self, name: str) -> bool:
        """Whether all that a function of this module returns is ready."""
        function = self._functions.get(name)
        if function is None or name in self._busy:
            return False
        self._busy.add(name)
        returned = [
            n.value
            for n in ast.walk(function)
            if isinstance(n, ast.Return) and self._within(n) is function
        ]
        is_so = bool(returned) and all(v is None or self.is_ready(v, function) for v in returned)
        self._busy.discard(name)
        return is_so

    def _is_name_ready(self, name: str, within: ast.FunctionDef | None) -> bool:
        """Whether every value ever given to a name is ready; a parameter is its caller's matter
        only in the parts that are sinks themselves."""
        if within and name in {a.arg for a in (*within.args.args, *within.args.kwonlyargs)}:
            return within.name in SINKS
        values = list(self._values(name, within or self.tree))
        if not values and within is not None:
            return self._is_name_ready(name, self._within(within))
        return bool(values) and all(self.is_ready(v, within) for v in values)

    def _values(self, name: str, within: ast.AST) -> Iterator[ast.expr]:
        for node in ast.walk(within):
            match node:
                case ast.Assign(targets=[target], value=value):
                    yield from _parts(name, target, value)
                case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value):
                    if found == name:
                        yield value
                case ast.AugAssign(target=ast.Name(id=found), value=value):
                    if found == name:
                        yield value
                case ast.NamedExpr(target=ast.Name(id=found), value=value):
                    if found == name:
                        yield value


def _parts(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and name in {_name(part) for part in target.elts}:
        choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for choice in choices:
            at = [_name(part) for part in target.elts].index(name)
            yield choice.elts[at] if isinstance(choice, ast.Tuple) else choice


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def faults(codes: dict[str, str]) -> list[str]:
    """Where in these modules (name of the file without folder: code) words go unescaped."""
    readers: dict[str, Reader] = {}
    for name, code in codes.items():
        readers[Path(name).stem] = Reader(name, code, readers)
    return [fault for reader in readers.values() for fault in reader.faults()]


def codes() -> dict[str, str]:
    """The pages and their parts; a page and a part of one name do not occur twice among parts."""
    found = sorted(PAGES.rglob("*.py"), key=lambda f: f.parent.name == "parts")
    return {str(f.relative_to(PAGES)): f.read_text() for f in found if f.stem != "__init__"}
