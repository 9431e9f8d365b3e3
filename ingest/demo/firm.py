"""The invented firm of the demo: its two mailboxes and the four people who answer them."""

from dataclasses import dataclass
from typing import Literal

DOMAIN = "nordkaj.example"
SUPPORT = f"support@{DOMAIN}"
SALES = f"sales@{DOMAIN}"
MAILBOXES = {SUPPORT: "Support", SALES: "Sales"}
SIGNATURE = "Nordkaj Möbel · Hamngatan 12, Malmö"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """`speaks` is the language whose mail usually comes to them."""

    name: str
    email: str
    role: Literal["reader", "agent", "manager"]
    speaks: str
    is_admin: bool = False

    @property
    def words(self) -> str:
        """The role as the sign-in page says it."""
        return "admin and manager" if self.is_admin else self.role


SARA = Colleague(
    name="Sara Lindqvist", email=f"sara@{DOMAIN}", role="manager", speaks="sv", is_admin=True
)
JONAS = Colleague(name="Jonas Weber", email=f"jonas@{DOMAIN}", role="agent", speaks="de")
EMMA = Colleague(name="Emma Clarke", email=f"emma@{DOMAIN}", role="agent", speaks="en")
MIKAEL = Colleague(name="Mikael Åberg", email=f"mikael@{DOMAIN}", role="reader", speaks="sv")
TEAM = (SARA, JONAS, EMMA, MIKAEL)
ANSWERING = (SARA, JONAS, EMMA)
