-- Run by an administrator, before the schema is migrated. The owner cannot log in: it is taken with `set role`.

do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        grant {owner} to current_user;
    end if;
    execute format('alter database %I owner to {owner}', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to {commands}, {relay}', current_database());
end $$;

-- What a service created before these roles existed belongs to the user that it had.
do $$ declare found text; begin
    for found in
        select c.oid::regclass::text from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
            and c.relowner <> '{owner}'::regrole
            and not exists (select from pg_depend where objid = c.oid and deptype in ('a', 'e', 'i'))
    loop
        execute format('alter table %s owner to {owner}', found);
    end loop;
    for found in
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proowner <> '{owner}'::regrole
            and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    loop
        execute format('alter routine %s owner to {owner}', found);
    end loop;
    for found in
        select p.pubname from pg_publication p
        where p.pubowner <> '{owner}'::regrole and not p.puballtables
            and exists (select from pg_publication_rel where prpubid = p.oid and prrelid = to_regclass('outbox'))
    loop
        execute format('alter publication %I owner to {owner}', found);
    end loop;
end $$;
