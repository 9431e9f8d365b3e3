"""The ways in which a mail server fails to take a mail, by name, and what is then known of it."""

from dataclasses import dataclass, field
from typing import Literal

from tests.ingest.smtp_script import DROP, GARBAGE, RESET, STALL, Script

Known = Literal["queued", "failed", "uncertain", "sent"]
SLOW = "slow@shop.test"


@dataclass(frozen=True, slots=True)
class Mode:
    """`then` is what the outbox must say after one attempt, `held` how many mails the server
    took. `security` none: nobody listens; missing: TLS is wanted and not offered; `trust` false:
    the certificate is a stranger's."""

    then: Known
    steps: dict = field(default_factory=dict)
    held: int = 0
    security: Literal["plain", "starttls", "missing", "none"] = "plain"
    trust: bool = True
    more: dict = field(default_factory=dict)

    @property
    def can_be_heard(self) -> bool:
        """Whether the server itself does what is wrong, while the mail is in hand."""
        return self.security in ("plain", "starttls") and self.trust and self.then != "sent"

    @property
    def is_in_data(self) -> bool:
        """Whether the mail was being handed over: whoever stops there cannot know."""
        return self.then == "uncertain" or not {"data", "dot"}.isdisjoint(self.steps)

    def script(self) -> Script:
        """A server of this kind, which nobody has met yet."""
        steps = {step: list(codes) for step, codes in self.steps.items()}
        return Script(steps=steps, **self.more)


def _auth(then: Known, answer: int | str) -> Mode:
    return Mode(then, {"auth": [answer]}, more={"mechanisms": "PLAIN"})


def _partly(answer: int) -> Mode:
    return Mode("sent", held=1, more={"refuse": {SLOW: answer}})


def _taken(then: Known, **more) -> Mode:
    return Mode(then, held=1, more=more)


MODES = {
    "connection refused": Mode("queued", security="none"),
    "greeting 421": Mode("queued", {"greet": [421]}),
    "greeting 554": Mode("failed", {"greet": [554]}),
    "greeting silent": Mode("queued", {"greet": [STALL]}),
    "greeting garbage": Mode("queued", {"greet": [GARBAGE]}),
    "greeting dropped": Mode("queued", {"greet": [DROP]}),
    "greeting reset": Mode("queued", {"greet": [RESET]}),
    "ehlo 500": Mode("failed", {"ehlo": [500]}),
    "ehlo 421": Mode("queued", {"ehlo": [421]}),
    "ehlo dropped": Mode("queued", {"ehlo": [DROP]}),
    "starttls missing": Mode("queued", security="missing"),
    "starttls refused": Mode("failed", {"starttls": [500]}, security="starttls"),
    "starttls refused for now": Mode("queued", {"starttls": [454]}, security="starttls"),
    "starttls dropped": Mode("queued", {"starttls": [DROP]}, security="starttls"),
    "certificate of a stranger": Mode("queued", security="starttls", trust=False),
    "auth 535": _auth("failed", 535),
    "auth 454": _auth("queued", 454),
    "auth dropped": _auth("queued", DROP),
    "auth silent": _auth("queued", STALL),
    "mail 550": Mode("failed", {"mail": [550]}),
    "mail 450": Mode("queued", {"mail": [450]}),
    "mail 421": Mode("queued", {"mail": [421]}),
    "mail dropped": Mode("queued", {"mail": [DROP]}),
    "rcpt all 550": Mode("failed", {"rcpt": [550]}),
    "rcpt all 450": Mode("queued", {"rcpt": [450]}),
    "rcpt partly 550": _partly(550),
    "rcpt partly 450": _partly(450),
    "rcpt partly 421": Mode("queued", more={"refuse": {SLOW: 421}}),
    "rcpt dropped": Mode("queued", {"rcpt": [DROP]}),
    "rcpt garbage": Mode("queued", {"rcpt": [GARBAGE]}),
    "data 554": Mode("failed", {"data": [554]}),
    "data 451": Mode("queued", {"data": [451]}),
    "data dropped": Mode("uncertain", {"data": [DROP]}),
    "data garbage": Mode("uncertain", {"data": [GARBAGE]}),
    "dropped in the mail": Mode("uncertain", more={"in_data": DROP}),
    "reset in the mail": Mode("uncertain", more={"in_data": RESET}),
    "silent in the mail": Mode("uncertain", more={"in_data": STALL}),
    "dot 554": Mode("failed", {"dot": [554]}),
    "dot 552": Mode("failed", {"dot": [552]}),
    "dot 451": Mode("queued", {"dot": [451]}),
    "dot 421": Mode("queued", {"dot": [421]}),
    "dropped after the dot, not taken": Mode("uncertain", {"dot": [DROP]}),
    "dropped after the dot, taken": _taken("uncertain", accept_then=DROP),
    "reset after the dot, taken": _taken("uncertain", accept_then=RESET),
    "silent after the dot, not taken": Mode("uncertain", {"dot": [STALL]}),
    "silent after the dot, taken": _taken("uncertain", accept_then=STALL),
    "garbage after the dot, not taken": Mode("uncertain", {"dot": [GARBAGE]}),
    "garbage after the dot, taken": _taken("uncertain", accept_then=GARBAGE),
    "taken, then dropped": Mode("sent", {"over": [DROP]}, held=1),
    "taken, then reset": Mode("sent", {"over": [RESET]}, held=1),
    "a byte at a time, in time": _taken("sent", a_byte=0.01),
    "a byte at a time, too slow": Mode("queued", more={"a_byte": 0.2}),
    "4xx once, then well": Mode("queued", {"rcpt": [450, 450, 250]}),
    "goodbye dropped": Mode("sent", {"quit": [DROP]}, held=1),
    "goodbye garbage": Mode("sent", {"quit": [GARBAGE]}, held=1),
}
