"""What a reply says and how it is written, read back by the standard library's parser."""

import email
from datetime import datetime
from email import policy
from email.header import decode_header, make_header

import pytest

from inbox import compose, markdown, mime, recipients
from inbox.compose import Quoted
from inbox.errors import Invalid
from inbox.messages import Address, Recipients
from inbox.mime import Enclosure, Letter
from tests.conftest import NOON

ADA = Address(name="Ada Lind", address="support@example.com")
MARIA = Address(name="Maria Holm", address="maria@customer.test")


def letter(**changes):
    given = {
        "sender": ADA,
        "recipients": Recipients(to=(MARIA,)),
        "subject": "Re: Invoice 12",
        "text": "Thanks\n",
        "html": "<p>Thanks</p>\n",
        "rfc_message_id": "c1.2.abc@example.com",
        "sent_at": NOON,
    }
    return Letter(**(given | changes))


def read(**changes):
    raw = mime.write(letter(**changes))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return email.message_from_bytes(raw, policy=policy.default)


@pytest.mark.feature("CR01", "CR03")
def test_the_whole_head():
    mail = read(references=("a@x.test", "b@x.test"))

    assert dict(mail.items()) == {
        "From": "Ada Lind <support@example.com>",
        "To": "Maria Holm <maria@customer.test>",
        "Subject": "Re: Invoice 12",
        "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
        "Message-ID": "<c1.2.abc@example.com>",
        "In-Reply-To": "<b@x.test>",
        "References": "<a@x.test> <b@x.test>",
        "MIME-Version": "1.0",
        "Content-Type": mail["Content-Type"],
    }


def test_on_behalf_names_the_agent_as_sender():
    mail = read(on_behalf=Address(name="Ada Lind", address="ada@example.com"))

    assert mail["Sender"] == "Ada Lind <ada@example.com>"


@pytest.mark.parametrize(
    "subject",
    [
        "Ärende nr 12: räkning för åäö " * 8,
        "plain " * 60,
        "x" * 500,
        "=?utf-8?q?fake?=",
        "日本語" * 40,
    ],
)
def test_subjects_come_back_as_they_were(subject):
    assert read(subject=subject.strip())["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "name",
    [
        'Ada "the one" Lind',
        "Åsa Öberg",
        "Lind, Ada <x@evil.test>",
        "日本 " * 4,
        "back\\slash",
        "=?x?=",
    ],
)
def test_names_stay_one_name(name):
    mail = read(recipients=Recipients(to=(Address(name=name, address="a@x.test"), MARIA)))

    assert [(a.display_name.strip(), a.addr_spec) for a in mail["To"].addresses] == [
        (name.strip(), "a@x.test"),
        ("Maria Holm", "maria@customer.test"),
    ]


def test_a_long_name_is_folded_between_letters():
    name = "日本 räksmörgås " * 8
    raw = mime.write(letter(sender=Address(name=name.strip(), address="a@x.test")))
    head = email.message_from_bytes(raw)["From"]

    assert str(make_header(decode_header(head))).split(" <")[0] == name.strip()
    assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


def test_a_hundred_recipients_and_long_references_fold():
    many = tuple(Address(name=f"Person {n}", address=f"p{n}@x.test") for n in range(100))
    ids = compose.references([f"{'y' * 70}{n}@x.test" for n in range(100)])
    mail = read(recipients=Recipients(to=many), references=ids)

    assert len(mail["To"].addresses) == 100
    assert mail["References"].split() == [f"<{i}>" for i in ids]
    assert ids[0].endswith("y0@x.test")
    assert ids[-1].endswith("y99@x.test")
    assert sum(map(len, ids)) < 1000


@pytest.mark.parametrize("evil", ["\r\n", "\n", "\r", "\0", "\u2028", "\u2029", "\x85", "\x0b"])
@pytest.mark.parametrize("place", ["subject", "sender", "to", "cc", "on_behalf", "filename"])
def test_no_field_takes_a_line_break(evil, place):
    text = f"a{evil}Bcc: evil@evil.test"
    bad = Address(name=text, address="a@x.test")
    change = {
        "subject": {"subject": text},
        "sender": {"sender": bad},
        "to": {"recipients": Recipients(to=(bad,))},
        "cc": {"recipients": Recipients(to=(MARIA,), cc=(bad,))},
        "on_behalf": {"on_behalf": bad},
        "filename": {"enclosures": (Enclosure(filename=text, content_type="a/b", content=b""),)},
    }[place]

    with pytest.raises(Invalid):
        mime.write(letter(**change))


@pytest.mark.parametrize(
    "address",
    [
        *("a@x.test, evil@y.test", "a@x.test\r\nRCPT TO:<evil@y.test>", "<a@x.test>", "a b@x.test"),
        *("a@x.test\0", "a@\u2028x.test", "a@@x.test", "@x.test", "a@", "a", "", "a@-x.test"),
        *("a..b@x.test", '"a b"@x.test', "a@[127.0.0.1]", "x" * 65 + "@x.test", "a@" + "x." * 130),
        *("a@x.test>", "a@x.test SIZE=1", "(c)a@x.test", "a;b@x.test", "a@x_y.test"),
    ],
)
def test_what_is_not_one_address_is_refused(address):
    bad = Address(name="", address=address)
    with pytest.raises(Invalid):
        recipients.sendable(Recipients(to=(bad,)))
    with pytest.raises(Invalid):
        recipients.sendable(Recipients(to=(MARIA,), bcc=(bad,)))


def test_addresses_are_lower_case_once_and_idna():
    found = recipients.sendable(
        Recipients(
            to=(Address(name="", address=" Maria@Customer.TEST "),),
            cc=(MARIA, Address(name="", address="info@räksmörgås.test")),
            bcc=(Address(name="", address="åsa@x.test"),),
        )
    )

    assert [a.address for a in found.to] == ["maria@customer.test"]
    assert [a.address for a in found.cc] == ["info@xn--rksmrgs-5wao1o.test"]
    assert mime.needs_smtputf8(found)
    assert not mime.needs_smtputf8(Recipients(to=found.to, cc=found.cc))


def test_nobody_in_to_is_refused():
    with pytest.raises(Invalid, match="no address in To"):
        recipients.sendable(Recipients(cc=(MARIA,)))


def test_typed_addresses_are_read_as_people_write_them():
    assert recipients.typed("Maria Holm <maria@customer.test>; jo@x.test,\n Bo <b@x.test>") == (
        MARIA,
        Address(name="", address="jo@x.test"),
        Address(name="Bo", address="b@x.test"),
    )
    with pytest.raises(Invalid):
        recipients.typed("maria@customer.test, nonsense")


def test_both_bodies_come_back_with_every_letter():
    text = "Åäö €\n.\n..\nFrom here\n" + "lång " * 400 + "\n\ttab  \u2028 line\n"
    mail = read(text=text, html=f"<p>{text}</p>\n")

    assert mail.get_content_type() == "multipart/alternative"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.replace("\r\n", "\n") == text
    assert html.replace("\r\n", "\n") == f"<p>{text}</p>\n"


def test_attachments_come_back_as_they_were():
    files = (
        Enclosure(
            filename="Räkning 12.pdf", content_type="application/pdf", content=bytes(range(256))
        ),
        Enclosure(filename="a.txt", content_type="text/plain", content="hej\nå".encode()),
        Enclosure(filename="m.eml", content_type="message/rfc822", content=b"From: x\n\nhi"),
        Enclosure(filename='q"u.bin', content_type="evil\r\nX: y", content=b""),
    )
    mail = read(enclosures=files)

    assert mail.get_content_type() == "multipart/mixed"
    assert [
        (p.get_filename(), p.get_content_type(), p.get_payload(decode=True))
        for p in mail.iter_attachments()
    ] == [
        ("Räkning 12.pdf", "application/pdf", bytes(range(256))),
        ("a.txt", "text/plain", "hej\nå".encode()),
        ("m.eml", "application/octet-stream", b"From: x\n\nhi"),
        ('q"u.bin', "application/octet-stream", b""),
    ]


def test_signature_and_history_follow_the_reply():
    quoted = Quoted(sender=MARIA, sent_at=datetime(2026, 3, 1, 9, 5), text="Hi\n> older\n<b>x</b>")
    body = compose.body("Thanks, **M**", signature="Ada\nSupport", quoted=quoted)

    assert body.reply_text == "Thanks, **M**"
    assert body.text == (
        "Thanks, **M**\n\n-- \nAda\nSupport\n\n"
        "On Sun, 1 Mar 2026 at 09:05 UTC, Maria Holm <maria@customer.test> wrote:\n"
        "> Hi\n>> older\n> <b>x</b>\n"
    )
    assert "<strong>M</strong>" in body.html
    assert 'class="delad_quote"' in body.html
    assert "&lt;b&gt;x&lt;/b&gt;" in body.html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](http://track.test/p.gif)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "<javascript:alert(1)>",
        "<!-- x --><style>*{}</style>",
    ],
)
def test_markdown_makes_no_script_image_or_tag_of_its_own(text):
    html = markdown.to_html(text)

    assert not [t for t in ("<script", "<img", "<style", "<!--", 'href="j', 'href="d') if t in html]


def test_markdown_keeps_lines_lists_links_and_tables():
    assert markdown.to_html("a\nb") == "<p>a<br />\nb</p>\n"
    assert 'href="https://x.test"' in markdown.to_html("[x](https://x.test)")
    assert "<td>1</td>" in markdown.to_html("|a|\n|-|\n|1|")


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [("Hi", "Re: Hi"), ("SV: Hej", "SV: Hej"), ("re[2]: x", "re[2]: x"), ("", "Re: your message")],
)
def test_reply_prefix_is_added_once(subject, wanted):
    assert compose.reply_subject(subject) == wanted


def test_readdressing_changes_to_alone():
    raw = mime.write(
        letter(recipients=Recipients(to=(MARIA, ADA)), subject="To: x", text="To: y\n")
    )
    other = mime.readdressed(raw, Recipients(to=(ADA,)))

    assert email.message_from_bytes(other, policy=policy.default)["To"] == (
        "Ada Lind <support@example.com>"
    )
    assert other.split(b"\r\nSubject")[1] == raw.split(b"\r\nSubject")[1]
