using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.WriteApi.Database.Migrations
{
    /// <summary>
    /// Only the owner of a table can publish it. This function lets the relay create its publication without owning the
    /// outbox. It replaces no publication of other tables.
    /// </summary>
    [DbContext(typeof(ShopDbContext))]
    [Migration("20261127090000_OutboxPublication")]
    public sealed class OutboxPublication : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            create function create_outbox_publication(publication text) returns void
            language plpgsql security definer set search_path from current as $$
            begin
                if exists (
                    select from pg_publication p where p.pubname = publication and (p.puballtables or not exists (
                        select from pg_publication_rel r where r.prpubid = p.oid and r.prrelid = 'outbox'::regclass)))
                then
                    raise exception 'The publication % is not of the outbox', publication;
                end if;
                execute format('drop publication if exists %I', publication);
                execute format('create publication %I for table outbox with (publish = ''insert'')', publication);
            end $$;
            revoke all on function create_outbox_publication(text) from public;
            """);

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop function create_outbox_publication(text)");
    }
}
