"""A table typed into a mail is left to a person; figures in a report are no table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.facts import Sheet, TableFacts
from rules.item import Text
from rules.tables.typed import is_typed_in

FORM = TableFacts(
    format="xlsx",
    sheets=(
        Sheet(
            name="1",
            rows=(
                ("项目", "单位", "数量"),
                ("质量讲座", "场", None),
                ("发放宣传资料", "份", None),
                ("悬挂标语", "条", None),
                ("接受咨询", "人次", None),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("统计如下：\n质量讲座：3场\n发放宣传资料：2000余份\n悬挂标语 12\n其他见附件", True),
        ("项目\n单位\n数量\n质量讲座\n场\n3\n发放宣传资料\n份\n200\n悬挂标语\n条\n12\n", True),
        ("1、质量讲座\t场\t3\n2、发放宣传资料\t份\t1,200\n3、悬挂标语\t条\t5\n4、接受咨询\t人次\t0", True),
        ("我局举办质量讲座3场，发放宣传资料2000余份，悬挂标语12条，接受咨询300人次。", False),
        ("质量讲座：3场\n发放宣传资料：20份", False),
        ("质量讲座\n发放宣传资料\n悬挂标语\n接受咨询", False),
        ("", False),
    ],
)
def test_a_table_in_the_words_of_a_mail(words: str, typed: bool) -> None:
    text = Text(mail="m", received_at=datetime(2022, 10, 8, tzinfo=UTC), subject="报送", text=words)
    assert is_typed_in(FORM, [text]) is typed
    assert not is_typed_in(None, [text])
