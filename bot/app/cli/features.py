"""`pacekeeper features`: what each installed feature provides."""

from typing import Any

from bot.app.cli.output import Json, show_json, show_table


def features(as_json: Json = False) -> None:
    """List the features: their commands, pages and planned things, the views they add to, and what each keeps."""
    from bot.app.compose import make_registry

    registry = make_registry()
    found: list[dict[str, Any]] = [
        {
            "name": feature.name,
            "commands": sorted(feature.commands),
            "pages": [page.path for page, _ in feature.pages],
            "planned": sorted(feature.dues),
            "contributes": sorted(feature.contributions),
            "keeps": [
                {
                    "table": k.table,
                    "what": k.what,
                    "personal": k.is_personal,
                    "on_erasure": k.on_erasure,
                    "until": k.until,
                }
                for k in feature.kept
            ],
        }
        for feature in registry.features
    ]
    if as_json:
        show_json(found)
        return
    columns = ("commands", "pages", "planned", "contributes")
    rows = [
        (f["name"], *(", ".join(f[column]) for column in columns), ", ".join(k["table"] for k in f["keeps"]))
        for f in found
    ]
    show_table(("feature", "commands", "pages", "planned", "adds to", "keeps"), rows, "There are no features.")
