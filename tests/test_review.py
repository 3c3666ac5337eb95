"""What a pull request submits: hostile branches of real git repositories.

Only bytes at the catalogue's paths count. What becomes of them: test_review_verdict.py.
"""

import shutil
import subprocess

import pytest

from graders.harness.catalog.exercise import choose_one
from graders.harness.catalog.stubs import wanted
from graders.submissions import pick, trees
from graders.submissions.git import Git, Unreadable
from graders.submissions.pick import path_of
from tests.pull_requests import FILE, LINK, MODULE, SCRIPT, Pulls

AUC = choose_one("roc_auc")
LSE = choose_one("log_sum_exp")
TEXT = choose_one("story_bank")
BUGS = choose_one("repair_the_training_loop")
PATH, OTHER = path_of(AUC), path_of(LSE)
ANSWER = b"def roc_auc(labels, scores):\n    return 0.5\n"


def start(root):
    """Return a repository whose base has stubs and a grader."""
    root.mkdir(exist_ok=True)
    found = Pulls(root)
    files = {path_of(e): wanted(e).encode() for e in (AUC, LSE, TEXT, BUGS)}
    files |= {"graders/conftest.py": b"honest\n", "README.md": b"Read me.\n"}
    found.commit("main", files)
    return found


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A repository to copy, which is quicker than to make one."""
    return start(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def pulls(template, tmp_path):
    """A repository of its own for a test."""
    shutil.copytree(template, tmp_path / "pulls")
    return Pulls(tmp_path / "pulls")


def take(pulls, head="pr", base="main"):
    return pick.pick(Git(pulls.root), base, head)


def submitted(picked):
    return {answer.entry.name: answer.source for answer in picked.answers}


def refused(picked):
    return {refusal.entry.name: refusal.why for refusal in picked.refused}


def empty(picked):
    return [entry.name for entry in picked.empty]


@pytest.mark.parametrize(
    "content",
    [ANSWER, b"", ANSWER.replace(b"\n", b"\r\n"), b"\xff\xfe\0 no UTF-8", b"x" * 2**20],
    ids=["answer", "nothing", "CRLF", "not UTF-8", "1 MB"],
)
def test_an_answer_is_taken_byte_by_byte(pulls, content):
    pulls.commit("pr", {PATH: content}, "main")
    picked = take(pulls)
    assert submitted(picked) == {"roc_auc": content}
    assert not picked.refused
    assert not picked.ignored


ELSE = [
    "graders/conftest.py",
    "graders/ml_coding/metrics/test_roc_auc.py",
    "graders/submissions/review.py",
    "solutions/ml_coding/metrics/roc_auc.py",
    "conftest.py",
    "exercises/conftest.py",
    "exercises/__init__.py",
    "exercises/ml_coding/metrics/__init__.py",
    "exercises/ml_coding/metrics/numpy.py",
    "exercises/ml_coding/metrics/roc_auc.pth",
    "exercises/ml_coding/metrics/nobody_knows_me.py",
    "exercises/ML_coding/metrics/roc_auc.py",
    "exercises/ml_coding/metrics/ROC_AUC.PY",
    "exercises/ml_coding/metrics/roc_auc.py ",
    "exercises/ml_coding/metrics/roc\u200b_auc.py",
    "exercises\\ml_coding\\metrics\\roc_auc.py",
    "sitecustomize.py",
    "usercustomize.py",
    "evil.pth",
    "numpy/__init__.py",
    "noxfile.py",
    "pyproject.toml",
    "setup.py",
    ".github/workflows/submissions.yml",
    ".ci/run",
    ".gitattributes",
    ".gitmodules",
    ".env",
]


@pytest.fixture(scope="module")
def all_else(template):
    """What is picked of a head that changes all of it."""
    pulls = Pulls(template)
    pulls.commit("else", dict.fromkeys(ELSE, b"raise SystemExit(0)\n"), "main")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pick, "SHOWN", len(ELSE))
        return take(pulls, "else")


@pytest.mark.parametrize("path", ELSE)
def test_whatever_else_it_changes_is_ignored(all_else, path):
    assert pick.shown(path.encode()) in all_else.ignored
    assert len(all_else.ignored) == len(ELSE)
    assert all_else.more == 0
    assert not (all_else.answers + all_else.refused + all_else.empty)


@pytest.mark.parametrize(
    ("leaf", "why"),
    [
        ((SCRIPT, ANSWER), "executable (mode 100755)"),
        ((LINK, b"/etc/passwd"), "symbolic link (mode 120000)"),
        ((LINK, b"../../../solutions/ml_coding/metrics/roc_auc.py"), "symbolic link"),
        ((MODULE, b"1" * 40), "submodule (mode 160000)"),
        (b"x" * (2**20 + 1), "larger than 1 MB (1,048,577 bytes)"),
        (b"x" * 9_000_000, "larger than 1 MB (9,000,000 bytes)"),
    ],
    ids=["executable", "link out", "link within", "submodule", "over 1 MB", "9 MB"],
)
def test_what_is_no_ordinary_file_is_refused_by_name(pulls, leaf, why):
    pulls.commit("pr", {PATH: leaf, OTHER: ANSWER}, "main")
    picked = take(pulls)
    assert why in refused(picked)["roc_auc"]
    assert list(submitted(picked)) == ["log_sum_exp"]


def test_a_mode_that_alone_changes_is_refused_too(pulls):
    pulls.commit("pr", {PATH: (SCRIPT, wanted(AUC).encode())}, "main")
    assert "executable" in refused(take(pulls))["roc_auc"]


def test_a_folder_in_place_of_an_answer_is_refused(pulls):
    pulls.commit("pr", {PATH: None, f"{PATH}/x.py": ANSWER}, "main")
    assert "a folder" in refused(take(pulls))["roc_auc"]


@pytest.mark.parametrize(
    ("folder", "leaf", "why"),
    [
        ("exercises", (LINK, b"/home"), "exercises is a symbolic link"),
        ("exercises/ml_coding", (MODULE, b"2" * 40), "exercises/ml_coding is a submod"),
        ("exercises/ml_coding/metrics", (FILE, b""), "metrics is a file (mode 100644)"),
    ],
    ids=["link", "submodule", "file"],
)
def test_a_folder_above_that_is_none_is_refused(pulls, folder, leaf, why):
    gone = {path_of(entry): None for entry in (AUC, LSE, TEXT, BUGS)}
    pulls.commit("pr", gone | {folder: leaf}, "main")
    picked = take(pulls)
    assert why in refused(picked)["roc_auc"]
    assert not picked.answers


def test_a_file_that_stands_there_twice_is_refused(pulls):
    one, two = pulls.blob(b"good"), pulls.blob(b"bad")
    topic = pulls.tree([(FILE, "roc_auc.py", one), (FILE, "roc_auc.py", two)])
    for name in ("metrics", "ml_coding", "exercises"):
        topic = pulls.tree([("40000", name, topic)])
    pulls.commit_tree("pr", topic, "main")
    picked = take(pulls)
    assert "two files of that name" in refused(picked)["roc_auc"]
    assert not picked.answers


def test_names_with_slashes_or_dots_reach_nothing(pulls):
    blob = pulls.blob(ANSWER)
    names = ("../../evil.py", "..", ".git", f"../{PATH}")
    pulls.commit_tree("pr", pulls.tree([(FILE, name, blob) for name in names]), "main")
    picked = take(pulls)
    assert not picked.answers
    assert not list(pulls.root.parent.glob("evil.py"))


ODD = [
    b"a\n::error file=x::forged",
    b"a\r::set-output name=x::y",
    b"\x1b[2J\x1b[32mpassed",
    b"\xff\xfe\x80",
    "\u202egnp.exe".encode(),
    b"<!-- </details> | `# x` | [a](b)",
    b"x" * 2000,
    b"tab\there",
]


@pytest.fixture(scope="module")
def odd_names(template):
    """What is picked of a head whose files have odd names."""
    pulls = Pulls(template)
    pulls.commit("odd", dict.fromkeys(ODD, b"x"), "main")
    return take(pulls, "odd")


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_shown_in_one_printable_line(odd_names, name):
    line = pick.shown(name)
    assert line in odd_names.ignored
    assert line.isprintable()
    assert len(line) <= pick.LONGEST + 3


def test_ten_thousand_files_are_counted_and_twenty_named(pulls):
    files = {f"junk/{n:05}.py": b"x" for n in range(10_000)}
    pulls.commit("pr", files | {PATH: ANSWER}, "main")
    picked = take(pulls)
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert (len(picked.ignored), picked.more, picked.uncounted) == (20, 9980, False)


def test_a_tree_of_endless_files_is_not_counted_out(pulls, monkeypatch):
    monkeypatch.setattr(pick, "COUNTED", 500)
    tree = pulls.tree([(FILE, "file", pulls.blob(b"x"))])
    for _ in range(30):  # 2**30 files
        tree = pulls.tree([("40000", "a", tree), ("40000", "b", tree)])
    pulls.commit_tree("pr", tree, "main")
    picked = take(pulls)
    assert picked.uncounted
    assert (len(picked.ignored), picked.more) == (20, 480)


def test_a_tree_of_endless_empty_folders_is_given_up(pulls, monkeypatch):
    tree = pulls.tree([])
    for _ in range(40):
        tree = pulls.tree([("40000", "a", tree), ("40000", "b", tree)])
    pulls.commit_tree("pr", tree, "main")
    monkeypatch.setattr(trees, "MOST_FOLDERS", 1000)
    picked = take(pulls)
    assert picked.uncounted
    assert not picked.answers


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (AUC, None),
        (AUC, wanted(AUC).encode()),
        (AUC, wanted(AUC).replace("\n", "\r\n").encode()),
        (BUGS, wanted(BUGS).encode()),
        (TEXT, wanted(TEXT).encode()),
    ],
    ids=["deleted", "stub", "stub with CRLF", "code to repair", "text"],
)
def test_a_stub_and_a_deleted_file_hold_no_answer(pulls, name, content):
    path = path_of(name)
    pulls.commit("main", {path: b"an answer of the base's\n"}, "main")
    pulls.commit("pr", {path: content}, "main")
    picked = take(pulls)
    assert empty(picked) == [name.name]
    assert not (picked.answers + picked.refused + picked.ignored)


def test_a_stub_with_one_character_more_is_graded(pulls):
    pulls.commit("pr", {PATH: wanted(AUC).encode() + b"#"}, "main")
    assert list(submitted(take(pulls))) == ["roc_auc"]


def test_renames_are_two_changes(pulls):
    pulls.commit("pr", {PATH: None, "moved.py": wanted(AUC).encode()}, "main")
    picked = take(pulls)
    assert (empty(picked), picked.ignored) == (["roc_auc"], ["moved.py"])
    pulls.commit("back", {"README.md": None, PATH: b"Read me.\n"}, "main")
    picked = take(pulls, "back")
    assert (submitted(picked), picked.ignored) == (
        {"roc_auc": b"Read me.\n"},
        ["README.md"],
    )


def test_of_many_commits_the_last_counts(pulls):
    for n in range(20):
        pulls.commit("pr", {PATH: b"%d" % n, f"{n}.txt": b"x"}, "pr" if n else "main")
    picked = take(pulls)
    assert submitted(picked) == {"roc_auc": b"19"}
    assert len(picked.ignored) == 20


def test_what_the_base_did_meanwhile_is_not_the_heads(pulls):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    pulls.commit("main", {OTHER: b"a new prompt\n", "README.md": b"new\n"}, "main")
    picked = take(pulls)
    assert list(submitted(picked)) == ["roc_auc"]
    assert not picked.ignored


def test_the_same_change_on_both_sides_is_none(pulls):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    pulls.commit("main", {PATH: ANSWER}, "main")
    assert not take(pulls).answers


def test_merges_of_the_base_bring_nothing_in(pulls):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    pulls.commit("main", {OTHER: b"prompt\n"}, "main")
    merged = {OTHER: b"prompt\n"}
    pulls.commit("pr", merged, "pr", "main")
    picked = take(pulls)
    assert list(submitted(picked)) == ["roc_auc"]
    assert picked.common == [pulls.at("main")]


def test_an_answer_made_in_a_merge_is_picked(pulls):
    pulls.commit("side", {"x": b"1"}, "main")
    pulls.commit("main", {"y": b"1"}, "main")
    pulls.commit("pr", {PATH: ANSWER, "y": b"1"}, "side", "main")
    assert list(submitted(take(pulls))) == ["roc_auc"]


def test_several_common_ancestors_are_all_compared_with(pulls):
    pulls.commit("main", {OTHER: b"ours\n"}, "main")
    pulls.commit("pr", {PATH: ANSWER}, "main~1")
    one, two = pulls.at("main"), pulls.at("pr")
    pulls.commit("main", {PATH: ANSWER}, one, two)
    pulls.commit("pr", {OTHER: b"ours\n"}, two, one)
    pulls.commit("pr", {PATH: b"new\n"}, "pr")
    picked = take(pulls)
    assert len(picked.common) == 2
    assert submitted(picked) == {"roc_auc": b"new\n"}


def test_a_head_behind_the_base_submits_nothing(pulls):
    pulls.commit("main", {PATH: ANSWER}, "main")
    for head in ("main", "main~1"):
        picked = take(pulls, head)
        assert not (picked.answers + picked.empty + picked.ignored)


def test_a_rewritten_history_is_compared_with_the_base_itself(pulls):
    pulls.commit("pr", {PATH: ANSWER, "graders/conftest.py": b"evil\n"})
    picked = take(pulls)
    assert picked.common == []
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert set(empty(picked)) == {LSE.name, TEXT.name, BUGS.name}
    assert "graders/conftest.py" in picked.ignored


def test_a_shallow_clone_is_compared_as_far_as_it_goes(pulls, tmp_path):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    pulls.commit("main", {"README.md": b"new\n"}, "main")
    clone = tmp_path / "clone"
    url = f"file://{pulls.root}"
    pulls.git("clone", "-q", "--depth", 1, "--no-single-branch", url, clone)
    picked = pick.pick(Git(clone), "origin/main", "origin/pr")
    assert (picked.shallow, picked.common) == (True, [])
    assert submitted(picked) == {"roc_auc": ANSWER}
    pulls.git("-C", clone, "fetch", "-q", "--unshallow")
    picked = pick.pick(Git(clone), "origin/main", "origin/pr")
    assert (picked.shallow, len(picked.common)) == (False, 1)
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert not picked.ignored


def test_a_fork_is_fetched_as_objects(pulls, tmp_path):
    folder = tmp_path / "fork"
    pulls.git("clone", "-q", pulls.root, folder)
    fork = Pulls(folder)
    fork.commit("main", {PATH: ANSWER, "noxfile.py": b"evil"}, "main")
    pulls.git("fetch", "-q", "--no-tags", folder, "refs/heads/main")
    picked = take(pulls, "FETCH_HEAD")
    assert (submitted(picked), picked.ignored) == ({"roc_auc": ANSWER}, ["noxfile.py"])


@pytest.mark.parametrize(
    "name",
    [
        "--upload-pack=touch",
        "-h",
        "--output=x",
        "feature/caf\u00e9",
        "a'b\"c",
        "$(touch${IFS}x)",
        ";touch",
        "HEAD-ish",
        "##x",
    ],
)
def test_odd_names_of_branches_are_names(pulls, name):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    refs = pulls.root / ".git" / "refs" / "heads" / name
    refs.parent.mkdir(parents=True, exist_ok=True)
    refs.write_text(pulls.at("pr") + "\n")
    before = sorted(pulls.root.iterdir())
    assert submitted(take(pulls, name)) == {"roc_auc": ANSWER}
    assert sorted(pulls.root.iterdir()) == before


@pytest.mark.parametrize(
    "name",
    [
        "nowhere",
        "",
        "--help",
        "--upload-pack=touch x",
        "main\nmain",
        "main\0",
        "main:README.md",
        f"main:{PATH}",
        "blob",
        "f" * 40,
        "..",
        "main..main",
        "^main",
        "\udcff",
        "x" * 100_000,
    ],
)
def test_what_is_no_commit_is_told_in_a_line(template, name):
    pulls = Pulls(template)
    pulls.git("tag", "-f", "blob", pulls.blob(b"x"))
    for base, head in ((name, "main"), ("main", name)):
        with pytest.raises(Unreadable, match="commit") as told:
            take(pulls, head, base)
        assert len(str(told.value).splitlines()) == 1


def test_an_annotated_tag_means_its_commit(pulls):
    pulls.commit("pr", {PATH: ANSWER}, "main")
    pulls.git("tag", "-a", "-m", "x", "v1", "pr")
    assert take(pulls, "v1").head == pulls.at("pr")


def test_no_repository_and_an_empty_one(tmp_path):
    with pytest.raises(Unreadable, match="no git repository"):
        Git(tmp_path)
    Pulls(tmp_path)
    with pytest.raises(Unreadable, match="'HEAD'"):
        pick.pick(Git(tmp_path), "HEAD", "HEAD")
    (tmp_path / "inner").mkdir()
    with pytest.raises(Unreadable, match="not the top"):
        Git(tmp_path / "inner")


def test_replaced_objects_and_grafts_are_not_followed(pulls):
    pulls.commit("evil", {PATH: b"evil\n"}, "main")
    pulls.commit("pr", {PATH: ANSWER}, "main")
    head = pulls.at("pr")
    pulls.git("replace", head, "evil")
    pulls.git("replace", pulls.blob(ANSWER), pulls.blob(b"evil\n"))
    grafts = pulls.root / ".git" / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{head}\n")  # without a parent
    picked = take(pulls)
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert picked.common == [pulls.at("main")]


def test_no_attribute_filter_or_setting_of_the_head_is_heeded(pulls, monkeypatch):
    mark = pulls.root / "ran"
    touch = f"touch '{mark}'; cat"
    for kind in ("smudge", "clean", "process"):
        pulls.git("config", f"filter.evil.{kind}", touch)
    pulls.git("config", "diff.evil.textconv", touch)
    pulls.git("config", "diff.evil.command", touch)
    attributes = (
        b"* filter=evil diff=evil ident eol=crlf working-tree-encoding=UTF-16\n"
    )
    source = b"# $Id$\n" + ANSWER
    files = {".gitattributes": attributes, PATH: source}
    pulls.commit("pr", files | {"exercises/.gitattributes": attributes}, "main")
    assert submitted(take(pulls)) == {"roc_auc": source}
    assert not mark.exists()


def test_the_environment_and_the_users_settings_do_not_steer_git(pulls, monkeypatch):
    mark = pulls.root / "ran"
    home = pulls.root / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f"[core]\nfsmonitor = touch '{mark}'\n[diff]\nexternal = touch '{mark}'\n"
        "[alias]\nls-tree = !false\n[diff]\nrenames = true\nnoprefix = true\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", f"touch {mark}")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"touch '{mark}'")
    with monkeypatch.context() as patch:
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"):
            patch.delenv(name)
        pulls.commit("pr", {PATH: ANSWER}, "main")
    found = Git(pulls.root)
    picked = pick.pick(found, "main", "pr")
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert found.differs(picked.base, ["graders"]) == "graders/conftest.py"
    assert not mark.exists()


def test_nothing_is_checked_out(pulls):
    pulls.git("reset", "-q", "--hard", "main")
    pulls.commit("pr", {PATH: ANSWER, "graders/conftest.py": b"evil\n"}, "main")
    before = pulls.git("status", "--porcelain"), pulls.git("rev-parse", "HEAD")
    take(pulls)
    assert (
        pulls.git("status", "--porcelain"),
        pulls.git("rev-parse", "HEAD"),
    ) == before
    assert (pulls.root / "graders/conftest.py").read_bytes() == b"honest\n"


def test_a_repository_with_longer_hashes(tmp_path):
    words = ("git", "init", "-q", "--object-format=sha256", "-b", "main", tmp_path)
    subprocess.run(words, check=True)
    pulls = start(tmp_path)
    pulls.commit("pr", {PATH: ANSWER, "a/b/c.py": b"x"}, "main")
    picked = take(pulls)
    assert submitted(picked) == {"roc_auc": ANSWER}
    assert picked.ignored == ["a/b/c.py"]
    assert len(picked.head) == 64


def test_a_missing_object_is_told_in_a_line(pulls):
    pulls.commit("pr", {PATH: (FILE, ANSWER)}, "main")
    hash_ = pulls.blob(b"gone\n")
    topic = pulls.tree([(FILE, "roc_auc.py", hash_)])
    for name in ("metrics", "ml_coding", "exercises"):
        topic = pulls.tree([("40000", name, topic)])
    pulls.commit_tree("pr", topic, "main")
    (pulls.root / ".git/objects" / hash_[:2] / hash_[2:]).unlink()
    with pytest.raises(Unreadable, match="fetch the head whole"):
        take(pulls)


def test_graders_that_are_not_the_bases_are_seen(pulls):
    pulls.git("reset", "-q", "--hard", "main")
    found = Git(pulls.root)
    assert found.differs("main", ["graders"]) == ""
    new = pulls.root / "graders" / "new.py"
    new.write_text("x")
    assert found.differs("main", ["graders"]) == "graders/new.py"
    new.unlink()
    (pulls.root / "graders/conftest.py").write_text("evil")
    assert found.differs("main", ["graders"]) == "graders/conftest.py"
    assert found.differs("main", ["solutions"]) == ""


def test_folders_that_are_garbage_are_given_up(pulls):
    words = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
    garbage = pulls.git(*words, typed=b"no folder at all")
    pulls.commit_tree("pr", pulls.tree([("40000", "a", garbage)]), "main")
    picked = take(pulls)
    assert picked.uncounted
    assert not picked.answers
