"""Ways in which files are damaged, faked or swapped on their way to the bureau."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyogrio

from tests.bad_inputs.county import CONFIG, Layer, change_config, layers, part, remove

Spoil = Callable[[Path], None]


def rewritten(name: str, end: str, edit: Callable[[bytes], bytes]) -> Spoil:
    """Return a spoiler that edits the bytes of one file of a layer."""

    def spoil(folder: Path) -> None:
        path = part(folder, name, end)
        path.write_bytes(edit(path.read_bytes()))

    return spoil


def gone(name: str, *ends: str) -> Spoil:
    """Return a spoiler that deletes files of a layer."""

    def spoil(folder: Path) -> None:
        for end in ends:
            part(folder, name, end).unlink()

    return spoil


def half(data: bytes) -> bytes:
    """Return the first half."""
    return data[: len(data) // 2]


def packed(offset: int, kind: str, *values: float) -> Callable[[bytes], bytes]:
    """Return an edit that puts numbers at a place of the bytes."""

    def edit(data: bytes) -> bytes:
        made = struct.pack(kind, *values)
        return data[:offset] + made + data[offset + len(made) :]

    return edit


def instead(name: str, file: str, write: Callable[[Path, Layer], None]) -> Spoil:
    """Return a spoiler that delivers a layer as another file, which the config then names."""

    def spoil(folder: Path) -> None:
        remove(folder, name)
        write(folder / "data" / file, layers()[name])
        change_config((f"data/{name}.shp", f"data/{file}"))(folder)

    return spoil


def of_text(text: str) -> Callable[[Path, Layer], None]:
    """Return a writer of a file that holds this text and no layer."""

    def write(path: Path, _layer: Layer) -> None:
        path.write_text(text.replace("{folder}", str(path.parent.parent)), encoding="utf-8")

    return write


def gdal(driver: str, **options: str) -> Callable[[Path, Layer], None]:
    """Return a writer of a layer by one of GDAL's drivers."""

    def write(path: Path, layer: Layer) -> None:
        pyogrio.write_dataframe(layer, path, driver=driver, **options)

    return write


def then(
    write: Callable[[Path, Layer], None], edit: Callable[[bytes], bytes]
) -> Callable[[Path, Layer], None]:
    """Return a writer whose file is then damaged."""

    def damaged(path: Path, layer: Layer) -> None:
        write(path, layer)
        path.write_bytes(edit(path.read_bytes()))

    return damaged


def parquet(path: Path, layer: Layer) -> None:
    """Write GeoParquet."""
    layer.to_parquet(path)


def geojson(path: Path, layer: Layer, **members: object) -> None:
    """Write GeoJSON in the working CRS, with members of one's own."""
    document = json.loads(layer.to_json(drop_id=True))
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    path.write_text(json.dumps(document | {"crs": name} | members), encoding="utf-8")


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def linked(name: str, end: str) -> Spoil:
    """Return a spoiler that moves a file out of the project and leaves a link to it."""

    def spoil(folder: Path) -> None:
        path = part(folder, name, end)
        outside = folder.parent / f"outside{end}"
        path.rename(outside)
        path.symlink_to(outside)

    return spoil


def moved(name: str) -> Spoil:
    """Return a spoiler that gives the project's folder another name for the run."""

    def spoil(folder: Path) -> None:
        data = folder / name
        data.mkdir()
        for file in (folder / "data").iterdir():
            file.rename(data / file.name)
        text = (folder / CONFIG).read_text(encoding="utf-8")
        (folder / CONFIG).write_text(text.replace("data/", f"{name}/"), encoding="utf-8")

    return spoil
