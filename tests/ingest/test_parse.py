"""What a mail says, whatever programs and people made of it; and nothing it says raises."""

import itertools
from base64 import b64encode
from datetime import datetime
from email.header import Header
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import charsets
from ingest import parse as parsing
from ingest.addresses import Address
from ingest.parse import parse


def mail(*headers: str | bytes, body: str | bytes = "Hello") -> bytes:
    def raw(piece):
        return piece.encode() if isinstance(piece, str) else piece

    return b"\r\n".join([*map(raw, headers), b"", raw(body)])


def part(*headers: str, body: str | bytes) -> bytes:
    return b"--x\r\n" + mail(*headers, body=body) + b"\r\n"


def multipart(kind: str, *parts: bytes) -> bytes:
    return mail(
        "From: a@customer.test",
        f'Content-Type: multipart/{kind}; boundary="x"',
        body=b"".join(parts) + b"--x--\r\n",
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("=?utf-8?q?=C3=85sa_=C3=96berg?=", "Åsa Öberg"),
        ("=?iso-8859-1?Q?F=F6rsening?= =?iso-8859-1?Q?_igen?=", "Försening igen"),
        ("=?utf-8?B?w6U=?= =?utf-8?B?w6TDtg==?=", "åäö"),
        # One letter cut in two by the writer's line length.
        ("=?utf-8?B?w6XD?= =?utf-8?B?pA==?=", "åä"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?nonsense?q?hi_there?=", "hi there"),
        ("=?utf-8?q?broken", "broken"),
        (b"8-bit \xe5\xe4\xf6 as it comes", "8-bit åäö as it comes"),
        ("8-bit åäö in utf-8", "8-bit åäö in utf-8"),
        ("folded\r\n over two lines", "folded over two lines"),
        ("with \x00 NUL", "with NUL"),
        ("", ""),
    ],
)
def test_subjects(given, expected):
    found = parse(mail(b"Subject: " + (given if isinstance(given, bytes) else given.encode())))
    assert found.subject == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Åsa <asa@customer.test>", Address("Åsa", "asa@customer.test")),
        ('"Berg, Nils" <NILS@customer.test>', Address("Berg, Nils", "nils@customer.test")),
        ("nils@customer.test (Nils Berg)", Address("Nils Berg", "nils@customer.test")),
        ("=?utf-8?q?=C3=85sa?= <a@customer.test>", Address("Åsa", "a@customer.test")),
        # The comma comes out of the encoded name and must not become a second address.
        ("=?utf-8?q?a=40x=2Etest=2C?= <b@customer.test>", Address("a@x.test,", "b@customer.test")),
        ("<nils@customer.test", Address("", "nils@customer.test")),
        ("Nils Berg", Address("Nils Berg", "")),
        ("undisclosed-recipients:;", Address("", "")),
        ("", Address("", "")),
    ],
)
def test_senders(given, expected):
    assert parse(mail(f"From: {given}")).from_ == expected


def test_groups_and_lists_of_recipients():
    found = parse(
        mail(
            "To: Team: a@customer.test, B <b@customer.test>;, c@customer.test",
            "Cc: d@customer.test",
            "Cc: e@customer.test",
        )
    )
    assert [a.address[0] for a in found.to] == ["a", "b", "c"]
    assert [a.address[0] for a in found.cc] == ["d", "e"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Mon, 02 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9)),
        ("Mon, 2 Mar 2026 10:00 GMT", datetime(2026, 3, 2, 10)),
        ("Mon, 02 Mar 2026 10:00:00 +0100 (CET)", datetime(2026, 3, 2, 9)),
        ("2 Mar 26 10:00:00 -0000", datetime(2026, 3, 2, 10)),
        ("yesterday", None),
        ("Mon, 02 Mar 20260 10:00:00 +0000", None),
        ("Mon, 99 Mar 2026 10:00:00 +0000", None),
        ("", None),
    ],
)
def test_dates(given, expected):
    assert parse(mail(f"Date: {given}")).date == expected


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("utf-8", "åäö €".encode(), "åäö €"),
        ("iso-8859-1", b"\xe5\xe4\xf6 \x80", "åäö €"),
        ("us-ascii", "åäö".encode("cp1252"), "åäö"),
        ("utf-8", "Räksmörgås på bordet".encode("cp1252"), "Räksmörgås på bordet"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("gb2312", "你好".encode("gb18030"), "你好"),
        ("x-made-up", "åäö".encode(), "åäö"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
    ],
)
def test_bodies_in_declared_wrong_and_unknown_charsets(charset, body, expected):
    raw = mail(f"Content-Type: text/plain; charset={charset}", body=body)
    assert parse(raw).text == expected


def test_text_and_html_are_one_mail():
    found = parse(
        multipart(
            "alternative",
            part("Content-Type: text/plain; charset=utf-8", body="Hello"),
            part("Content-Type: text/html; charset=utf-8", body="<p>Hello <b>you</b></p>"),
        )
    )
    assert found.text == "Hello"
    assert found.html
    assert "<b>you</b>" in found.html
    assert found.attachments == ()


def test_html_alone_gets_a_text():
    raw = mail("Content-Type: text/html", body="<p>One</p><p>Two&nbsp;three<br>four</p>")
    assert parse(raw).text.split() == ["One", "Two", "three", "four"]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ('attachment; filename="report.pdf"', "report.pdf"),
        ("attachment; filename*=utf-8''r%C3%A4kning.pdf", "räkning.pdf"),
        ("attachment; filename*0=rep; filename*1=ort.pdf", "report.pdf"),
        ('attachment; filename="=?utf-8?q?r=C3=A4kning=2Epdf?="', "räkning.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\report.pdf"', "report.pdf"),
        ("attachment", "attachment-1.pdf"),
    ],
)
def test_names_of_attachments(disposition, expected):
    found = parse(
        multipart(
            "mixed",
            part("Content-Type: text/plain", body="See the file"),
            part(
                "Content-Type: application/pdf",
                f"Content-Disposition: {disposition}",
                "Content-Transfer-Encoding: base64",
                body="JVBERi0=",
            ),
        )
    )
    (attached,) = found.attachments
    assert (attached.filename, attached.content, found.text) == (
        expected,
        b"%PDF-",
        "See the file",
    )


def test_a_picture_the_text_shows_is_inline_and_another_is_a_file():
    picture = "Content-Type: image/png\r\nContent-ID: <{}>\r\nContent-Transfer-Encoding: base64"
    found = parse(
        multipart(
            "related",
            part("Content-Type: text/html", body='<img src="cid:logo@x">'),
            part(*picture.format("logo@x").split("\r\n"), body="iVBORw0KGgo="),
            part(*picture.format("other@x").split("\r\n"), body="iVBORw0KGgo="),
        )
    )
    assert [(a.content_id, a.is_inline) for a in found.attachments] == [
        ("logo@x", True),
        ("other@x", False),
    ]


def test_what_begins_like_a_picture_and_is_none_stays_a_file():
    sound = part("Content-Type: image/webp", "Content-ID: <logo@x>", body=b"RIFF\x10\0\0\0WAVEfmt ")
    cut = part("Content-Type: image/png", "Content-ID: <cut@x>", body=b"\x89PNG")
    page = part("Content-Type: text/html", body='<img src="cid:logo@x"><img src="cid:cut@x">')

    found = parse(multipart("related", page, sound, cut))

    assert [a.is_inline for a in found.attachments] == [False, False]


def test_a_mail_inside_a_mail_is_a_file():
    inner = mail("From: b@customer.test", "Subject: Inner", body="Inside")
    found = parse(
        multipart(
            "mixed",
            part("Content-Type: text/plain", body="I pass this on"),
            part("Content-Type: message/rfc822", body=inner),
        )
    )
    (attached,) = found.attachments
    assert attached.content.strip() == inner.strip()
    assert "Inside" not in found.text


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<a@customer.test>", "a@customer.test"),
        ("a@customer.test", "a@customer.test"),
        ("<<<<", None),
        ("", None),
        ("<a@customer.test> <b@customer.test>", "a@customer.test"),
    ],
)
def test_message_ids(header, expected):
    assert parse(mail(f"Message-ID: {header}")).rfc_message_id == expected


def test_what_a_mail_answers_newest_first():
    found = parse(
        mail("In-Reply-To: <c@x.test>", "References: <a@x.test>\r\n <b@x.test> <c@x.test>")
    )
    assert found.known_ids == ("c@x.test", "b@x.test", "a@x.test")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        (["Auto-Submitted: no"], False),
        (["Auto-Submitted: auto-replied; owner=x"], True),
        (["Precedence: bulk"], True),
        (["List-Id: <news.customer.test>"], True),
        (["X-Autoreply: yes"], True),
        (["Return-Path: <>"], True),
        (["From: MAILER-DAEMON@mail.test"], True),
    ],
)
def test_mail_that_a_machine_wrote(headers, expected):
    assert parse(mail(*headers)).is_auto is expected


def test_a_bounce_names_who_did_not_get_what():
    found = parse(
        multipart(
            'report; report-type="delivery-status"',
            part("Content-Type: text/plain", body="It failed."),
            part(
                "Content-Type: message/delivery-status",
                body="Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; gone@x.test\r\n"
                "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user",
            ),
            part("Content-Type: text/rfc822-headers", body="Message-ID: <ours@example.com>\r\n"),
        )
    )
    (undelivered,) = found.undelivered
    assert (undelivered.address, undelivered.status) == ("gone@x.test", "5.1.1")
    assert "550 no such user" in undelivered.answer
    assert (found.is_bounce, found.bounced_message_id) == (True, "ours@example.com")


def test_a_delay_is_no_bounce():
    report = part(
        "Content-Type: message/delivery-status",
        body="\r\n\r\nFinal-Recipient: rfc822; late@x.test\r\nAction: delayed\r\nStatus: 4.4.1",
    )
    assert not parse(multipart("report", report)).is_bounce


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 2 Mar 2026 at 10:00, Bo Ek <support@example.com> wrote:",
        "Den mån 2 mars 2026 kl 10:00 skrev Bo Ek <support@example.com>:",
        "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Bo Ek <support@example.com>:",
        "-----Original Message-----",
        "Från: Bo Ek <support@example.com>\nSkickat: den 2 mars 2026 10:00",
    ],
)
def test_history_is_left_out_of_the_reply_and_kept_in_the_text(attribution):
    found = parse(mail(body=f"Thanks, that helped.\n\n{attribution}\n> It left today.\n"))
    assert found.reply_text == "Thanks, that helped."
    assert "It left today." in found.text


def test_an_answer_between_the_quotes_stays():
    body = "On 2 March 2026 Bo Ek wrote:\n> Which size?\nThe large one.\n> And when?\nSoon."
    assert parse(mail(body=body)).reply_text.split("\n") == ["The large one.", "Soon."]


def test_the_same_mail_under_other_bytes_has_one_identity_and_another_body_has_not():
    head = ("From: a@x.test", "Message-ID: <1@x.test>", "Date: Mon, 02 Mar 2026 10:00:00 +0000")
    first = parse(mail("Received: by one.test", *head)).identity
    assert first == parse(mail("Received: by two.test", "X-Spam: no", *head)).identity
    assert first != parse(mail(*head, body="Another")).identity
    assert parse(mail("From: a@x.test")).identity is None


def test_what_leaves_the_jail_comes_back_the_same():
    found = parse(
        multipart(
            "mixed",
            part("Content-Type: text/plain", body="åäö"),
            part("Content-Type: image/png", "Content-ID: <l@x>", body=b"\x89PNG"),
        )
    )
    contents = [a.content for a in found.attachments]
    assert parsing.from_json(parsing.as_json(found), contents) == found


WHOLE = multipart(
    "mixed",
    part("Content-Type: text/html; charset=utf-8", body="<p>Hej <i>d\xe4r</i></p>"),
    part("Content-Type: message/rfc822", body=mail("Subject: =?utf-8?q?a?=")),
    part("Content-Disposition: attachment; filename*0*=utf-8''a%20b", body="AAAA"),
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw):
    parse(raw)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_broken_mail_raises(data):
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    parse(bytes(raw))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("iso_8859-1:1987", "cp1252"),
        ("latin9", "iso8859-15"),
        ("x-iso-8859-5", "iso8859-5"),
        ("win-1251", "cp1251"),
        ("ibm866", "cp866"),
        ("'utf-8'", "utf-8"),
        ("charset=utf-8", "utf-8"),
        ("utf-8 ; format=flowed", "utf-8"),
        ("x-gbk", "gb18030"),
        ("unknown-8bit", ""),
        ("hex", ""),
        ("raw_unicode_escape", ""),
        ("\x00", ""),
    ],
)
def test_charsets_under_the_names_people_give_them(name, codec):
    assert charsets.codec_of(name) == codec


LETTERS = {
    "Swedish": ("cp1252", "Hej, jag undrar när paketet kommer fram? Mvh Kjell-Åke på lagret"),
    "German": ("cp1252", "Können Sie mir die Rechnung für März schicken? Grüße, Jörg Weiß"),
    "French": ("cp1252", "Je n’ai pas reçu ma commande passée le 3 février. Hélène"),
    "Spanish": ("cp1252", "¿Dónde está mi pedido? Lo compré la semana pasada. Íñigo Muñoz"),
    "Danish": ("cp1252", "Jeg har købt en stol, men den er gået i stykker. Søren Ågård"),
    "Icelandic": ("cp1252", "Góðan daginn, ég fékk ekki pöntunina mína í gær. Þórður"),
    "Polish": ("cp1250", "Proszę o informację, kiedy zostanie wysłane. Łukasz Wiśniewski"),
    "old Polish": ("iso-8859-2", "Proszę o informację, kiedy zostanie wysłane. Łukasz Wiśniewski"),
    "Czech": ("cp1250", "Zboží došlo poškozené, příště prosím lépe zabalit. Žofie Šťastná"),
    "Hungarian": ("cp1250", "A megrendelésem még nem érkezett meg. Üdvözlettel, Győző Szűcs"),
    "Turkish": ("cp1254", "Siparişim hâlâ gelmedi, ne zaman ulaşacağını öğrenebilir miyim?"),
    "Lithuanian": ("cp1257", "Negaliu pakeisti slaptažodžio. Ačiū už pagalbą, Eglė Žukauskaitė"),
    "Russian": ("cp1251", "Я оплатил заказ три дня назад, но деньги вернулись на карту."),
    "Unix Russian": ("koi8-r", "Я оплатил заказ три дня назад, но деньги вернулись на карту."),
    "Greek": ("iso-8859-7", "Η παραγγελία μου άργησε τρεις μέρες. Πότε θα έρθει; Ευχαριστώ"),
    "Hebrew": ("cp1255", "שלום, קיבלתי מוצר אחר ממה שהזמנתי. איך אפשר להחליף? תודה, נועה"),
    "Japanese": (
        "cp932",
        "お世話になっております。注文した商品がまだ届きません。ご確認をお願いします。",
    ),
    "Chinese": ("gb18030", "您好,我上周订购的商品还没有收到,请帮我查询一下物流信息。谢谢,王芳。"),
    "Korean": ("cp949", "안녕하세요. 지난주에 주문한 상품이 아직 도착하지 않았습니다. 김민수"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_in_a_charset_that_nobody_declares(language):
    charset, words = LETTERS[language]
    assert parse(mail(body=words.encode(charset))).text == words


@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_in_a_charset_that_calls_itself_utf_8(language):
    charset, words = LETTERS[language]
    raw = mail("Content-Type: text/plain; charset=utf-8", body=words.encode(charset))
    assert parse(raw).text == words


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", "windows-1251", "big5", "euc-jp"])
@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_in_utf_8_that_calls_itself_something_else(language, declared):
    words = LETTERS[language][1]
    raw = mail(f"Content-Type: text/plain; charset={declared}", body=words.encode())
    assert parse(raw).text == words


@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_in_the_charset_it_declares(language):
    charset, words = LETTERS[language]
    raw = mail(f"Content-Type: text/plain; charset={charset}", body=words.encode(charset))
    assert parse(raw).text == words


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('ab@<>",;:()\\ \r\n=?é＠'), max_size=30), st.sampled_from("bq"))
def test_no_encoded_name_becomes_an_address(name, kind):
    coded = Header(name, "utf-8", maxlinelen=10_000).encode(linesep="")
    if kind == "b":
        coded = f"=?utf-8?b?{b64encode(name.encode()).decode()}?="
    found = parse(mail(f"To: {coded} <b@customer.test>, c@customer.test"))
    assert [a.address for a in found.to] == ["b@customer.test", "c@customer.test"]


LONG_FIELDS = ["From: {}", "To: {}", "Subject: {}", "Date: {}", "References: {}", "Message-ID: {}"]
PIECES = [
    *(" ", "@", "a@", "a@b,", "<", ">", "(", '"', '\\"', ",", ":", "<@a,", "<a ", '"a" <', "A, "),
    *("=?u?q?", "=?utf-8?q?=C3=A4?= ", "=?", "?=", "\r", "\r\n ", "\r\nx\r\n", "mailto:", "1:"),
]


@pytest.mark.parametrize("field", LONG_FIELDS)
def test_no_long_field_takes_long(field):
    for piece, end in itertools.product(PIECES, ("", ",", " x")):
        raw = mail(field.format("a" + piece * (40_000 // len(piece)) + end))
        begun = process_time()
        parse(raw)
        assert process_time() - begun < 2, (piece, end)
