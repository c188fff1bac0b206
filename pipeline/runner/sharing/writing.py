"""Write the disguised copy of a case, and what only the bureau keeps (写出脱密副本)."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import shapely

from pipeline.errors import Refused, refusal
from pipeline.geometry.area import areas_m2
from pipeline.geometry.crs import parsed
from pipeline.geometry.motion import TARGET_CRS, Motion, motion_of
from pipeline.io.exchange import remove_tree
from pipeline.io.files import write_whole
from pipeline.io.gis.archive import write_folder_archive
from pipeline.io.handover import Columns, write_csv, write_features
from pipeline.project import Project, load
from pipeline.report.safe_text import safe
from pipeline.rules.pack import RulePack, load_pack
from pipeline.runner.inputs import find_inputs
from pipeline.runner.receiving.layer import POLYGONS
from pipeline.runner.sharing.copy_file import PAGE, CopiedLayer, config_text
from pipeline.runner.sharing.cutting import cut_out
from pipeline.runner.sharing.disguise import Aliases, aliases_of, disguised
from pipeline.runner.sharing.gathering import Case, Handed, gather
from pipeline.runner.sharing.ledgers import write_ledgers
from pipeline.runner.workspace import Workspace
from pipeline.schema.inert_text import inert

_MARK = "脱密副本说明.txt"
_KEY_BYTES = 32
_OURS_ALONE = 0o600


def share(
    path: Path,
    out: Path | None = None,
    change_id: str | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Write the copy to a folder and, packed, beside it, both whole; return the exit status.

    ``out`` is ``share/copy`` of the workspace where it is not given. The key and the list of
    what was replaced go into ``share/`` of the workspace and stay there.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    private = project.workspace / "share"
    folder = (private / "copy" if out is None else out).absolute()
    _refuse_folder(project, folder)
    with workspace.held():
        inputs = find_inputs(project)
        pack = load_pack(inputs.pack)
        whole = gather(project)
        aliases = aliases_of(whole, inputs.pack.read_text(encoding="utf-8-sig"))
        case = whole if change_id is None else cut_out(whole, change_id)
        key = _key(private)
        motion = _motion(case, key, change_id or "")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".share-") as aside:
            building = Path(aside) / folder.name
            (building / "raw").mkdir(parents=True)
            _write_copy(case, building, aliases, motion, pack, key)
            _bring_rules(inputs.pack, inputs.code_system, building)
            write_folder_archive(_archive(building), building)
            _write_list(private / "replaced.csv", aliases, motion)
            _put(building, folder)
    say(f"脱密副本在 {safe(folder)},打包在 {safe(_archive(folder))}")
    say(f"替换表和密钥只在 {safe(private)},不要外发")
    say("形状和面积没有隐去:手里有原图的人认得出来。外发前看一遍副本里的说明,并办理审批")
    return 0


def _refuse_folder(project: Project, folder: Path) -> None:
    """Refuse a place that holds anything but an earlier copy."""
    private = project.workspace / "share"
    is_ours = (folder / _MARK).is_file() or not folder.exists() or not any(folder.iterdir())
    inside = folder.resolve().is_relative_to(project.workspace) and not (
        folder.resolve().is_relative_to(private.resolve()) and folder != private
    )
    packed = _archive(folder)
    stranger = packed.exists() and not (folder / _MARK).is_file()
    if inside or not is_ours or stranger or folder.is_symlink() or packed.is_symlink():
        what = "副本不能写到工作区的成果里,也不能写到有别的东西的文件夹里"
        raise Refused([refusal("share", str(folder), "share-place", what, "换一个空文件夹")])


def _archive(folder: Path) -> Path:
    return folder.with_name(folder.name + ".zip")


def _put(building: Path, folder: Path) -> None:
    """Put a copy and its archive in the place of the earlier ones.

    The old archive goes first: without its folder it would be taken for somebody else's.
    """
    _archive(folder).unlink(missing_ok=True)
    remove_tree(folder)
    building.rename(folder)
    _archive(building).rename(_archive(folder))


def _key(private: Path) -> bytes:
    """Return the secret of this workspace; it is made once, readable by its owner alone.

    What was cut short when it was written is no secret: anybody could guess it.
    """
    place = private / "key"
    if place.is_file():
        with suppress(ValueError):
            key = bytes.fromhex(place.read_text(encoding="ascii"))
            if len(key) == _KEY_BYTES:
                return key
    place.unlink(missing_ok=True)  # and whatever mode it had
    key = secrets.token_bytes(_KEY_BYTES)
    write_whole(place, key.hex().encode(), mode=_OURS_ALONE)
    return key


def _motion(case: Case, key: bytes, name: str) -> Motion:
    """Return where everything goes: areas on the plane there are those of the run here."""
    settings = case.project.config.area
    crs = parsed(case.project.config.inspection.crs)
    (townships,) = case.named("townships")
    sound = townships.shapes[shapely.is_valid(townships.shapes)]
    measured = float(areas_m2(sound, crs=crs, settings=settings).sum())
    scale = float(np.sqrt(measured / shapely.area(sound).sum()))
    x0, y0, x1, y1 = (float(edge) for edge in shapely.total_bounds(sound))
    return motion_of(key, name, ((x0 + x1) / 2, (y0 + y1) / 2), scale)


def _write_copy(
    case: Case, folder: Path, aliases: Aliases, motion: Motion, pack: RulePack, key: bytes
) -> None:
    kinds = iter(section.kind.value for section in case.project.config.layers.approvals)
    copied = []
    for number, layer in enumerate(case.layers, 1):
        file = f"raw/{number:02}-{layer.name}.gpkg"
        fields = disguised(layer, aliases, pack, key)
        columns: Columns = {name: list(values) for name, values in fields.items()}
        columns = columns or {"no": list(range(len(layer.rest)))}
        write_features(folder / file, columns, _moved(layer, motion), TARGET_CRS)
        own = {"approvals": "kind", "constraints": "name"}.get(layer.name)
        value = next(kinds) if own == "kind" else f"管控图层{number}"
        mapped = tuple(name for name in fields if name != "rest")
        extra = ((own, value),) if own else ()
        copied.append(CopiedLayer(layer.name, file, mapped, extra))
    hand = write_ledgers(case, folder, aliases)
    text = config_text(case.project, copied, hand)
    (folder / "share.toml").write_text(text, encoding="utf-8", newline="\n")
    (folder / _MARK).write_text(PAGE, encoding="utf-8-sig", newline="\n")


def _bring_rules(pack: Path, codes: Path, folder: Path) -> None:
    """Put the law beside the copy: it is no secret, and the verdicts rest on it."""
    rules = folder / "configs" / "rules"
    (rules / "codes").mkdir(parents=True)
    shutil.copyfile(pack, rules / pack.name)
    shutil.copyfile(codes, rules / "codes" / codes.name)


def _moved(layer: Handed, motion: Motion) -> Sequence[shapely.Geometry | None]:
    """Return the shapes moved; what is no polygon has no place in the copy and stays unusable."""
    polygons = np.isin(shapely.get_type_id(layer.shapes), POLYGONS)
    shapes = layer.shapes.copy()
    shapes[~polygons] = None
    return list(motion.moved(shapes))


def _write_list(path: Path, aliases: Aliases, motion: Motion) -> None:
    rows = [
        [family, inert(safe(name)), alias]
        for family, known in sorted(aliases.known.items())
        for name, alias in known.items()
    ]
    rows += [["坐标", name, str(value)] for name, value in vars(motion).items()]
    path.touch(mode=_OURS_ALONE)
    path.chmod(_OURS_ALONE)  # before anything is in it
    write_csv(path, ["类别", "原来", "副本里"], rows)
