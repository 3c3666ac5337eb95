"""What a program can see of a text: words, numbers, persons, sections, repetition.

Everything here takes time linear in the text, since anybody may hand in any text.
"""

import re
from collections.abc import Sequence

BEFORE_A_YEAR = re.compile(
    "in|since|by|until|till|during|from|before|after|of|early|mid|late|spring|summer|"
    "autumn|fall|winter|q[1-4]|jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|"
    "aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)


def without_comments(text: str) -> str:
    """Return a text without its comments; one that is not closed goes to the end."""
    parts = text.split("<!--")
    return parts[0] + "".join(part.partition("-->")[2] for part in parts[1:])


def bare(word: str) -> str:
    """Return a word in lower case, without the signs around it."""
    word = word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    at = [i for i, character in enumerate(word) if character.isalnum()]
    return word[at[0] : at[-1] + 1].lower() if at else ""


def words_of(text: str) -> list[str]:
    """Return what stands between spaces and is mostly letters."""
    found = map(bare, text.split())
    return [w for w in found if 2 * sum(c.isalpha() for c in w) > len(w)]


def count_persons(text: str) -> tuple[int, int]:
    """Return how often "I" and "we" stand in a text, with I'm, we've and the like."""
    said = [word.partition("'")[0] for word in words_of(text)]
    return said.count("i"), said.count("we")


def numbers_in(text: str) -> list[str]:
    """Return the numbers in digits that are no years, list items or parts of names."""
    text = re.sub(r"^[ \t]*\d{1,3}[.)][ \t]", "", text, flags=re.MULTILINE)
    found = []
    last = ""
    for word in text.split():
        number = word.strip("()[]{}*_\"'“”‘’;:!?").rstrip(".,/")
        is_year = re.fullmatch(r"(?:19|20)\d\d", number) and BEFORE_A_YEAR.fullmatch(
            last
        )
        if re.match(r"[-+~<>≈]?[$€£]?\.?\d", number) and not is_year:
            found.append(number)
        last = bare(word)
    return found


def sections_of(text: str, level: int) -> tuple[str, list[tuple[str, str]]]:
    """Return head, and title and text of each section that a heading begins.

    Args:
        text: The text.
        level: How many # its headings have.
    """
    mark = re.compile(rf"#{{{level}}}[ \t]+(.*)")
    head: list[str] = []
    sections: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if heading := mark.fullmatch(line):
            sections.append((heading[1].strip().strip("*_:. \t"), []))
        else:
            (sections[-1][1] if sections else head).append(line)
    return "\n".join(head), [(title, "\n".join(body)) for title, body in sections]


def titled_parts(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the titles of the second level in their order, and the text of each.

    Comments are left out; the texts stand by their titles in lower case.
    """
    found = sections_of(without_comments(text), 2)[1]
    return [title for title, _ in found], {t.lower(): body for t, body in found}


def require_titles(text: str, asked: Sequence[str]) -> None:
    """Demand the titles of the second level, in the order that is asked for."""
    titles = [title.lower() for title in titled_parts(text)[0]]
    missing = [f"## {title}" for title in asked if title.lower() not in titles]
    assert not missing, f"missing: {', '.join(missing)}"
    in_order = titles == [title.lower() for title in asked]
    assert in_order, f"the headings are {', '.join(titles)}"[:300]


def table_rows(text: str) -> list[list[str]]:
    """Return the cells of each row of all tables of a text, rulers left out."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.split("\n")
        if line.strip().startswith("|")
    ]
    return [row for row in rows if set("".join(row)) - set("-: ")]


def rows_below(rows: list[list[str]], heads: list[str], where: str) -> list[list[str]]:
    """Return the rows below the first that has these heads, in bold or not.

    Fails if none has them; says where there is no such table.
    """
    found = [[cell.strip("*_ ").lower() for cell in row] for row in rows]
    assert heads in found, (
        f"{where} has no table whose columns are {', '.join(heads)}, in this order"
    )
    return rows[found.index(heads) + 1 :]


def labelled(text: str, label: str) -> str:
    """Return what stands behind the first line `label:`, in bold or not, or ""."""
    return next(iter(all_labelled(text, label)), "")


def all_labelled(text: str, label: str) -> list[str]:
    """Return what stands behind each such line."""
    parts = (line.partition(":") for line in text.split("\n"))
    return [
        rest.strip("*_. \t")
        for name, colon, rest in parts
        if colon and name.strip("*_ \t>-").lower() == label.lower()
    ]


def paragraphs_of(text: str) -> list[str]:
    """Return the blocks of lines that empty lines part."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def repeated_share(words: Sequence[str], seen: set[tuple[str, str, str]]) -> float:
    """Return the share of the sequences of three words that were seen, and note them.

    Args:
        words: The words of one paragraph.
        seen: The sequences of all paragraphs before.
    """
    triples = list(zip(words, words[1:], words[2:], strict=False))
    share = sum(triple in seen for triple in triples) / max(1, len(triples))
    seen.update(triples)
    return share
