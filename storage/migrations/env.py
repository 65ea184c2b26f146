"""What alembic runs: the versions beside this file, on the connection that storage.schema opened and locked."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import False_, True_, TypeDecorator

from storage import tables


def plainly(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """SQLModel's types as what they are in the database: an old version must not change when a library does.

    A default of yes or no is said in words that each database has, not in those of the one that this runs on.
    """
    if kind == "server_default" and isinstance(getattr(item, "arg", None), True_ | False_):
        return f"sa.{item.arg}()"
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__.startswith("sqlmodel."):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Person.metadata,
    render_item=plainly,
    render_as_batch=True,  # SQLite changes a column by copying the table
    transactional_ddl=True,  # all versions or none, on SQLite too: storage.schema begins and commits
)
context.run_migrations()
