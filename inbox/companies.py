"""The company of a contact: by the domain of the address, unless an agent has set another.

Whoever writes from one of the big free-mail houses tells nothing of where they work.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from inbox import addresses, events
from inbox.agents import Agent
from inbox.errors import Invalid, NotFound
from inbox.store import Session

LONGEST_NAME = 120
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
# Houses with a domain in many countries: yahoo.se, live.co.uk, gmx.net.
_EVERYWHERE = re.compile(
    r"(gmail|googlemail|hotmail|outlook|live|msn|passport|windowslive|yahoo|ymail|rocketmail|aol|"
    r"gmx|yandex|protonmail|proton|tutanota|tuta|icloud|mail|inbox|zohomail|fastmail)"
    r"\.(com?\.)?[a-z]{2,4}"
)
_HOUSES = """
me.com mac.com pm.me ya.ru ymail.com hey.com hushmail.com duck.com fastmail.fm mailbox.org
posteo.de posteo.net privaterelay.appleid.com users.noreply.github.com keemail.me web.de
t-online.de freenet.de arcor.de online.de 1und1.de telia.com comhem.se bredband.net
bredband2.com spray.se passagen.se home.se glocalnet.net tele2.se telenor.se swipnet.se
online.no broadpark.no getmail.no jubii.dk ofir.dk stofanet.dk kolumbus.fi luukku.com
elisanet.fi suomi24.fi orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr bbox.fr
numericable.fr libero.it virgilio.it tin.it alice.it tiscali.it fastwebnet.it ziggo.nl
kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl telenet.be skynet.be btinternet.com sky.com
virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk comcast.net verizon.net att.net
sbcglobal.net cox.net bellsouth.net charter.net earthlink.net juno.com optonline.net
rogers.com shaw.ca telus.net sympatico.ca bigpond.com optusnet.com.au wp.pl o2.pl onet.pl
interia.pl op.pl poczta.fm seznam.cz centrum.cz email.cz post.cz azet.sk freemail.hu
citromail.hu abv.bg bk.ru list.ru rambler.ru ukr.net i.ua qq.com vip.qq.com 163.com 126.com
yeah.net sina.com sina.cn sohu.com foxmail.com aliyun.com naver.com daum.net hanmail.net
nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com uol.com.br bol.com.br
terra.com.br ig.com.br globo.com walla.co.il bluewin.ch sunrise.ch hispeed.ch aon.at chello.at
sapo.pt terra.es telefonica.net
"""
_FREE = frozenset(_HOUSES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`domain` is None for one that is known by its name alone."""

    name: str
    domain: str | None


def of(address: str, typed: str | None, named: str | None) -> Company | None:
    """Where the owner of an address works: what was set for the contact (a name, a domain, or
    empty: nowhere), else what stands behind the domain; by the name that a team has given it."""
    domain = addresses.domain(address) if typed is None else typed
    if not domain or (typed is None and is_free_mail(domain)):
        return None
    is_name = typed is not None and not _DOMAIN.fullmatch(typed)
    return Company(name=named or domain, domain=None if is_name else domain)


def as_kept(db: Session, mailbox_id: int, typed: str) -> str:
    """A company as a contact keeps it: by the domain to which a team has given that name."""
    return db.value("companies.domain_of", mailbox_id=mailbox_id, name=typed) or (
        typed.lower() if _DOMAIN.fullmatch(typed.lower()) else typed
    )


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there."""
    return domain in _FREE or _EVERYWHERE.fullmatch(domain) is not None


def checked_name(text: str, field: str = "company") -> str:
    """A company's name on one line, or nothing."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            field,
            "A company's name has at most {most} characters that can be read.",
            most=LONGEST_NAME,
        )
    return name


def rename(
    db: Session, agent: Agent, mailbox_id: int, domain: str, name: str, *, now: datetime
) -> int:
    """What the company behind a domain is called in this mailbox; nothing: as its domain. Answer
    the line of the diary, 0 where nothing changed.

    Raises Invalid for a domain that is no company's.
    """
    _must(agent, mailbox_id)
    domain = domain.strip().lower()
    if is_free_mail(domain) or addresses.domain(addresses.checked(f"x@{domain}")) != domain:
        raise Invalid(
            "company", "Anybody can have an address at {domain}: it is no company's.", domain=domain
        )
    name = checked_name(name)
    before = db.value("companies.name_of", mailbox_id=mailbox_id, domain=domain) or ""
    if name == domain:
        name = ""
    if name == before:
        return 0
    given = {"mailbox_id": mailbox_id, "domain": domain}
    if not name:
        db.change("companies.forget", **given)
    elif before:
        db.change("companies.rename", **given, name=name, now=now)
    else:
        db.change("companies.name_anew", **given, name=name, now=now)
    return events.record(
        db,
        agent,
        "company_named",
        None,
        mailbox_id=mailbox_id,
        before={"domain": domain, "name": before},
        after={"domain": domain, "name": name},
        now=now,
    )


def _must(agent: Agent, mailbox_id: int) -> None:
    if not agent.may("read", mailbox_id):
        raise NotFound("company")
    agent.must("triage", mailbox_id)
