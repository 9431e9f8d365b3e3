"""Which test covers which feature: `python -m tests.features` writes docs/features.md anew.

A test names what it covers with `@pytest.mark.feature("QV01")`, or its whole module does with
`pytestmark`.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "features.md"
HEAD = """# Features and their tests

Made by `python -m tests.features` from the marks in the tests; a test fails when it is not up to
date.

| id | what | tests |
|---|---|---|
"""
FEATURES = {
    "QV01": "Unassigned, with its age",
    "QV02": "My work is the landing page",
    "QV03": "All open",
    "QV04": "All closed",
    "QV05": "Sent",
    "QV06": "Spam: this conversation only",
    "QV07": "Trash: restore, delete for good, emptied after a while",
    "QV08": "Filter by channel",
    "QV09": "Saved views, the team's or one's own, or an SQL file",
    "QV10": "Free-text search over the whole history",
    "QV11": "Filter by status, channel, contact, assignee, date",
    "QV12": "Filter also by deactivated colleagues",
    "QV13": "Hide what is filtered away, hide the trash",
    "QV14": "Sort",
    "QV15": "Search and filter together, one exit",
    "QV16": "Main views always shown",
    "QV17": "Choose a mailbox",
    "QV18": "Tags as views",
    "QV19": "Bulk acts on all that match, with count, preview and undo",
    "QV20": "Urgent first",
    "QV21": "VIP customers",
    "QV22": "Who answered last",
    "QV23": "Fold the side panes away",
    "QV24": "One close",
    "QV25": "All members see all mail of a mailbox",
    "OW01": "Claim: one winner, the loser is told who",
    "OW02": "Assign by hand",
    "OW06": "Hand over: assign with a word",
    "OW07": "Who is looking at or answering a conversation",
    "OW08": "The same in the list",
    "OW09": "No duplicate replies",
    "OW10": "The other reply beside one's own, with the difference",
    "OW11": "A mailbox has managers, who decide its settings",
    "OW12": "A colleague who leaves gives back what is open",
    "OW13": "Away: no new work, open ones are kept",
    "OW14": "Out-of-office dates",
    "OW15": "Working hours and shifts",
    "OW16": "A time zone for each colleague",
    "OW17": "Every open conversation has somebody, or shows that it has nobody",
    "CR01": "Reply in the thread",
    "CR02": "Formatted text with preview",
    "CR03": "One face outward",
    "CR04": "A copy in the Sent folder",
    "CR05": "A new outbound mail",
    "CR06": "Forward with own words and chosen attachments",
    "CR07": "Templates with search and usage count",
    "CR08": "Placeholders; an unresolved one blocks sending",
    "CR09": "Template folders for each mailbox",
    "CR10": "Shared drafts: ask for review, approve is send",
    "CR13": "Restricted attachments",
    "CR14": "A link to one message",
    "CR15": "Hide a message",
    "CR16": "A taller editor",
    "CR17": "Send and close, reopen",
    "CR18": "Delete and restore",
    "CR19": "Mark as spam",
    "CR20": "Block and unblock a sender",
    "CR21": "A transcript to keep or send",
    "CR27": "A warning before a mail goes to somebody new or to a colleague",
    "NT01": "Notes on a mail, never mailed",
    "NT02": "Note beside reply",
    "NT03": "Mentions with a notice",
    "NT04": "A warning when a colleague stands in To or Cc",
    "NT07": "Notices: badge, desktop, digest mail",
    "NT08": "Questions among colleagues, open or answered",
    "CX01": "Contact pane with properties",
    "CX02": "Unlink a contact",
    "CX03": "The contact's other conversations",
    "CX04": "The contact's company",
    "CX15": "Contacts as a small directory",
    "AN01": "First response time: median, 90th percentile, in business time and by the clock",
    "AN02": "Resolution: first and final close, reopens, replies needed",
    "AN06": "Targets: first reply, next reply, resolution; what was kept, what is due",
    "SP09": "A pilot on real mail, compared with the time before",
    "SP10": "A pilot ends with keep it or not",
    "SP14": "The share of replies that are sent from here",
    "U2": "A pilot's report with intervals, on one page",
    "AN14": "By mailbox, tag and channel",
    "AN03": "Unassigned, now and at the end of each shift",
    "AN04": "Load of each colleague: open now, over time, handled, and a fair share",
    "AN13": "The picture of this moment",
    "AN17": "Few numbers, always in sight: six tiles",
    "U1": "Time travel: the queue at any past minute",
    "AN05": "Duplicate replies: the rate, each case, and what the guard stopped",
    "AN19": "Missed and unanswered mails found",
    "AN12": "Colleagues compared, with how many, small numbers in grey",
    "U3": "Both answers of a duplicate side by side, and the mark that both were meant",
    "U6": "SQL over the report tables, read-only, kept as cards",
    "U7": "Everything can be taken along: Parquet, CSV, pictures",
    "U8": "Snapshots for notebooks and BI",
    "U10": "Every number opens: definition, SQL and conversations",
    "U13": "A metric, a view or a board is one SQL file",
}


def marked() -> dict[str, list[str]]:
    """Feature → the tests that cover it, as path::name. Raises KeyError for an unknown feature."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, ids in _marks(ast.parse(file.read_text())):
            for feature in ids:
                if feature not in FEATURES:
                    raise KeyError(f"{file}: {feature}")
                found[feature].append(f"{file.relative_to(ROOT)}{name}")
    return found


def table() -> str:
    covered = marked()
    rows = (
        f"| {feature} | {what} | {_shown(covered.get(feature, []))} |\n"
        for feature, what in FEATURES.items()
    )
    return HEAD + "".join(rows)


def _shown(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "not yet"


def _marks(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            yield "", list(_ids(node.value))
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                yield f"::{node.name}", list(_ids(decorator))


def _ids(marks: ast.expr) -> Iterator[str]:
    for call in ast.walk(marks):
        is_feature = (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "feature"
        )
        if is_feature:
            yield from (str(arg.value) for arg in call.args if isinstance(arg, ast.Constant))


if __name__ == "__main__":
    TABLE.write_text(table())
