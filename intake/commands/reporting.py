"""The command report: the closing report or the morning mail on the screen, sending nothing."""

from __future__ import annotations

from intake.commands import Hold, Setting, chosen, office_of, say, show
from intake.output import moment
from intake.reports.alarms import ringing
from intake.reports.closing import closing_facts, closing_json, closing_sections
from intake.reports.due import since_last
from intake.reports.letter import page
from intake.reports.morning import morning_facts, morning_json, morning_sections
from intake.standing import build_board


def report(setting: Setting, *, kind: str) -> int:
    """`report closing` and `report daily`."""
    with office_of(setting, Hold.LOOK) as (office, clock):
        now = clock()
        boards = [build_board(office, campaign, now) for campaign in chosen(setting, office)]
        since = since_last(office, now)
        with office.database.reading() as session:
            alarms = ringing(session)
        if setting.json and kind == "daily":
            show(morning_json(boards, since, alarms))
        elif setting.json:
            show({"as_of": moment(now, office.tz), "notices": [closing_json(board) for board in boards]})
        elif kind == "daily":
            facts = morning_facts(boards, since, attached=False, big="")
            say(office.wording.lay_out(page(office, "morning", facts, "wait", morning_sections(boards, since), now))[0])
        else:
            for board in boards:
                facts = closing_facts(board)
                say(office.wording.lay_out(page(office, "closing", facts, "wait", closing_sections(board), now))[0])
    return 0
