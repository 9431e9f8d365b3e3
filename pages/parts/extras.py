"""What the composer says of templates, sending later and reviews."""

from pages.parts.words import mark

WORDS = {
    "templates": mark("Templates"),
    "template_tool": mark("Insert a template (T)"),
    "find_template": mark("Find a template"),
    "all_folders": mark("All"),
    "no_template": mark("No template yet. Who sets up the mailbox can write some."),
    "no_template_found": mark("No template says that."),
    "template_failed": mark("The template could not be fetched. Try again."),
    "uses": mark("Used {n} times"),
    "unfilled": mark("Not filled in:"),
    "unfilled_title": mark(
        "Write what belongs there, or take it out. Until then it cannot be sent."
    ),
    "does_tag": mark("Tags “{tag}”"),
    "does_assign": mark("Assigns to {name}"),
    "does_assign_me": mark("Assigns to you"),
    "does_release": mark("Gives it back to the team"),
    "does_close": mark("Closes"),
    "does_title": mark("Done when the answer has been sent."),
    "later": mark("Send later"),
    "later_own": mark("A day and time of your own"),
    "later_go": mark("Send then"),
    "a_colleague": mark("a colleague"),
}
