"""The metamorphic relations on many counties (蜕变关系), each on seeds of its own."""

import os
import random
import shutil
import tempfile
from pathlib import Path

from tests.laws.calm import calm_world
from tests.laws.inspected import Looking
from tests.laws.test_relations import RELATIONS

COUNTIES = int(os.environ.get("RELATION_COUNTIES", "10"))


def run():
    broken = []
    for number, (name, relation) in enumerate(RELATIONS.items()):
        for seed in range(1000 * number, 1000 * number + COUNTIES):
            folder = tempfile.mkdtemp()
            try:
                relation(
                    Looking(Path(folder)), calm_world(seed), random.Random(f"{name} {seed}")
                )
            except AssertionError as error:
                broken.append((name, seed))
                print(f"{name} {seed}: {str(error)[:2000]}", flush=True)
            finally:
                shutil.rmtree(folder)
        print(f"{name}: {COUNTIES} counties", flush=True)
    assert not broken, broken
    return {"relations": len(RELATIONS), "counties each": COUNTIES, "broken": 0}
