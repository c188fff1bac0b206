"""Folders go for good, also where somebody else made them."""

from pathlib import Path

from pipeline.io.exchange import remove_tree


def test_what_a_colleague_made_goes_too(tmp_path, monkeypatch):
    folder = tmp_path / "old"
    (folder / "deep").mkdir(parents=True)
    layer = folder / "deep" / "changes.gpkg"
    layer.write_bytes(b"read only")
    layer.chmod(0o444)

    def not_the_owner(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", not_the_owner)
    remove_tree(folder)
    assert not folder.exists()


def test_what_nobody_may_enter_is_opened_first(tmp_path):
    folder = tmp_path / "old"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").touch()
    (folder / "deep").chmod(0o500)
    remove_tree(folder)
    assert not folder.exists()
