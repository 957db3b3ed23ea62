"""The tables, one module a subject. SQLModel defines them; migrations are made from them.

Here: columns, keys, indices and what each field means. Not here: queries.
May ask: kb.states.

In every table `id` is the row's number and `team_id` the team it belongs to. Instants are aware
UTC; a day is a member's local day. A `..._id` names a row of the table its foreign key says.
"""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

# Set here, before any table is made: an index is named when its table is.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention
