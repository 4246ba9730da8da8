using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Shop.WriteApi.Database.Migrations;

/// <summary>Who caused each event; null for events before this migration.</summary>
[DbContext(typeof(ShopDbContext))]
[Migration("20261127100000_Actors")]
internal sealed class Actors : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table order_events add column actor_subject varchar(255), add column actor_role varchar(20);");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table order_events drop column actor_subject, drop column actor_role;");
}
