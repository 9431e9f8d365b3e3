"""What several families of faults stand on."""

from collections.abc import Iterator

import pytest

from tests import servers
from tests.servers import MailServer


@pytest.fixture(scope="module")
def own_dovecot() -> Iterator[MailServer]:
    """For a module alone: its tests restart it, and lay their hands on its mail."""
    if servers.DOVECOT is None:
        pytest.skip(servers.HOW_TO_GET_DOVECOT)
    with servers.dovecot() as found:
        yield found
