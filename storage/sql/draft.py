"""Drafts the next migration from the difference between the models and the existing migrations.

    .venv/bin/python -m storage.sql.draft thanks

writes storage/migrations/versions/NNNN_thanks.py, as `make check` accepts it. Read it before you commit it.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from storage.sql.engine import open_engine
from storage.sql.migrate import configuration, migrate, versions

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
            script = command.revision(config, name, autogenerate=True, rev_id=f"{int(newest) + 1:04}")
        engine.dispose()
    path = Path(str(script.path))  # type: ignore[union-attr]
    text = path.read_text(encoding="utf-8").replace("sqlmodel.sql.sqltypes.AutoString()", "sa.String()")
    path.write_text(re.sub(r"\n *# ###.*", "", text), encoding="utf-8")
    for tidy in (["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", "--config", str(STYLE), str(path)], check=True)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give the migration a name: python -m storage.sql.draft thanks")
    print(draft(sys.argv[1]))
