import base64
import hashlib
import re
from pathlib import Path

import pytest
import streamlit

from tests.furniture import BO
from web import headers, shell

EVERY = ["/inbox", "/signin", "/healthz", "/attachment/99", "/nothing", "/forgot"]


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_is_guarded(served, path):
    answer = served.browser(None if path == "/signin" else BO).get(path)
    policy = answer.headers["content-security-policy"]

    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("path", ["/inbox", "/draft/1"])
def test_refusals_are_guarded_too(served, path):
    assert "frame-ancestors 'none'" in served.browser().get(path).headers["content-security-policy"]


def test_https_told_by_the_proxy_on_this_machine_is_kept_to(served):
    answer = served.browser(BO).get("/inbox", headers={"X-Forwarded-Proto": "https"})

    assert answer.headers["strict-transport-security"] == headers.ONE_YEAR


def test_the_policy_knows_streamlits_one_inline_script():
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    inline = re.findall(r"<script>(.*?)</script>", index, re.S)

    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline]
    assert [f"sha256-{digest}" for digest in digests] == [headers.STREAMLIT_SCRIPT]


def test_streamlits_page_is_told_where_its_server_is():
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()

    assert shell._MARK in index
    assert f"'{shell.DIGEST}'" in headers.PAGES_POLICY
    assert index.index(shell._MARK) < index.index(b'<script type="module"')
