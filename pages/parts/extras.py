"""What the composer says of templates, sending later and reviews."""

from inbox.words import mark

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
    "ask_review": mark("Ask for a review"),
    "anybody": mark("Anyone who may answer"),
    "asked": mark("{who} is asked to look at this draft. Colleagues can see and change it."),
    "asked_any": mark("Colleagues can see and change this draft."),
    "make_private": mark("Make it private"),
    "their_draft": mark("Draft of {who}, for review: “{text}”"),
    "their_draft_here": mark("A draft of {who}: change it, approve it, or give it back."),
    "approve": mark("Approve and send"),
    "give_back": mark("Give back"),
    "give_back_title": mark("Give the draft back"),
    "give_back_word": mark("A word for its author; it stands as a note"),
    "a_colleague": mark("a colleague"),
}
