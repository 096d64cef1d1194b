"""The channel's budget counts root posts that were made before posts were counted."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The two kinds of root posts until now: a week's opening, and a prompt's post.
    op.execute(
        """
        INSERT INTO channel_posts (anchor, workspace, channel, at, below)
        SELECT refs.anchor, refs.workspace, refs.channel, min(outbox.created_at), ''
        FROM refs JOIN outbox ON outbox.anchor = refs.anchor AND outbox.state = 'sent'
        WHERE refs.part = 0 AND (refs.anchor LIKE 'week/%/open%' OR refs.anchor LIKE 'wrapup/%/together%')
        AND refs.anchor NOT IN (SELECT anchor FROM channel_posts)
        GROUP BY refs.anchor, refs.workspace, refs.channel
        """
    )


def downgrade() -> None:
    pass
