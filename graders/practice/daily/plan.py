"""The command `plan`: a study plan by day, which `practice` and `next` follow."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date

from graders.harness.feedback import report
from graders.practice import clock
from graders.practice.cli import Refused, open_store, run_command, whole_number
from graders.practice.daily.listing import Row, read_rows, require
from graders.practice.daily.plan_builder import LENGTHS, build
from graders.practice.daily.study_plan import SETTING, StudyPlan, read_plan
from graders.practice.store import Session, Store
from graders.practice.text import join, wrap

MINUTES = 90  # a day, if nothing else is said
MAKE = "Make one with: nox -s plan -- --days 14 (or 7, 21)"


def main(argv: list[str]) -> int:
    """Show the plan, or make or drop one."""
    args = _parser().parse_args(argv)
    makes = any((args.days, args.focus, args.minutes, args.interview))

    def act() -> int:
        with open_store() as store:
            at = clock.now()
            today = clock.date_of(at.wall).astimezone().date()
            rows = read_rows(store, at)
            if args.drop:
                if makes:
                    raise ValueError("--drop takes no other option")
                return _drop(store)
            if makes:
                plan = _make(args, rows, today)
                store.save_setting(SETTING, plan.as_text())
            return _show(store, rows, today, args.json)

    return run_command("plan", act)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders plan",
        description="Show your study plan, or make one; practice and next follow it.",
    )
    parser.add_argument("--days", metavar="N", help="7, 14 or 21")
    parser.add_argument(
        "--focus", default="", metavar="TOPIC", help="a topic, round or tag to do first"
    )
    parser.add_argument("--minutes", metavar="N", help=f"a day; {MINUTES} if not given")
    parser.add_argument("--interview", metavar="DATE", help="such as 2026-12-20")
    parser.add_argument("--drop", action="store_true", help="end the plan")
    parser.add_argument("--json", action="store_true", help="print it for programs")
    return parser


def _drop(store: Store) -> int:
    if not read_plan(store):
        raise Refused("there is no plan")
    store.save_setting(SETTING, "")
    print("The plan is dropped. What you did is still in the history.")
    return 0


def _make(args: argparse.Namespace, rows: Sequence[Row], today: date) -> StudyPlan:
    """Return the plan that the arguments ask for.

    Raises:
        ValueError: If a value is none of those that are possible.
        LookupError: If the focus is unknown.
    """
    minutes = MINUTES
    if args.minutes is not None:
        minutes = whole_number("--minutes", args.minutes, 15, 600)
    interview = _interview(args.interview, today) if args.interview else None
    if args.days and args.days not in map(str, LENGTHS):
        raise ValueError(f"--days: 7, 14 or 21 is needed, not {args.days!r}")
    if not (args.days or interview):
        raise ValueError("--days or --interview is needed to make a plan")
    if args.days:
        days = int(args.days)
    else:
        left = (interview - today).days if interview else 0
        days = max([n for n in LENGTHS if n <= left], default=LENGTHS[0])
    if args.focus:
        entries = [row.entry for row in rows]
        places = {word for e in entries for word in (e.round, e.topic, e.name)}
        tags = {tag for entry in entries for tag in entry.sheet.covers}
        require(args.focus, places | tags, "no topic, round or tag is called")
    return build(
        rows,
        days=days,
        minutes=minutes,
        start=today,
        focus=args.focus,
        interview=interview,
    )


def _interview(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        why = f"--interview: a date such as 2026-12-20 is needed, not {text!r}"
        raise ValueError(why) from None
    if day <= today:
        raise ValueError(f"--interview: {text} is not in the future")
    return day


def _show(store: Store, rows: Sequence[Row], today: date, as_json: bool) -> int:
    plan, sessions = read_plan(store), store.sessions()
    screen = report.screen()
    if as_json:
        told = _json(plan, sessions, today) if plan else None
        screen.stream.write(json.dumps({"schema": 1, "plan": told}, indent=1) + "\n")
    elif plan is None:
        screen.write(f"There is no plan. {MAKE}")
    else:
        for line in lines(plan, rows, sessions, today, screen.width):
            screen.write(line)
    return 0


def lines(
    plan: StudyPlan,
    rows: Sequence[Row],
    sessions: Sequence[Session],
    today: date,
    width: int,
) -> list[str]:
    """Return the plan as text, a day after the other."""
    done, here = plan.done(sessions), plan.day(today)
    lengths = {row.entry.name: row.entry.sheet.minutes for row in rows}
    focus = f"; focus: {plan.focus}" if plan.focus else ""
    shown = wrap(plan.standing(sessions, today), width)
    shown += wrap(f"{plan.minutes} minutes a day{focus}", width)
    if plan.interview and plan.when(len(plan.days)) > plan.interview:
        shown += wrap("The plan ends after the interview; take fewer days.", width)
    due = [row.entry.name for row in rows if row.is_due]
    if due:
        shown += wrap(f"due for review, first: {', '.join(due)}", width)
    for number, names in enumerate(plan.days):
        when = plan.when(number)
        total = sum(lengths.get(name, 0) for name in names)
        mark = " (today)" if number == here else ""
        head = f"day {number + 1}{mark}, {when:%a} {when.day} {when:%b}"
        head += f", {total} min" if names else ": free, or reviews"
        shown += ["", *wrap(head, width)]
        pieces = [
            f"{name} {lengths.get(name, 0)} min{' done' if name in done else ''}"
            for name in names
        ]
        shown += [f"  {line}" for line in join(pieces, width - 2)] if pieces else []
    if plan.left_out:
        said = f"No time for: {', '.join(plan.left_out)}"
        shown += ["", *wrap(said, width, "", "  ")]
    return shown


def _json(plan: StudyPlan, sessions: Sequence[Session], today: date) -> object:
    done = plan.done(sessions)
    return {
        "start": plan.start.isoformat(),
        "today": plan.day(today) + 1,
        "minutes": plan.minutes,
        "focus": plan.focus or None,
        "interview": plan.interview.isoformat() if plan.interview else None,
        "days_left": (plan.interview - today).days if plan.interview else None,
        "behind": plan.behind(done, today),
        "days": [
            {
                "date": plan.when(number).isoformat(),
                "exercises": [{"name": name, "done": name in done} for name in names],
            }
            for number, names in enumerate(plan.days)
        ],
        "left_out": list(plan.left_out),
    }
