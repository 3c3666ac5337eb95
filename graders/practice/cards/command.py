"""The command `cards`: ten minutes of questions, each when it is about to be forgotten.

A card is asked, answered in one's own words, compared with the model answer, and rated.
A rating is saved when it is given, so nothing is lost by leaving. A card that is rated
"again" comes once more before the end.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from prompt_toolkit import prompt
from prompt_toolkit.validation import Validator

from graders.harness.catalog.files import write
from graders.harness.feedback import report
from graders.harness.feedback.report import Screen
from graders.harness.run.command_line import from_where_it_was_typed
from graders.practice import clock
from graders.practice.cards.dates import RATINGS, Hand, dates, hand
from graders.practice.cards.deck import Card, deck
from graders.practice.cli import Refused, open_store, run_command, say, whole_number
from graders.practice.store import Store
from graders.practice.text import plural

MINUTES = 10
NEW = 10  # cards that were never asked, in one round
ANKI_HEAD = "#separator:Comma\n#html:false\n#columns:Front,Back,Tags\n#tags column:3\n"
LONGEST = 4000  # characters of an answer that are kept
_RATING = Validator.from_callable(
    lambda text: text.strip() in ("1", "2", "3", "4", "q"),
    error_message="1 again, 2 hard, 3 good, 4 easy, or q to end",
    move_cursor_to_end=True,
)


def main(argv: list[str]) -> int:
    """Ask cards in a terminal; list or export them anywhere."""
    args = _parser().parse_args(argv)

    def act() -> int:
        minutes = whole_number("--minutes", args.minutes, 1, 600)
        most_new = whole_number("--new", args.new, 0, 1000)
        cards = [card for card in deck() if card.is_about(args.topic)]
        if not cards:
            raise LookupError(f"no card is about {' '.join(args.topic)!r}")
        if args.export:
            return _export(from_where_it_was_typed(args.export), cards)
        with open_store() as store:
            due = dates(store.reviews())
            screen = report.screen()
            if args.json:
                return _print_json(screen, cards, due)
            if args.list:
                return _list(screen, cards, due)
            return _ask(store, screen, cards, due, minutes, most_new)

    return run_command("cards", act)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders cards",
        description="Answer questions on cards; each comes back when it is due.",
    )
    parser.add_argument(
        "topic", nargs="*", help="words that stand in topic, exercise or question"
    )
    parser.add_argument(
        "--minutes", default=str(MINUTES), metavar="N", help=str(MINUTES)
    )
    parser.add_argument(
        "--new", default=str(NEW), metavar="N", help=f"new cards at most; {NEW}"
    )
    parser.add_argument("--list", action="store_true", help="list them, ask nothing")
    parser.add_argument("--json", action="store_true", help="list them for programs")
    parser.add_argument(
        "--export", type=Path, metavar="FILE", help="write a CSV that Anki imports"
    )
    return parser


# A round.


def _ask(
    store: Store,
    screen: Screen,
    cards: Sequence[Card],
    due: dict[str, datetime],
    minutes: int,
    most_new: int,
) -> int:
    start = clock.now()
    held = hand(cards, due, clock.date_of(start.wall))
    if not screen.has_keys:
        say(screen, standing(held))
        say(screen, "Cards are answered in a terminal: nox -s cards")
        return 0
    queue = deque([*held.due, *held.new[:most_new]])
    if not queue:
        say(screen, standing(held))
        return 0
    say(screen, f"{standing(held)} {minutes} minutes; Ctrl-D ends.")
    given: list[int] = []
    try:
        while queue and _seconds_since(start) < 60 * minutes:
            card = queue.popleft()
            rating = _ask_one(store, screen, card, len(given) + 1)
            given.append(rating)
            if rating == 1:
                queue.append(card)
    except (EOFError, KeyboardInterrupt):
        screen.write()
    _show_end(store, screen, cards, given)
    return 0


def _ask_one(store: Store, screen: Screen, card: Card, number: int) -> int:
    """Ask one card, save its rating, and return it.

    Raises:
        EOFError: If the candidate leaves; nothing is saved of this card then.
    """
    screen.write()
    say(screen, f"{number}. {card.topic} ({card.source})")
    say(screen, card.question)
    lines: list[str] = []
    say(screen, "Your answer; an empty line ends it:")
    while line := prompt("> ").strip():
        lines.append(line)
    for paragraph in card.answer:
        say(screen, paragraph, "  ", "    ")
    choices = ", ".join(f"{n} {name}" for n, name in RATINGS.items())
    say(screen, f"How well did you know it? {choices}; q ends.")
    typed = prompt("1 to 4: ", validator=_RATING).strip()
    if typed == "q":
        raise EOFError
    answer = "\n".join(lines)[:LONGEST]
    store.save_review(card.name, int(typed), answer, clock.now())
    return int(typed)


def _show_end(
    store: Store, screen: Screen, cards: Sequence[Card], given: list[int]
) -> None:
    counts = [f"{given.count(n)} {name}" for n, name in RATINGS.items() if n in given]
    rated = f": {', '.join(counts)}" if counts else ""
    say(screen, f"{plural(len(given), 'answer')}{rated}.")
    now = clock.date_of(clock.now().wall)
    say(screen, standing(hand(cards, dates(store.reviews()), now)))


def _seconds_since(start: clock.Moment) -> float:
    return clock.elapsed(start, clock.now())[0]


def standing(held: Hand) -> str:
    """Return in a sentence how many cards are due, new, and for later."""
    due, new = plural(len(held.due), "card"), len(held.new)
    return f"{due} due, {new} new, {held.later} for later."


# Without a terminal.


def _list(screen: Screen, cards: Iterable[Card], due: dict[str, datetime]) -> int:
    for card in cards:
        when = f"{due[card.name]:%Y-%m-%d}" if card.name in due else "new"
        line = f"{card.topic}: {card.question}"
        say(screen, line, f"{when:<10}  ", " " * 12)
    return 0


def _print_json(screen: Screen, cards: Iterable[Card], due: dict[str, datetime]) -> int:
    told = [
        {
            "name": card.name,
            "topic": card.topic,
            "source": card.source,
            "question": card.question,
            "answer": list(card.answer),
            "due": due[card.name].isoformat() if card.name in due else None,
        }
        for card in cards
    ]
    screen.stream.write(json.dumps({"schema": 1, "cards": told}, indent=1) + "\n")
    return 0


def _export(file: Path, cards: Sequence[Card]) -> int:
    """Write the cards as Anki's import of text files documents it."""
    if file.exists():
        raise Refused(f"{file} is there already; name another file, or remove it")
    text = io.StringIO(newline="")
    text.write(ANKI_HEAD)
    rows = csv.writer(text)
    for card in cards:
        tags = f"{card.topic.replace(' ', '_')} {card.source}"
        rows.writerow([card.question, "\n".join(card.answer), tags])
    write(file, text.getvalue().encode())
    print(f"{plural(len(cards), 'card')} written to {file}")
    return 0
