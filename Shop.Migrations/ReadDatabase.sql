-- Run by an administrator. The projector owns the tables, because it creates, renames and drops those of generations.

do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        grant {projector} to current_user;
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to {projector}, {reader}', current_database());
end $$;

revoke all on schema public from public;
grant usage, create on schema public to {projector};
grant usage on schema public to {reader};

-- What a projector created before these roles existed belongs to the user that it had.
do $$ declare found text; begin
    for found in
        select c.oid::regclass::text from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname like 'order\_%'
            and c.relowner <> '{projector}'::regrole
    loop
        execute format('alter table %s owner to {projector}', found);
        execute format('grant select on %s to {reader}', found);
    end loop;
end $$;

alter default privileges for role {projector} in schema public grant select on tables to {reader};
