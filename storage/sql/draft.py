"""Drafts the next migration from the difference between the models and the existing migrations.

    .venv/bin/python -m storage.sql.draft thanks

writes storage/migrations/versions/NNNN_thanks.py, as `make check` accepts it. Read it before you commit it, and say in
its docstring what changes.
"""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.operations.ops import AddColumnOp, MigrationScript, ModifyTableOps
from sqlalchemy import Boolean, Column, DefaultClause, Float, Integer, String, false
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.sql.engine import open_engine
from storage.sql.migrate import configuration, migrate, versions

DEFAULTS: Mapping[type[TypeEngine[Any]], Any] = {String: "", Boolean: false(), Integer: "0", Float: "0"}
"""What rows that are there get in a new column that may not be empty."""

STYLE = Path(__file__).parents[2] / "pyproject.toml"


def draft(name: str) -> Path:
    """Writes the file and returns its path. `name` is a short word for the migration, such as the feature's."""
    with TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite:///{directory}/draft.db")
        migrate(engine)
        newest = versions(engine)[1] or "0000"
        config = configuration()
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            script = command.revision(
                config,
                name,
                autogenerate=True,
                rev_id=f"{int(newest) + 1:04}",
                process_revision_directives=fill,
            )
        engine.dispose()
    path = Path(str(script.path))  # type: ignore[union-attr]
    text = path.read_text(encoding="utf-8").replace("sqlmodel.sql.sqltypes.AutoString()", "sa.String()")
    # SQLite's word for false, which PostgreSQL takes for a number.
    text = re.sub(r"(sa\.Boolean\(\), server_default=)sa\.text\([\"']0[\"']\)", r"\1sa.false()", text)
    path.write_text(re.sub(r"\n *# ###.*", "", text), encoding="utf-8")
    for tidy in (["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", "--config", str(STYLE), str(path)], check=True)
    return path


def fill(_context: object, _revision: object, directives: Sequence[object]) -> None:
    """Gives each new column that may not be empty a default, since no database adds it to rows without one."""
    for script in directives:
        if isinstance(script, MigrationScript) and script.upgrade_ops is not None:
            for part in script.upgrade_ops.ops:
                for op in part.ops if isinstance(part, ModifyTableOps) else [part]:
                    if isinstance(op, AddColumnOp):
                        _fill(op.table_name, op.column)


def _fill(table: str, column: Column[Any]) -> None:
    if column.nullable or column.server_default is not None:
        return
    stored = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    default = next((value for kind, value in DEFAULTS.items() if isinstance(stored, kind)), None)
    if default is None:
        sys.exit(f"Rows of {table} would have nothing in {column.name}: let it be None, and draft again.")
    column.server_default = DefaultClause(default)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give the migration a name: python -m storage.sql.draft thanks")
    print(draft(sys.argv[1]))
