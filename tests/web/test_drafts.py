import pytest

from inbox import agents, clock, drafts, people
from tests.furniture import ADA, BO, CY, EVE, INVOICE, SUPPORT
from web.drafts import MOST_FILE_BYTES

TEXT = {
    "revision": 0,
    "body": "Hello Maria",
    "kind": "reply",
    "subject": "Re: Invoice 12",
    "to": [["Maria Holm", "maria@customer.test"]],
}


@pytest.fixture
def draft(served, bo):
    with served.house.store.write() as db:
        return drafts.start(db, bo, INVOICE, "reply", now=clock.now())


def put(browser, draft, **more):
    return browser.put(f"/draft/{draft.id}", json={**TEXT, "revision": draft.revision, **more})


def stored(served, bo, draft):
    with served.house.store.read() as db:
        return drafts.own(db, bo, draft.id)


def test_what_is_typed_is_kept(served, bo, draft):
    answer = put(served.browser(BO), draft, cc=[["", "c@d.test"]])
    kept = stored(served, bo, draft)

    assert answer.status_code == 200
    assert answer.json() == {
        "revision": kept.revision,
        "saved_at": kept.updated_at.isoformat(),
        "strange": [["c@d.test", "new", ""]],
    }
    assert kept.body == "Hello Maria"
    assert [a.address for a in kept.recipients.cc] == ["c@d.test"]


def test_an_older_page_does_not_overwrite_a_newer_text(served, bo, draft):
    browser = served.browser(BO)
    put(browser, draft)
    answer = put(browser, draft, body="older")

    assert answer.status_code == 409
    assert "changed on another page" in answer.json()["error"]
    assert stored(served, bo, draft).body == "Hello Maria"


@pytest.mark.parametrize("agent_id", [ADA, CY, EVE])
def test_a_draft_is_its_authors_alone(served, bo, draft, agent_id):
    browser = served.browser(agent_id)
    file = {"file": ("a.txt", b"a")}

    assert put(browser, draft, body="mine now").status_code == 404
    assert browser.post(f"/draft/{draft.id}/attachment", files=file).status_code == 404
    assert browser.delete(f"/draft/{draft.id}/attachment/1").status_code == 404
    assert stored(served, bo, draft).body == draft.body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"revision": "0", "body": "", "kind": "reply"}',
        b'{"revision": true, "body": "", "kind": "reply"}',
        b'{"revision": 0, "body": 5, "kind": "reply"}',
        b'{"revision": 0, "body": "", "kind": "shout"}',
        b'{"revision": 0, "body": "", "kind": ["reply"]}',
        b'{"revision": 0, "body": "", "kind": "reply", "to": "x@y.test"}',
        b'{"revision": 0, "body": "", "kind": "reply", "to": [["x@y.test"]]}',
        b'{"revision": 0, "body": "", "kind": "reply", "to": [[{}, 1]]}',
        b'{"revision": 0, "body": "", "kind": "reply", "seen_event_id": -1}',
    ],
)
def test_what_cannot_be_read_is_refused_in_words(served, bo, draft, body):
    answer = served.browser(BO).put(f"/draft/{draft.id}", data=body)

    assert answer.status_code == 422
    assert answer.json()["field"] == "body"
    assert stored(served, bo, draft) == draft


def test_half_an_emoji_does_not_stop_the_autosave(served, bo, draft):
    answer = served.browser(BO).put(
        f"/draft/{draft.id}",
        data=b'{"revision": %d, "body": "a \\ud83d", "kind": "reply"}' % draft.revision,
    )

    assert answer.status_code == 200
    assert stored(served, bo, draft).body == "a ?"


def test_a_text_without_end_is_refused(served, draft):
    assert put(served.browser(BO), draft, body="x" * 3_000_000).status_code == 422


def test_a_file_is_added_and_taken_out(served, bo, draft):
    browser = served.browser(BO)
    answer = browser.post(
        f"/draft/{draft.id}/attachment", files={"file": ("../år.pdf", b"%PDF", "application/pdf")}
    )
    (kept,) = stored(served, bo, draft).attachments

    assert answer.status_code == 201
    assert answer.json() == {
        "id": kept.id,
        "filename": "år.pdf",
        "size_bytes": 4,
        "content_type": "application/pdf",
        "revision": draft.revision + 1,
    }
    assert served.house.files.path(kept.sha256).read_bytes() == b"%PDF"
    gone = browser.delete(f"/draft/{draft.id}/attachment/{kept.id}")
    assert (gone.status_code, gone.json()) == (200, {"revision": draft.revision + 2})
    assert stored(served, bo, draft).attachments == ()


def test_the_text_goes_on_from_the_revision_a_file_made(served, bo, draft):
    browser = served.browser(BO)
    file = browser.post(f"/draft/{draft.id}/attachment", files={"file": ("a", b"a")}).json()
    text = put(browser, draft, revision=file["revision"])
    gone = browser.delete(f"/draft/{draft.id}/attachment/{file['id']}").json()

    assert (text.status_code, text.json()["revision"]) == (200, file["revision"] + 1)
    assert gone == {"revision": stored(served, bo, draft).revision}
    assert put(browser, draft, revision=gone["revision"], body="On").status_code == 200


def test_who_was_taken_out_of_the_mailbox_is_told_and_saves_nothing(served, bo, draft):
    browser = served.browser(BO)
    with served.house.store.write() as db:
        people.remove_from_mailbox(db, agents.the_house(), BO, SUPPORT, now=clock.now())
    answers = [
        put(browser, draft),
        browser.post(f"/draft/{draft.id}/attachment", files={"file": ("a", b"a")}),
        browser.delete(f"/draft/{draft.id}/attachment/1"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "Your role here does not include" in answers[0].json()["error"]
    assert stored(served, bo, draft) == draft


def test_too_big_a_file_is_refused_in_words(served, bo, draft):
    answer = served.browser(BO).post(
        f"/draft/{draft.id}/attachment", files={"file": ("a", b"x" * (MOST_FILE_BYTES + 1))}
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "attachment")
    assert "at most 25 MB" in answer.json()["error"]
    assert stored(served, bo, draft).attachments == ()


@pytest.mark.parametrize(
    "sent", [{"data": {"file": "text"}}, {"data": b"x"}, {"data": iter([b"x"])}]
)
def test_a_form_without_a_file_is_refused(served, draft, sent):
    answer = served.browser(BO).post(f"/draft/{draft.id}/attachment", **sent)

    assert (answer.status_code, answer.json()["field"]) == (422, "attachment")


def test_an_unknown_draft_is_not_found(served):
    assert served.browser(BO).put("/draft/99", json=TEXT).status_code == 404
    assert served.browser(BO).put("/draft/x", json=TEXT).status_code == 404
