"""Starts a student's server, as the program jupyterhub-singleuser does, in half the memory.

    python singleuser.py [what jupyterhub-singleuser takes]

A student's server imports parts of JupyterHub that only the hub uses (its database, its pages), and the grammar by which
internet addresses in other scripts are checked. Each student would pay for them: when everything is imported, 108 MB
instead of 58 (README.md here). Here they are imported when they are used, which is never. Should a version of JupyterHub
use one of them after all, the real one is imported then, and nothing is lost but the memory.
"""

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


def _syntax_of_address(*arguments):
    """rfc3987_syntax.is_valid_syntax, imported when it is called: it reads its grammar, 15 MB, when it is imported."""
    return LATER.real("rfc3987_syntax").is_valid_syntax(*arguments)


#: What a student's server imports and does not use, and what stands there for the names that are taken from it when
#: it is imported. Nothing is an instance of these two classes: handlers and errors of the hub are only in the hub.
UNUSED = {
    "jupyterhub.handlers": {},
    "jupyterhub.handlers.pages": {"HealthCheckHandler": type("HealthCheckHandler", (), {})},
    "jupyterhub.orm": {},
    "jupyterhub.roles": {},
    "sqlalchemy": {},
    "sqlalchemy.exc": {"SQLAlchemyError": type("SQLAlchemyError", (Exception,), {})},
    "rfc3987_syntax": {"is_valid_syntax": _syntax_of_address},
}


class _Module(ModuleType):
    """Stands for a module that is imported when something else than the names above is taken from it."""

    def __getattr__(self, name):
        if name.startswith("__"):  # asked of every module, by the import and by tools
            raise AttributeError(name)
        return getattr(LATER.real(self.__name__), name)


class _Later(MetaPathFinder, Loader):
    """Finds the modules above until one of them is used."""

    def start(self):
        sys.meta_path.insert(0, self)

    def real(self, name):
        """The real module. All others of the table are real from now on, so that no two kinds of one thing meet."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for each in [each for each, module in sys.modules.items() if isinstance(module, _Module)]:
            del sys.modules[each]
        return importlib.import_module(name)

    def find_spec(self, name, path=None, target=None):
        if name in UNUSED and ("." in name or PathFinder.find_spec(name)):
            return ModuleSpec(name, self, is_package=True)
        if name.startswith(tuple(f"{each}." for each in UNUSED)):  # a part that is not in the table: it is used
            module = self.real(name)
            # The import goes on from here and would run it a second time: it gets one to fetch instead.
            module.__spec__ = ModuleSpec(name, self, loader_state=module.__spec__)
            return module.__spec__
        return None

    def create_module(self, spec):
        if spec.name in UNUSED:
            return _Module(spec.name)
        return sys.modules[spec.name]

    def exec_module(self, module):
        if isinstance(module, _Module):
            vars(module).update(UNUSED[module.__name__])
        else:
            module.__spec__ = module.__spec__.loader_state


LATER = _Later()

if __name__ == "__main__":
    LATER.start()
    from jupyterhub.singleuser import main

    sys.exit(main())
