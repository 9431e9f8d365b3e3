"""What is done to a single message or file in the stream."""

from collections.abc import Callable

from inbox import hiding, questions, restricting
from inbox.conversations import Conversation
from inbox.words import _, mark
from pages.parts import acts, details, drawing, earlier, forward, place, split, thread
from pages.parts.desk import Undo

# Each with its opposite, and what is said of it while it can be taken back.
_DEEDS: dict[str, tuple[Callable[..., object], str, Callable[..., object]]] = {
    "hide": (hiding.hide, mark("Message hidden"), hiding.show),
    "show": (hiding.show, mark("Message shown again"), hiding.hide),
    "answer": (questions.answer, mark("Question answered"), questions.reopen),
    "unanswer": (questions.reopen, mark("Question open again"), questions.answer),
    "restrict": (restricting.restrict, mark("File restricted"), restricting.lift),
    "lift": (restricting.lift, mark("File open to all readers"), restricting.restrict),
}


def on_thread(found: Conversation) -> Callable[[], None]:
    """What a press in the stream does; what is not about reading is done by acts."""
    others = acts.on_thread(found)

    def pressed() -> None:
        way, number = thread.wanted()
        if way in _DEEDS:
            verb, said, opposite = _DEEDS[way]
            acts.do(verb, found.id, number, back=Undo(_(said), opposite, (found.id, number)))
        if way in split.WAYS:
            split.press(found.id, way, number)
        if way == "details":
            details.turn(number)
            drawing.again("conversation")
        if way == "earlier":
            earlier.show_all(found.id)
            drawing.again("conversation")
        if way == "forward":
            forward.ask(found.id, number)
        if way == "visit":
            place.open_conversation(number)
            drawing.again(*place.PANES)
        others()

    return pressed
