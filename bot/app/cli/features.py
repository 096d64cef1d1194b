"""`pacekeeper features`: what each installed feature provides."""

from typing import Any

from bot.app.cli.output import Json, say, screen, show_json


def features(as_json: Json = False) -> None:
    """List the features: their commands, pages and planned things, the views they add to, and what each keeps."""
    from bot.app.features import make_registry

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
    for feature in found:
        screen.print(feature["name"], style="bold")
        kept = [k["table"] for k in feature["keeps"]]
        commands = [f"/cohort {name}".strip() for name in feature["commands"]]
        parts = {"commands": commands, "pages": feature["pages"], "planned": feature["planned"]}
        for label, names in {**parts, "adds to": feature["contributes"], "keeps": kept}.items():
            if names:
                say(f"  {label}: {', '.join(names)}")
