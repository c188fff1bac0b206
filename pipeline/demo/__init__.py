"""The demo county (示例县): an invented county, delivered the way bureaus do, answers planted.

``land`` and its neighbours make the ground, ``situations`` and ``composite`` what is built on
it, ``deliver_*`` the files, ``answers`` what an inspection must find.
"""

from pipeline.demo.folder import demo_county, write_demo

__all__ = ["demo_county", "write_demo"]
