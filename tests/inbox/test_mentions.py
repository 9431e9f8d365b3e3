import pytest

from inbox import mentions
from inbox.mentions import Member

BO, BO_EK, AXEL = (
    Member(id=1, name="Bo", email="bosse@example.com"),
    Member(id=2, name="Bo Ek", email="bo.ek@example.com"),
    Member(id=3, name="Åxel Ö'Brien", email="axel@example.com"),
)
pytestmark = pytest.mark.feature("NT03")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Bo Ek, look", (2,)),
        ("@bo ek", (2,)),
        ("see @Bosse", (1,)),
        ("@bo.ek and @AXEL", (2, 3)),
        ("@Åxel Ö'Brien!", (3,)),
        ("(@åxel)", (3,)),
        ("@Åxel @Bo Ek @Åxel", (3, 2)),
        ("bo@example.com", ()),
        ("write to x.@bosse", ()),
        ("@Bosses", ()),
        ("@nobody", ()),
        ("@ Bosse", ()),
        ("", ()),
    ],
)
def test_whom_a_note_names(text: str, named: tuple[int, ...]) -> None:
    assert mentions.found(text, [BO, BO_EK, AXEL]) == named


def test_a_name_that_two_have_names_nobody() -> None:
    twins = [Member(id=n, name="Bo", email=f"bo{n}@example.com") for n in (1, 2)]
    assert mentions.found("@Bo", twins) == ()
    assert mentions.found("@bo2", twins) == (2,)


def test_a_long_text_of_signs_takes_linear_time() -> None:
    assert mentions.found("@" * 20_000 + "@Bosse", [BO]) == ()
    assert mentions.found(" @Bosse" * 60_000, [BO]) == (1,)
