-- Run by the owner, after the schema was migrated. Takes back what was granted before, so that a right that is removed
-- here is removed from the database too.

revoke all on schema public from public;
grant usage on schema public to {commands}, {relay};
revoke all on all tables in schema public from public, {commands}, {relay};
revoke all on all routines in schema public from public, {commands}, {relay};

grant select, insert, update, delete on all tables in schema public to {commands};
revoke insert, update, delete on "__EFMigrationsHistory", database_identity from {commands};

-- The right to update one column is what `select … for update` needs; the database refuses values for this one.
grant select, delete, update (id) on outbox to {relay};
grant select on database_identity to {relay};
grant execute on function create_outbox_publication(text) to {relay};
